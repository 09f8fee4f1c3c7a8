/** What people do with a report after it was sent, and how they reach their adapter. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Track } from '../../adapters/track.ts';
import { ProblemAnswer } from '../town/adapter-client.ts';
import { AGENCIES } from '../town/agencies.ts';
import type { Desk } from '../town/desk.ts';
import { runKetenpost } from '../town/ketenpost.ts';
import { badSample, sample } from '../town/samples.ts';
import { until } from '../town/wait.ts';
import { journeys } from './journey.ts';

const journey = journeys(test, { agencies: ['politie', 'vt', 'halt'], byFolder: ['halt'] });

const report = { berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i' } as const;
const inhoud = sample('vt-melding', 'klein-2kb');

async function delivered(from: Desk, to: Desk, draft: Parameters<Desk['send']>[0]) {
  const { bericht } = await from.send(draft);
  await from.untilState(bericht, to.oin, 'afgeleverd');
  return bericht;
}

journey('a correction: VT sees which report replaces which', async ({ agencies }) => {
  const { politie, vt } = agencies;
  const first = await delivered(politie, vt, { ...report, inhoud });
  const better = { ...inhoud, datumIncident: '2025-03-18' };
  const second = await delivered(politie, vt, { ...report, inhoud: better, vervangt: first });
  const old = await vt.open(politie.oin, first);
  assert.is(old.vervangenDoor, second);
  assert.is((await vt.open(politie.oin, second)).bericht.vervangt, first);
});

journey('a withdrawal: VT sees that the report no longer stands', async ({ agencies }) => {
  const { politie, vt } = agencies;
  const first = await delivered(politie, vt, { ...report, inhoud });
  const withdrawal = sample('intrekking', intrekkingName);
  const second = await delivered(politie, vt, {
    ...report,
    ...{ inhoud: withdrawal, trektIn: first, aan: [vt.oin] },
  });
  const row = (await vt.inbox()).find(({ bericht }) => bericht === first);
  assert.is(row?.ingetrokkenDoor, second);
});
const [intrekkingName = ''] = readdirSync(join('schemas', 'messages', 'samples', 'intrekking'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));

journey('wrongly addressed: the reporter hears it, with who is the right agency', async (town) => {
  const { politie, vt } = town.agencies;
  const bericht = await delivered(politie, vt, { ...report, inhoud });
  await vt.reject(politie.oin, bericht, {
    ...{ medewerker: 'm.verzonnen', code: 'wrongly-addressed' },
    doorverwijzing: AGENCIES.halt.oin,
  });
  await politie.untilState(bericht, vt.oin, 'afgewezen');
  const { ontvangers } = await politie.track(bericht);
  assert.is(ontvangers[0]?.code, 'wrongly-addressed');
  assert.is(ontvangers[0]?.doorverwijzing, AGENCIES.halt.oin);
});

journey(
  'a report with faults is refused by the own adapter, every fault by place',
  async (town) => {
    const { politie } = town.agencies;
    const { inhoud: bad, verwacht } = badSample('vt-melding', 'veel-tegelijk');
    try {
      await politie.send({ ...report, inhoud: bad });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ProblemAnswer);
      const { problem } = error as ProblemAnswer;
      assert.is(problem.status, 400);
      assert.is(problem.code, 'schema-invalid');
      assert.equal([...new Set(problem.errors.map(({ plaats }) => plaats))].sort(), verwacht);
    }
  },
);

journey('without the token the adapter tells nothing', async ({ agencies: { vt } }) => {
  const answer = await fetch(`${vt.rest.url}/v1/postvak`);
  assert.is(answer.status, 401);
  assert.is(((await answer.json()) as { code: string }).code, 'token-invalid');
});

journey('by folder: Halt takes a referral from in/ and puts a report into uit/', async (town) => {
  const { politie, halt, vt } = town.agencies;
  const map = join(town.paths.adapter('halt'), 'map');
  const bericht = await delivered(politie, halt, {
    ...{ berichttype: 'halt-verwijzing', grondslag: 'bpg-4.2.1.f', aan: [halt.oin] },
    inhoud: sample('halt-verwijzing', 'vernieling'),
  });
  const file = await until('the referral in in/', () =>
    readdirSync(join(map, 'in')).find((name) => name.includes(bericht)),
  );
  const taken = join(town.folder, 'taken.json');
  renameSync(join(map, 'in', file), taken);
  assert.match(readFileSync(taken, 'utf8'), bericht);
  await politie.untilState(bericht, halt.oin, 'verwerkt');

  const draft = {
    ...{ berichttype: 'vt-melding', grondslag: 'wmo-5.2.6', aan: [vt.oin] },
    inhoud: sample('vt-melding', 'halt-zorgsignaal'),
  };
  const aside = join(town.folder, 'melding.json');
  writeFileSync(aside, JSON.stringify(draft));
  renameSync(aside, join(map, 'uit', 'melding.json'));
  await until('the report of Halt at VT', async () =>
    (await vt.inbox()).find(({ afzender }) => afzender.oin === halt.oin),
  );
  writeFileSync(aside, JSON.stringify({ ...draft, inhoud: {} }));
  renameSync(aside, join(map, 'uit', 'fout.json'));
  await until('the problem beside the file', () =>
    readdirSync(join(map, 'fout')).find((name) => /problem/i.test(name)),
  );
});

journey('from the command line: send, track, inbox, read, ack', async (town) => {
  const { politie, vt } = town.agencies;
  const file = join(town.folder, 'body.json');
  writeFileSync(file, JSON.stringify(inhoud));
  const asPolice = ['--config', town.paths.adapterYaml('politie')];
  const asVt = ['--config', town.paths.adapterYaml('vt')];
  const sent = await town.ketenpost<{ bericht: string }>(
    ...['send', file, '--type', 'vt-melding', '--grondslag', 'bpg-4.2.1.i', '--wait'],
    ...asPolice,
  );
  const bericht = sent.bericht as Parameters<Desk['track']>[0];
  await politie.untilState(bericht, vt.oin, 'afgeleverd');
  const inbox = await town.ketenpost<{ berichten: { bericht: string }[] }>('inbox', ...asVt);
  assert.ok(inbox.berichten.some((row) => row.bericht === bericht));
  await town.ketenpost('inbox', 'read', politie.oin, bericht, ...asVt);
  await town.ketenpost(
    'inbox',
    'ack',
    politie.oin,
    bericht,
    '--medewerker',
    'm.verzonnen',
    ...asVt,
  );
  await politie.untilState(bericht, vt.oin, 'verwerkt');
  const track = await town.ketenpost<Track>('track', bericht, ...asPolice);
  assert.is(track.ontvangers[0]?.staat, 'verwerkt');
});

journey('the command line says what is wrong and what to do next', async (town) => {
  const file = join(town.folder, 'bad.json');
  writeFileSync(file, JSON.stringify(badSample('vt-melding', 'veel-tegelijk').inhoud));
  assert.ok(existsSync(file));
  const asPolice = ['--config', town.paths.adapterYaml('politie')];
  const said = await runKetenpost(
    ...['send', file, '--type', 'vt-melding', '--grondslag', 'bpg-4.2.1.i'],
    ...asPolice,
  );
  assert.is(said.status, 3);
  assert.match(said.stderr, '/inhoud/betrokkenen/0/jeugdzorgrol');
  assert.match(said.stderr, 'next:');
});

test.run();
