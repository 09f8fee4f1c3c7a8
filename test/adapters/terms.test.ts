/** Statutory clocks at an adapter: what its inbox starts, what people say, what the router reminds of. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { begin, end, extend } from '../../adapters/commands/terms.ts';
import { list, terms } from '../../adapters/commands/terms-list.ts';
import { counted, show, table } from '../../adapters/commands/terms-show.ts';
import { dutchEnd } from '../../adapters/commands/terms-words.ts';
import { post } from '../../adapters/outlet.ts';
import { findClock } from '../../adapters/terms/clocks.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { readJws } from '../../certs/verify.ts';
import { whyFree } from '../../schemas/calendar.ts';
import type { Command, CommandError } from '../../schemas/command.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { table as drawTable, paintFor } from '../../terminal.ts';
import { AGENCIES, OPERATOR, REGISTRAR } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { FakeSystem } from './fake-system.ts';
import { quiet, sample, until, type Where } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];

let here: Arrivals;
let vt: Agency;
let report: Uuid7;
let system: FakeSystem;
let where: Where;
test.before(async () => {
  system = await FakeSystem.open();
  ({ here, vt, where } = await Arrivals.openWithPeople((folder) => ({
    webhook: { url: system.url, timeoutSeconds: 30 },
    folder: { path: join(folder, 'wissel'), pollSeconds: 1 },
  })));
  report = (await here.arrive(here.claims({ prio: 'normaal' }))).jti;
  await here.answer(report);
});
test.after(async () => {
  await here.stand.close();
  await system.close();
});

const run = (command: Command, args: string[] = [], options: object = {}) =>
  command.run(args, { ...where, medewerker: 'F. Beheer', ...options }, quiet);
async function failing(command: Command, ...args: string[]): Promise<string> {
  const done = await run(command, args).catch((error: CommandError) => error.message);
  assert.type(done, 'string', 'it should have failed');
  return String(done);
}
const answerTo = (verwijst: Uuid7) =>
  post(vt.rooms, {
    ...{ berichttype: 'vt-terugkoppeling', aan: [POLICE], grondslag: 'wmo-4.1.1.2.g' },
    ...{ prio: 'normaal', verwijst },
    inhoud: sample('vt-terugkoppeling', 'veiligheidsbeoordeling'),
  });
interface Term {
  readonly klok: string;
  readonly bericht: string;
  readonly staat: string;
  readonly eind: string;
  readonly eigenaar?: string;
  readonly herinnerdOp?: string;
}
const running = async (): Promise<Term[]> =>
  ((await run(terms)).json as { termijnen: Term[] }).termijnen;
const names = async () => (await running()).map(({ klok }) => klok);
const router = () => here.stand.door.router;
const saying = (words: string) => here.stand.log.filter((line) => line.includes(words));

test('a report starts its clocks here, too: they are seen when the router is away', async () => {
  assert.equal(await names(), ['veiligheidsbeoordeling', 'informeren-betrokkene']);
  assert.is((await run(terms)).text, '2 clocks, 0 of them overdue');
});

test('a reminder is kept with its clock, told in the log, and taken out of the mailbox', async () => {
  await router().remind(VT, { bericht: report });
  await until('an empty mailbox', () => router().mail.remindersWaiting(VT) === 0 || undefined);
  const [line = ''] = saying('a statutory clock');
  for (const word of ['veiligheidsbeoordeling', report, POLICE]) assert.match(line, word);
  const found = (await running()).find(({ klok }) => klok === 'veiligheidsbeoordeling');
  assert.ok(found?.herinnerdOp);
  assert.is((await running()).length, 2, 'it is the same clock');
  const [first = []] = (await run(terms)).table?.rows ?? [];
  assert.match(first.join('|'), /^veiligheidsbeoordeling\|\d{4}-\d\d-\d\d\|.*, reminded\|/);
  assert.match(first.at(-1) ?? '', `${POLICE}/${report}`);
});

test("the agency's own systems are told of a reminder as they are of alarms: a CloudEvent, and a file", async () => {
  const told = () =>
    system.calls
      .map(({ body }) => body as unknown as Record<string, unknown>)
      .find(({ type }) => type === 'nl.ketenpost.termijn.loopt');
  const event = await until('the call', told);
  const data = event['data'] as Record<string, unknown>;
  assert.equal(
    [event['source'], data['klok'], data['soort'], data['afzender'], data['bericht']],
    [toUrn(VT), 'veiligheidsbeoordeling', 'loopt', POLICE, report],
  );
  const folder = join(here.stand.folder, 'wissel', 'termijn');
  const name = `veiligheidsbeoordeling-${POLICE}-${report}.json`;
  await until('the file', () => existsSync(join(folder, name)) || undefined);
  assert.equal(JSON.parse(readFileSync(join(folder, name), 'utf8')), data);
});

test('one that the router did not sign, or that is for another, is not believed, and not said to have been seen', async () => {
  const before = saying('a statutory clock').length;
  const { signing } = await loadIdentity(here.stand.keys.identity(POLICE));
  await router().remind(VT, {}, signing);
  await router().remind(VT, { aud: toUrn(POLICE) });
  await router().remind(VT, { iss: toUrn(POLICE) });
  const refused = () => saying('a word of the router does not count').length;
  await until('all three to be judged', () => refused() === 3 || undefined);
  assert.equal(vt.rooms.store.receipts.seen(10), []);
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
    (await running()).find(({ klok }) => klok === 'informeren-betrokkene')?.eind;
  const before = await untilOf();
  await run(extend, ['informeren-betrokkene', `${POLICE}/${other}`]);
  assert.ok((await untilOf()) ?? '' > (before ?? ''));
  await run(end, ['informeren-betrokkene', `${POLICE}/${other}`]);
  await run(end, ['veiligheidsbeoordeling', `${POLICE}/${other}`]);
});

test('made longer again because the answer got lost: both ends have it longer once', async () => {
  const one = (await here.arrive(here.claims({ prio: 'normaal' }))).jti;
  await here.answer(one);
  const id = { term: 'informeren-betrokkene', sender: POLICE, message: one };
  const times = () => findClock(vt.rooms, id)?.extensions;
  const from = here.stand.door.statements.length;
  const said = () =>
    here.stand.door.statements.slice(from).map((jws) => readJws(jws, TYP.clock).claims['verlengd']);
  here.stand.door.fault = (_method, path) => (path === '/v1/klokken' ? { how: 'mute' } : undefined);
  await failing(extend, 'informeren-betrokkene', `${POLICE}/${one}`);
  here.stand.door.fault = () => undefined;
  assert.equal([said(), times()], [[1], 0], 'the router has it, and we do not know');
  await run(extend, ['informeren-betrokkene', `${POLICE}/${one}`]);
  assert.equal([said(), times()], [[1, 1], 1], 'the same is said again');
  await run(extend, ['informeren-betrokkene', `${POLICE}/${one}`]);
  assert.equal([said(), times()], [[1, 1, 2], 2], 'and then the next');
  await run(end, ['informeren-betrokkene', `${POLICE}/${one}`]);
  await run(end, ['veiligheidsbeoordeling', `${POLICE}/${one}`]);
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

test('a day is told as its last minute, an hour as it is', () => {
  assert.match(dutchEnd('2027-03-24T23:00:00.000Z'), 'Wed 2027-03-24 23:59');
  assert.match(dutchEnd('2027-03-25T08:15:42.000Z'), 'Thu 2027-03-25 09:15');
});

test('a word that begins a clock or makes it longer tells until when', async () => {
  const { jti } = await here.arrive(here.claims({ prio: 'normaal' }));
  await here.answer(jti);
  const told = await lines(extend, 'informeren-betrokkene', `${POLICE}/${jti}`);
  assert.match(told, /^informeren-betrokkene is longer, until .* 23:59$/);
  await run(end, ['informeren-betrokkene', `${POLICE}/${jti}`]);
  await run(end, ['veiligheidsbeoordeling', `${POLICE}/${jti}`]);
});

test('there is no such term; that is no message', async () => {
  assert.match(await failing(end, 'eierkoken', `${POLICE}/${report}`), 'no term eierkoken');
  assert.match(await failing(end, 'onderzoek', 'geen-bericht'), 'names no message');
  await failing(end, 'onderzoek', `${POLICE}/geen-bericht`);
});

const lines = async (command: Command, ...args: string[]): Promise<string> =>
  String((await run(command, args)).text);

test('the story of a clock: what began it, why those days, who made it longer, what was heard', async () => {
  const shown = await lines(show, 'veiligheidsbeoordeling', `${POLICE}/${report}`);
  for (const words of [
    /began {4}\w{3} \d{4}-\d\d-\d\d \d\d:\d\d: its message was received/,
    /counted {2}5 working days after .*, to /,
    /until .* 23:59 \(/,
    /reminder .* 09:00\n.*reminder .* 09:00/,
    /heard .*: it runs/,
  ])
    assert.match(shown, words);
  const longer = (await here.arrive(here.claims({ prio: 'normaal' }))).jti;
  await here.answer(longer);
  await run(extend, ['informeren-betrokkene', `${POLICE}/${longer}`]);
  const story = await lines(show, 'informeren-betrokkene', `${POLICE}/${longer}`);
  assert.match(story, /counted {2}4 weeks after .*\n(.*skipped.*\n)?.*counted {2}2 weeks after/);
  assert.match(story, /longer .*: F\. Beheer/);
  await run(end, ['informeren-betrokkene', `${POLICE}/${longer}`]);
  await run(end, ['veiligheidsbeoordeling', `${POLICE}/${longer}`]);
  assert.match(
    await lines(show, 'informeren-betrokkene', `${POLICE}/${longer}`),
    /ended .*: said by F\. Beheer/,
  );
  assert.match(await failing(show, 'onderzoek', `${POLICE}/${longer}`), 'no such');
});

test('the table in words, and one row of it', async () => {
  assert.match(await lines(show, 'onderzoek'), 'Uitvoeringsbesluit Wmo 2015 art. 4.1.7');
  assert.is((await run(table)).table?.rows.length, 6);
  assert.match(await failing(show, 'eierkoken'), 'no term eierkoken');
});

test('an investigation that begins after the feedback on the assessment is not answered by it', async () => {
  const one = (await here.arrive(here.claims({ prio: 'normaal' }))).jti;
  await here.answer(one);
  await answerTo(one);
  await run(begin, ['onderzoek', `${POLICE}/${one}`]);
  const found = (await running()).filter(({ bericht }) => bericht === one);
  assert.equal(
    found.map(({ klok }) => klok),
    ['informeren-betrokkene', 'onderzoek'],
  );
  for (const { klok } of found) await run(end, [klok, `${POLICE}/${one}`]);
});

test('begun again it is counted anew; begun while it runs nothing changes', async () => {
  const id = `${POLICE}/${report}`;
  const story = async () =>
    (await run(show, ['onderzoek', id])).json as { aanvang: string; begonnen: { door: string } };
  const before = await story();
  assert.is(before.begonnen.door, 'verklaring');
  here.stand.clock.move(120);
  await run(begin, ['onderzoek', id]);
  assert.is((await story()).aanvang, before.aanvang);
  await run(end, ['onderzoek', id]);
  await run(begin, ['onderzoek', id]);
  assert.ok((await story()).aanvang > before.aanvang);
});

test('however many clocks people ended since, one that was ended stays so', async () => {
  const before = await names();
  const { store } = vt.rooms;
  const now = vt.rooms.clock.now();
  await store.write(() => {
    for (let n = 0; n < 10_001; n++)
      store.clocks.end({ term: 'onderzoek', sender: POLICE, message: newUuid7(now) }, now);
  });
  assert.equal(await names(), before);
});

test('overdue: what has run out and was not ended', async () => {
  here.stand.clock.move(9 * 86_400);
  const late = (await run(list, [], { overdue: true })).json as { termijnen: Term[] };
  assert.equal(
    late.termijnen.map(({ klok, staat }) => `${klok} ${staat}`),
    ['veiligheidsbeoordeling verstreken'],
  );
  here.stand.clock.move(-9 * 86_400);
});

test('on a screen of 120 characters the list and the story of a clock are no wider', async () => {
  const { table: found, text } = await run(terms);
  const drawn = drawTable(found?.head ?? [], found?.rows ?? [], paintFor({ write: () => 0 }), 120);
  const story = await lines(show, 'veiligheidsbeoordeling', `${POLICE}/${report}`);
  const holidays = counted({
    ...{ duur: { eenheid: 'werkdagen', aantal: 5 }, vanaf: '2027-05-04', laatste: '2027-05-14' },
    geteld: ['2027-05-10', '2027-05-11', '2027-05-12', '2027-05-13', '2027-05-14'],
    overgeslagen: ['2027-05-05', '2027-05-06', '2027-05-07', '2027-05-08', '2027-05-09'].map(
      (dag) => ({ dag, reden: whyFree(dag) ?? '' }),
    ),
  });
  for (const line of [...drawn.split('\n'), text ?? '', ...story.split('\n'), ...holidays])
    assert.ok(line.length <= 120, line);
  assert.match(holidays.join(' '), 'Fri 2027-05-07 (gelijkgestelde dag)');
});

test('an adapter of several agencies: each has its list, and whose clock it is stands with it', async () => {
  const { keys, door, folder } = here.stand;
  const restOf = (oin: Oin, port = 0) => {
    const tokenFile = oin === VT ? where.tokenFile : join(folder, 'token-politie');
    return { host: '127.0.0.1', port, tokenFile };
  };
  const police = await here.stand.start('politie', { rest: restOf(POLICE) });
  const registrar = keys.certificates(REGISTRAR.oin, 'authenticiteit');
  const agencies = [vt, police].map((one) => ({
    identity: keys.identity(one.oin),
    trust: keys.authority.trust,
    registrar: { oin: REGISTRAR.oin, certificates: registrar },
    router: { url: door.url, oin: OPERATOR.oin },
    store: { path: join(folder, one.oin, 'a.db'), keyFile: join(folder, one.oin, 'store.key') },
    rest: restOf(one.oin, Number(new URL(one.rest ?? '').port)),
  }));
  const config = join(folder, 'adapter.yaml');
  writeFileSync(config, JSON.stringify({ agencies }));
  const ask = async (options: object) =>
    (await list.run([], { config, ...options }, quiet)).json as { termijnen: Term[] };
  const owners = (await ask({})).termijnen.map(({ eigenaar }) => eigenaar);
  assert.equal([...new Set(owners)], [VT], 'the police have no clocks');
  assert.equal((await ask({ agency: POLICE })).termijnen, []);
  assert.equal((await ask({ agency: VT })).termijnen.length, owners.length);
});

test('feedback ends the clock of the report that it refers to', async () => {
  await answerTo(report);
  assert.match(
    await lines(show, 'veiligheidsbeoordeling', `${POLICE}/${report}`),
    /ended .*: answered by [0-9a-f-]{36}/,
  );
  assert.not.ok((await names()).includes('veiligheidsbeoordeling'));
});

test.run();
