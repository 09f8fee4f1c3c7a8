/** What an operator does when a key must be replaced: request or rotate, list, check. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { DAY } from '../../certs/authority/issuers.ts';
import { commands } from '../../certs/commands/certs.ts';
import type { IdentityConfig } from '../../certs/config.ts';
import { inLog, milestoneOf, openEndings } from '../../certs/endings.ts';
import { watchKeys } from '../../certs/key-watch.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { LiveIdentity } from '../../certs/live-identity.ts';
import { sign } from '../../certs/sign.ts';
import { verify } from '../../certs/verify.ts';
import { CommandError, type Report } from '../../schemas/command.ts';
import { until } from '../town/wait.ts';
import { type Desk, deskOf, openOffice, POLICE, ROUTER, temporaryFolder, VT } from './office.ts';
import { told } from './refused.ts';

const office = await openOffice();
const desk = await deskOf(office, POLICE, 'ec');
const context = {
  progress: () => undefined,
  line: () => undefined,
  signal: new AbortController().signal,
};
const run = (
  word: string,
  args: string[],
  options: Record<string, string | boolean>,
): Promise<Report> => {
  const command = commands.find(({ name }) => name.split(' ')[1] === word);
  if (command === undefined) throw new Error(word);
  return command.run(args, options, context);
};

/** A configuration as a person writes it, with a word of comment. */
function configFor({ config }: Desk, folder = temporaryFolder()): string {
  const file = join(folder, 'adapter.yaml');
  const yaml = stringify({ agencies: [{ identity: config, trust: office.trust }] });
  writeFileSync(file, `# ours, by hand\n${yaml}`, { mode: 0o600 });
  return file;
}
const identityIn = (file: string): IdentityConfig =>
  parse(readFileSync(file, 'utf8')).agencies[0].identity;
const x5tsIn = async (file: string) => {
  const { signing, opening } = await loadIdentity(identityIn(file));
  return { signing: signing.x5t, opening: opening.map(({ x5t }) => x5t) };
};

