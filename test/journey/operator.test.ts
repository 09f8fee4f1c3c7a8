/** What an operator and a registrar do with a router that runs, by the real commands. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AGENCIES } from '../town/agencies.ts';
import { runKetenpost } from '../town/ketenpost.ts';
import type { RawAgency } from '../town/raw.ts';
import { sample } from '../town/samples.ts';
import type { Town } from '../town/town.ts';
import { until } from '../town/wait.ts';
import { journeys } from './journey.ts';

/** Door and pipelines apart, as on many machines; two pipelines share the work. */
const journey = journeys(test, {
  agencies: ['politie', 'vt'],
  roles: ['pipeline', 'pipeline', 'door'],
});

const report = (raw: RawAgency) =>
  raw.claims({
    berichttype: 'vt-melding',
    grondslag: 'bpg-4.2.1.i',
    inhoud: sample('vt-melding', 'klein-2kb'),
  });

const codeOf = async (raw: RawAgency): Promise<string> => {
  const { status, body } = await raw.send(report(raw));
  return status === 202 ? 'accepted' : String(body['code']);
};

/** The register is watched: a change holds from one message to the next, and never half. */
const untilCode = (raw: RawAgency, code: string) =>
  until(`the router to say ${code}`, async () => (await codeOf(raw)) === code);

const config = (town: Town) => ['--config', town.paths.router];

journey('a suspended agency sends no longer, until it is resumed', async (town) => {
  const raw = await town.raw('politieZwb');
  assert.is(await codeOf(raw), 'accepted');
  const { oin } = AGENCIES.politieZwb;
  await town.ketenpost('registry', 'suspend', oin, '--reason', 'trial', ...town.asRegistrar);
  await untilCode(raw, 'not-authorised');
  const list = await town.ketenpost<{ agencies: { oin: string; status: string }[] }>(
    ...['registry', 'list', ...config(town)],
  );
  assert.is(list.agencies.find((one) => one.oin === oin)?.status, 'geschorst');
  await town.ketenpost('registry', 'resume', oin, ...town.asRegistrar);
  await untilCode(raw, 'accepted');
});

journey('a changed entry is shown, applied, and brought back', async (town) => {
  const raw = await town.raw('politieZwb');
  const file = town.paths.entry('politieZwb');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace('- politie', '- gemeente'));
  const diff = await town.ketenpost<{ changes: { oin: string }[]; applied: boolean }>(
    ...['registry', 'diff', town.paths.register, ...config(town)],
  );
  assert.is(diff.changes.length, 1);
  assert.is(diff.applied, false);
  assert.is(await codeOf(raw), 'accepted');
  await town.ketenpost('registry', 'apply', town.paths.register, ...town.asRegistrar);
  await untilCode(raw, 'not-authorised');
  await town.ketenpost('registry', 'rollback', ...town.asRegistrar);
  await untilCode(raw, 'accepted');
  writeFileSync(file, before);
});

journey('nobody but the registrar changes the register', async (town) => {
  const { signing } = town.keys.identity(AGENCIES.politie.oin);
  assert.ok('certificate' in signing);
  const { key, certificate, passphraseFile } = signing;
  const said = await runKetenpost(
    ...['registry', 'suspend', AGENCIES.vt.oin, ...config(town), '--registrar-key', key],
    ...['--registrar-certificate', certificate, '--passphrase-file', passphraseFile],
  );
  assert.is(said.status, 2);
  assert.match(said.stderr, /registrar/);
});

journey('policy explain answers for one case, from the register', async (town) => {
  const ask = (...args: string[]) =>
    runKetenpost('policy', 'explain', '--van', AGENCIES.politie.oin, ...args, ...config(town));
  const good = await ask(
    '--type',
    'vt-melding',
    '--gemeente',
    '0797',
    '--grondslag',
    'bpg-4.2.1.i',
  );
  assert.is(good.status, 0);
  assert.match(good.stdout, /Midden-Brabant/);
  const bad = await ask(
    '--type',
    'check-op-bekendheid',
    '--naar',
    AGENCIES.vt.oin,
    '--grondslag',
    'wpg-20',
  );
  assert.is(bad.status, 3);
});

journey('a pipeline falls: the other goes on, and no report is lost', async (town) => {
  const { politie, vt } = town.agencies;
  const [first] = town.router;
  const inhoud = sample('vt-melding', 'klein-2kb');
  const draft = { berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', inhoud };
  const sent = Array.from({ length: 10 }, () => politie.send(draft));
  await first?.kill();
  for (const { bericht } of await Promise.all(sent))
    await politie.untilState(bericht, vt.oin, 'afgeleverd', 120);
  await first?.start();
});

journey(
  'the ledger can be taken along and proven elsewhere, by the certificate alone',
  async (town) => {
    const file = join(town.folder, 'ledger.jsonl');
    await town.ketenpost('ledger', 'export', file, ...config(town));
    const [certificate = ''] = town.keys.certificates(
      '00000099000000001000' as typeof AGENCIES.vt.oin,
      'authenticiteit',
    );
    const verdict = await town.ketenpost<{ ok: boolean; size: number }>(
      ...['ledger', 'verify', '--file', file, '--certificate', certificate],
    );
    assert.ok(verdict.ok);
    assert.ok(verdict.size > 10);
  },
);

journey('nothing was parked as a dead letter', async (town) => {
  assert.equal(await town.ketenpost('deadletters', 'list', ...config(town)), []);
});

journey('without a broker a command says so, and what to do', async (town) => {
  await town.broker.stop();
  const said = await runKetenpost('registry', 'list', ...config(town));
  assert.is(said.status, 5);
  assert.match(said.stderr, /broker/);
  assert.match(said.stderr, /next: /);
});

test.run();
