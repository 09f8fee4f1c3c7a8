/** Statutory clocks at an adapter: what its inbox starts, what people say, what the router reminds of. */
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { begin, end, extend, terms } from '../../adapters/commands/terms.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { readJws } from '../../certs/verify.ts';
import type { Command, CommandContext, CommandError } from '../../schemas/command.ts';
import { toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { sample, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const context: CommandContext = {
  progress: () => undefined,
  line: () => undefined,
  signal: new AbortController().signal,
};

let here: Arrivals;
let vt: Agency;
let report: Uuid7;
let where: { readonly url: string; readonly tokenFile: string };
test.before(async () => {
  here = await Arrivals.open();
  await here.vt.stop();
  const tokenFile = join(here.stand.folder, 'token');
  vt = await here.stand.start('vt', { rest: { host: '127.0.0.1', port: 0, tokenFile } });
  where = { url: vt.rest ?? '', tokenFile };
  report = (await here.arrive(here.claims({ prio: 'normaal' }))).jti;
  await here.answer(report);
});
test.after(() => here.stand.close());

const run = (command: Command, args: string[] = [], options: object = {}) =>
  command.run(args, { ...where, medewerker: 'F. Beheer', ...options }, context);
async function failing(command: Command, ...args: string[]): Promise<string> {
  const done = await run(command, args).catch((error: CommandError) => error.message);
  assert.type(done, 'string', 'it should have failed');
  return String(done);
}
interface Term {
  readonly klok: string;
  readonly herinnerdOp?: string;
}
const running = async (): Promise<Term[]> =>
  ((await run(terms)).json as { termijnen: Term[] }).termijnen;
const names = async () => (await running()).map(({ klok }) => klok);
const router = () => here.stand.door.router;
const saying = (words: string) => here.stand.log.filter((line) => line.includes(words));

test('a report starts its clocks here, too: they are seen when the router is away', async () => {
  assert.equal(await names(), ['veiligheidsbeoordeling', 'informeren-betrokkene']);
  assert.is((await run(terms)).text, '2 running, 0 of them overdue');
});

test('a reminder is kept with its clock, told in the log, and taken out of the mailbox', async () => {
  await router().remind(VT, { bericht: report });
  await until('an empty mailbox', () => router().mail.remindersWaiting(VT) === 0 || undefined);
  const [line = ''] = saying('a statutory clock');
  for (const word of ['veiligheidsbeoordeling', report, POLICE]) assert.match(line, word);
  const found = (await running()).find(({ klok }) => klok === 'veiligheidsbeoordeling');
  assert.ok(found?.herinnerdOp);
  assert.is((await running()).length, 2, 'it is the same clock');
});

test('one that the router did not sign, or that is for another, is not believed; it goes as well', async () => {
  const before = saying('a statutory clock').length;
  const { signing } = await loadIdentity(here.stand.keys.identity(POLICE));
  await router().remind(VT, {}, signing);
  await router().remind(VT, { aud: toUrn(POLICE) });
  await router().remind(VT, { iss: toUrn(POLICE) });
  await until('an empty mailbox', () => router().mail.remindersWaiting(VT) === 0 || undefined);
  assert.is(saying('a word of the router does not count').length, 3);
  assert.is(saying('a statutory clock').length, before);
});

test('a person ends a clock: signed for the router, recorded with who it was', async () => {
  await run(end, ['informeren-betrokkene', `${POLICE}/${report}`]);
  assert.equal(await names(), ['veiligheidsbeoordeling']);
  const { claims } = readJws(here.stand.door.statements[0] ?? '', TYP.clock);
  assert.equal(
    [claims['iss'], claims['klok'], claims['handeling'], claims['bericht']],
    [toUrn(VT), 'informeren-betrokkene', 'einde', report],
  );
  const done = vt.rooms.store.actions.of(POLICE, report).map(({ action }) => action);
  assert.ok(done.includes('termijn-beeindigd'));
});

test('an investigation begins by a word, and a longer clock ends later', async () => {
  await run(begin, ['onderzoek', `${POLICE}/${report}`]);
  assert.equal(await names(), ['veiligheidsbeoordeling', 'onderzoek']);
  const other = (await here.arrive(here.claims({ prio: 'normaal' }))).jti;
  await here.answer(other);
  const untilOf = async () =>
    (await run(terms)).table?.rows.find((row) => row[0] === 'betrokkene informeren')?.[1];
  const before = await untilOf();
  await run(extend, ['informeren-betrokkene', `${POLICE}/${other}`]);
  assert.ok((await untilOf()) ?? '' > (before ?? ''));
  await run(end, ['informeren-betrokkene', `${POLICE}/${other}`]);
  await run(end, ['veiligheidsbeoordeling', `${POLICE}/${other}`]);
});

test('what the router refuses, or does not hear, changes nothing here', async () => {
  const before = await names();
  const id = `${POLICE}/${report}`;
  for (const fault of [{ how: 'answer', status: 404 }, { how: 'cut' }] as const) {
    here.stand.door.fault = (_method, path) => (path === '/v1/klokken' ? fault : undefined);
    await failing(end, 'veiligheidsbeoordeling', id);
  }
  here.stand.door.fault = () => undefined;
  assert.equal(await names(), before);
});

test('there is no such term; that is no message', async () => {
  assert.match(await failing(end, 'eierkoken', `${POLICE}/${report}`), 'no term eierkoken');
  assert.match(await failing(end, 'onderzoek', 'geen-bericht'), 'names no message');
  await failing(end, 'onderzoek', `${POLICE}/geen-bericht`);
});

test('feedback ends the clock of the report that it refers to', async () => {
  const { post } = await import('../../adapters/outlet.ts');
  await post(vt.rooms, {
    ...{ berichttype: 'vt-terugkoppeling', aan: [POLICE], grondslag: 'wmo-4.1.1.2.g' },
    ...{ prio: 'normaal', verwijst: report },
    inhoud: sample('vt-terugkoppeling', 'veiligheidsbeoordeling'),
  });
  assert.not.ok((await names()).includes('veiligheidsbeoordeling'));
});

test.run();