test('a new key for confidentiality stands before the old one, and what was sealed for that still opens', async () => {
  const config = configFor(desk);
  const report = await run('rotate', ['vertrouwelijkheid'], { config, authority: office.dir });
  const { new: fresh, old } = report.json as { new: string; old: string };
  assert.is(old, desk.opening.certificate.x5t);
  assert.equal((await x5tsIn(config)).opening, [fresh, old]);
  assert.match(readFileSync(config, 'utf8'), /^# ours, by hand\n/);
  assert.match(report.text ?? '', 'opens with both');
  assert.not.match(JSON.stringify(report), 'PRIVATE');
});

test('a new key for authenticity takes the place of the old one, whose files stay', async () => {
  const config = configFor(desk);
  await run('rotate', ['authenticiteit'], { config, authority: office.dir });
  assert.is.not((await x5tsIn(config)).signing, desk.signing.certificate.x5t);
  assert.is((await loadIdentity(desk.config)).signing.x5t, desk.signing.certificate.x5t);
});

test('with --hold nothing is taken into use yet; the agency file lists it first and ends the old one', async () => {
  const config = configFor(desk);
  const entry = join(temporaryFolder(), 'politie.yaml');
  const [tls = ''] = [desk.tls.files.certificate];
  writeFileSync(
    entry,
    `naam: Politie # de korpsen\n${stringify({ certificaten: { tls: [tls] } })}`,
  );
  const options = { config, authority: office.dir, entry, until: '2027-01-31', hold: true };
  const report = await run('rotate', ['tls'], options);
  assert.equal(identityIn(config), desk.config);
  const { source } = report.json as { source: { key: string; certificate: string } };
  const text = readFileSync(entry, 'utf8');
  assert.match(text, '# de korpsen');
  const { tls: listed } = parse(text).certificaten;
  assert.is(listed.length, 2);
  assert.equal(listed[1], { bestand: tls, tot: '2027-01-31' });
  // … and later, when the register has it:
  await run('rotate', ['tls'], { config, ...source, entry });
  assert.is((identityIn(config).tls as { certificate: string }).certificate, source.certificate);
  assert.is(parse(readFileSync(entry, 'utf8')).certificaten.tls.length, 2);
});

test('a request names the same subject and hosts, proves the new key, and openssl takes it', async () => {
  for (const kind of ['rsa', 'ec']) {
    const config = configFor(desk);
    const report = await run('request', ['tls'], { config, key: kind, out: temporaryFolder() });
    const { request, key } = report.json as { request: string; key: string };
    const shown = spawnSync('openssl', ['req', '-in', request, '-noout', '-text', '-verify'], {
      encoding: 'utf8',
    });
    if (shown.error !== undefined) continue;
    assert.match(shown.stdout + shown.stderr, /verify OK/i);
    assert.match(shown.stdout, POLICE);
    assert.match(shown.stdout, 'DNS:localhost');
    assert.match(readFileSync(key, 'utf8'), 'BEGIN ENCRYPTED PRIVATE KEY');
  }
});

test('what may not be taken into use is refused with the reason', async () => {
  const config = configFor(desk);
  const other = await deskOf(office, VT, 'ec');
  const given = (source: object) =>
    told(() => run('rotate', ['authenticiteit'], { config, ...source }));
  assert.match(await given({}), 'which key?');
  assert.match(await given(desk.config.signing), 'the same key again');
  const tls = desk.config.tls as { key: string; certificate: string };
  assert.match(await given(tls), 'not a certificate for authenticiteit');
  const mixed = { ...(desk.config.signing as object), certificate: tls.certificate };
  assert.match(await given(mixed), 'does not belong to the key');
  assert.match(await given(other.config.signing), /passphrase|another OIN/);
  const fresh = await run('rotate', ['authenticiteit'], {
    config,
    authority: office.dir,
    hold: true,
  });
  const { new: x5t, source } = fresh.json as { new: string; source: object };
  await office.revoke(x5t, 'keyCompromise');
  assert.match(await given(source), 'the new certificate is not good');
  assert.equal(identityIn(config), desk.config);
  assert.match(await told(() => run('rotate', ['signing'], { config })), 'use tls, authenticiteit');
  assert.match(await told(() => run('rotate', ['tls'], {})), '--config is missing');
  assert.match(await told(() => run('rotate', ['tls'], { config, agency: VT })), 'has no agency');
});

test('check judges every certificate in use, names the broken link, and warns of what ends', async () => {
  const router = await deskOf(office, ROUTER, 'ec');
  const config = configFor(router);
  const good = await run('check', [], { config });
  assert.is(good.exit, 'ok');
  assert.match(
    good.text ?? '',
    /^list of TRIAL Ketenpost - G4 Issuing: fresh: number \d+, made .*issuing\.crl$/m,
  );
  assert.equal(
    good.table?.rows.slice(0, 3).map(([whose, what]) => `${whose} ${what}`),
    ['own authenticiteit', 'own vertrouwelijkheid', 'own tls'],
  );
  const short = await office.issue({ oin: ROUTER, name: 'R', use: 'tls', key: 'ec', days: 20 });
  await office.revoke(router.signing.certificate.x5t, 'keyCompromise');
  const yaml = parse(readFileSync(config, 'utf8'));
  yaml.agencies[0].identity.tls = short.source;
  writeFileSync(config, stringify(yaml));
  const bad = await run('check', [], { config });
  assert.is(bad.exit, 'failed');
  assert.match(bad.text ?? '', /^own authenticiteit: TRIAL Dienst .*: certificate-revoked: since /);
  assert.match(bad.table?.rows[2]?.at(-1) ?? '', 'ends within 30 days');
});

test('warnings come at 60, 30 and 7 days and at the end, each once', () => {
  const now = Date.UTC(2026, 10, 20);
  const certificate = { ...desk.signing.certificate, notAfter: now + 61 * DAY };
  const endings = openEndings();
  const days = (from: number, to: number) =>
    Array.from({ length: from - to + 1 }, (_, at) => from - at).flatMap((left) =>
      endings
        .look([{ whose: 'own', use: 'tls', certificate }], certificate.notAfter - left * DAY)
        .map((one) => one.days),
    );
  assert.equal(days(90, -3), [59, 29, 6, -1]);
  assert.is(milestoneOf(60), undefined);
  const line = JSON.stringify(inLog({ whose: 'own', use: 'tls', certificate, days: 6 }));
  assert.not.match(line, 'Dienst');
});

test('keys change under whoever uses them: all of them, or none', async () => {
  const first = await deskOf(office, VT, 'ec');
  const live = await LiveIdentity.load(first.config);
  const { signer } = live;
  const find = () => first.signing.certificate;
  await verify(await sign({ a: 1 }, 't', signer), 't', find);
  const next = await office.issue({ oin: VT, name: 'V', use: 'authenticiteit', key: 'ec' });
  const config = { ...first.config, signing: next.source };
  const gone = { ...config, tls: { p12: '/nowhere', passphraseFile: '/nowhere' } };
  assert.match(await told(() => live.reload(gone)), '/nowhere cannot be read');
  assert.match(await told(() => live.reload(desk.config)), 'identity.oin changed');
  assert.is(live.signing.x5t, first.signing.certificate.x5t);
  // What opens is taken at once, what signs waits for the register.
  const opening = await office.issue({ oin: VT, name: 'V', use: 'vertrouwelijkheid', key: 'ec' });
  const both = { ...config, opening: [opening.source] };
  const notYet = () => Promise.reject(new CommandError('refused', 'not listed', 'wait'));
  assert.match(await told(() => live.reload(both, notYet)), 'not listed');
  assert.is(live.signing.x5t, first.signing.certificate.x5t);
  assert.is(live.opening[0]?.x5t, opening.certificate.x5t);
  const change = await live.reload(config);
  assert.equal(change, { added: [next.certificate.x5t], removed: [first.signing.certificate.x5t] });
  await verify(await sign({ a: 1 }, 't', signer), 't', () => next.certificate);
});

test('files that change are noticed without a signal, and a reload that cannot be made yet is tried again', async () => {
  const file = join(temporaryFolder(), 'key.pem');
  let reloads = 0;
  const reload = async () => ++reloads > 2;
  const stop = watchKeys({ files: () => [file, '/nowhere'], reload, everyMs: 10 });
  await until('nothing', () => new Promise<boolean>((done) => setTimeout(() => done(true), 60)));
  assert.is(reloads, 0);
  writeFileSync(file, 'new');
  await until('three tries', () => reloads === 3);
  await until(
    'a few more looks',
    () => new Promise<boolean>((done) => setTimeout(() => done(true), 60)),
  );
  assert.is(reloads, 3);
  stop();
});

test.run();
