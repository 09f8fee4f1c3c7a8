import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCertificate } from '../../certs/certificate.ts';
import { commands } from '../../certs/commands/certs.ts';
import type { CommandContext, Report } from '../../schemas/command.ts';
import { POLICE, temporaryFolder, VT } from './office.ts';
import { told } from './refused.ts';

const folder = temporaryFolder();
const pki = join(folder, 'pki');
const progress: string[] = [];
const lines: string[] = [];
const stop = new AbortController();
const context: CommandContext = {
  progress: (text) => progress.push(text),
  line: (text) => lines.push(text),
  signal: stop.signal,
};

/** Runs `certs <verb>` as the command line would, with the defaults that it fills in. */
function run(verb: string, args: string[], options: Record<string, string> = {}): Promise<Report> {
  const command = commands.find(({ name }) => name.startsWith(`certs ${verb} `));
  if (command === undefined) return assert.unreachable(verb) as never;
  return command.run(args, options, context);
}
const leaf = (oin: string, use: string) => join(pki, 'agencies', oin, `${use}.pem`);
const rowsOf = (report: Report) => report.table?.rows.map((row) => row.join(' ')) ?? [];

test('init makes an authority, and says what to write in a configuration', async () => {
  const report = await run('init', [pki], { crlUrl: 'http://localhost:1/crl' });
  assert.equal(rowsOf(report)[0], `trust.roots ${pki}/trust/root.pem`);
  assert.is(rowsOf(report).length, 6);
  assert.match(report.text ?? '', 'certs issue');
  assert.match(progress.join(), 'keys of three CAs');
  assert.match(await told(() => run('init', [pki])), 'there is an authority');
});

test('issue makes the three certificates of an agency, or the ones asked for', async () => {
  const report = await run('issue', [pki, VT, 'Veilig Thuis Voorbeeld'], { key: 'ec', days: '90' });
  assert.equal(
    rowsOf(report).map((row) => row.split(' ')[0]),
    ['tls', 'authenticiteit', 'vertrouwelijkheid'],
  );
  const certificate = readCertificate(readFileSync(leaf(VT, 'tls')));
  assert.is(Math.round((certificate.notAfter - certificate.notBefore) / 86_400_000), 90);
  assert.is(certificate.x509.subjectAltName, 'DNS:localhost');
  const one = { use: 'tls', host: 'a.example,b.example', key: 'rsa' };
  const only = await run('issue', [pki, POLICE, 'Politie'], one);
  assert.is(rowsOf(only).length, 1);
  assert.match(rowsOf(only)[0] ?? '', 'tls.p12');
  assert.not.match(JSON.stringify([report.json, report.text, only.json]), 'PRIVATE');
});

test('what was typed wrongly is told with what would have been right', async () => {
  const at = (options: Record<string, string>, oin: string = VT) =>
    told(() => run('issue', [pki, oin, 'VT'], options));
  assert.match(await at({ use: 'signing' }), 'use tls, authenticiteit, vertrouwelijkheid');
  assert.match(await at({ key: 'dsa' }), 'use rsa, ec');
  assert.match(await at({ days: '0' }), 'whole number above 0');
  assert.match(await at({}, '00000001123456789000'), 'begin with 00000099');
  assert.match(await at({}, '0000009912'), 'begin with 00000099');
  assert.match(await told(() => run('issue', [folder, VT, 'VT'])), 'ketenpost certs init');
  assert.match(await told(() => run('revoke', [pki, '00'], { reason: 'bored' })), 'keyCompromise');
});

test('show tells what a certificate says, and judges every link', async () => {
  const report = await run('show', [leaf(VT, 'authenticiteit')], { trust: pki });
  assert.match(report.text ?? '', VT);
  assert.match(report.text ?? '', 'authenticiteit');
  assert.match(report.text ?? '', 'P-256');
  const [own = '', issuing = '', domain = '', root = ''] = rowsOf(report);
  assert.match(own, 'good for authenticiteit');
  assert.match(issuing, /G4 Issuing .* pinned$/);
  assert.match(domain, /G4 Domain .* pinned$/);
  assert.match(root, 'pinned root');
  assert.is(report.exit, 'ok');
  const alone = await run('show', [leaf(VT, 'authenticiteit')]);
  assert.is(alone.table, undefined);
  const issuer = await run('show', [join(pki, 'trust', 'issuing.pem')], { trust: pki });
  assert.match(issuer.text ?? '', 'issuer of certificates');
});

test('show opens PKCS#12, given the passphrase', async () => {
  const p12 = join(pki, 'agencies', POLICE, 'tls.p12');
  const passphraseFile = join(pki, 'agencies', POLICE, 'passphrase');
  const report = await run('show', [p12], { passphraseFile });
  assert.match(report.text ?? '', 'rsa 3072');
  assert.match(report.text ?? '', 'DNS:a.example, DNS:b.example');
  assert.match(await told(() => run('show', [p12])), '--passphrase-file');
  const wrong = join(pki, 'agencies', VT, 'passphrase');
  const message = await told(() => run('show', [p12], { passphraseFile: wrong }));
  assert.match(message, 'cannot be opened as PKCS#12');
});

test('revoke takes a certificate back, and show says so', async () => {
  const file = leaf(VT, 'authenticiteit');
  const report = await run('revoke', [pki, file], { reason: 'keyCompromise' });
  assert.match(rowsOf(report)[0] ?? '', 'keyCompromise');
  const shown = await run('show', [file], { trust: pki });
  assert.match(rowsOf(shown)[0] ?? '', 'certificate-revoked');
  assert.is(shown.exit, 'failed');
  const book = rowsOf(await run('show', [pki]));
  assert.is(book.filter((row) => row.includes('keyCompromise')).length, 1);
  assert.is(book.length, 7);
});

test('a certificate of another authority is shown as untrusted', async () => {
  const other = join(folder, 'other');
  await run('init', [other]);
  const shown = await run('show', [leaf(VT, 'tls')], { trust: other });
  assert.match(rowsOf(shown)[0] ?? '', 'certificate-untrusted');
  assert.is(shown.exit, 'failed');
});

test('crl writes the lists, once or until it is stopped', async () => {
  const once = await run('crl', [pki]);
  assert.is(rowsOf(once).length, 3);
  assert.match(rowsOf(once)[2] ?? '', /issuing\.crl .* 1$/);
  const running = run('crl', [pki], { every: '60' });
  while (lines.length === 0) await new Promise((done) => setImmediate(done));
  stop.abort();
  assert.is(rowsOf(await running).length, 3);
});

test('what is not a certificate is told as such', async () => {
  assert.match(await told(() => run('show', ['/nowhere'])), 'there is no certificate in /nowhere');
  assert.match(
    await told(() => run('show', [join(pki, 'crl', 'root.crl')])),
    'is not a certificate',
  );
});

test('every command has a summary, and an example that works as typed', () => {
  for (const { name, summary, example } of commands) {
    assert.ok(summary.length > 10, name);
    assert.match(example, `ketenpost ${name.split(' ').slice(0, 2).join(' ')}`);
  }
});

test.run();
