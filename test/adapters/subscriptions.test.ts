/** Subscriptions at an adapter: begun and ended by signed words, shown as the router has them, and what did not come. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { begin, end, events } from '../../adapters/commands/subscribe.ts';
import { gaps, list } from '../../adapters/commands/subscribe-list.ts';
import { shortly } from '../../adapters/commands/words.ts';
import { readJws } from '../../certs/verify.ts';
import type { Command } from '../../schemas/command.ts';
import { BELEID } from '../../schemas/generated/beleid.ts';
import { newUuid7, toUrn, type Uuid, type Uuid7 } from '../../schemas/ids.ts';
import { toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { quiet, until, type Where } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const BASIS = 'bpg-4.2.1.i';
const TYPE = 'nl.jeugdketen.zaakstatus-gewijzigd.v1';

let here: Arrivals;
let vt: Agency;
let where: Where;
test.before(async () => {
  ({ here, vt, where } = await Arrivals.openWithPeople());
});
test.after(() => here.stand.close());

const run = (command: Command, args: string[] = [], options: object = {}) =>
  command.run(args, { ...where, medewerker: 'F. Beheer', ...options }, quiet);
const failure = (command: Command, args: string[], options: object): Promise<Refusal> =>
  run(command, args, options).then(
    () => {
      throw new Error('it should have failed');
    },
    (error: Refusal) => error,
  );
const door = () => here.stand.door;
const statements = () => door().statements.map((jws) => readJws(jws, TYP.subscription).claims);
const newCase = () => newUuid7(here.stand.clock.now()) as string as Uuid;
/** To a case of the police, unless something else is said. */
const subscribe = async (options: object): Promise<Uuid7> => {
  const source = 'case' in options && { source: POLICE };
  const { json } = await run(begin, [], { basis: BASIS, ...source, ...options });
  return (json as { abonnement: Uuid7 }).abonnement;
};

interface Listed {
  readonly abonnementen: readonly { readonly abonnement: string; readonly reden?: string }[];
  readonly hiaten: readonly object[];
  readonly routerGevraagd: boolean;
}
const listed = async (options: object = {}): Promise<Listed> =>
  (await run(list, [], options)).json as Listed;
const known = (id: string, more: object = {}) => ({
  ...{ id, protocol: 'http-pull', grondslag: BASIS, begin: '2026-01-01T00:00:00.000Z' },
  ...{ eind: '2999-01-01T00:00:00.000Z', staat: 'loopt', ...more },
});

/** Brings an event of the police, with a number or without. */
async function arrive(zaak: Uuid, sequence?: number, more: object = {}): Promise<Uuid7> {
  const now = here.stand.clock.now();
  const inhoud = {
    ...{ specversion: '1.0', id: newUuid7(now), source: `${toUrn(POLICE)}:systeem:bvh` },
    ...{ type: TYPE, subject: zaak, time: new Date(now).toISOString() },
    ...(sequence !== undefined && {
      sequence: String(sequence).padStart(20, '0'),
      sequencetype: 'zaakvolgnummer',
    }),
    ...more,
  };
  const type = { berichttype: 'zaak-gebeurtenis', grondslag: BASIS, prio: 'normaal' };
  const { jti } = await here.arrive(here.claims({ ...type, zaak, inhoud }));
  return jti;
}
async function come(zaak: Uuid, ...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const jti = await arrive(zaak, number);
    await until('the event', () => vt.rooms.store.inbox.get(POLICE, jti));
  }
}
const missing = async () =>
  ((await run(gaps)).json as { hiaten: { zaak: string; van: string; tot: string }[] }).hiaten;
const missingIn = async (zaak: Uuid) =>
  (await missing()).filter((one) => one.zaak === zaak).map(({ van, tot }) => [+van, +tot]);

test('begun by a word that the agency signed, and kept with who began it', async () => {
  const zaak = newCase();
  const id = await subscribe({ case: zaak, source: POLICE, until: '2099-12-31' });
  const said = statements().at(-1);
  assert.equal(
    [said?.['handeling'], said?.['abonnement'], said?.['zaak'], said?.['bron'], said?.['iss']],
    ['begin', id, zaak, toUrn(POLICE), toUrn(VT)],
  );
  const row = vt.rooms.store.subscriptions.get(id);
  assert.equal([row?.zaak, row?.source, row?.basis], [zaak, POLICE, BASIS]);
  assert.equal(vt.rooms.store.subscriptions.people(id), { begunBy: 'F. Beheer' });
});

test('what the router refuses is told in its words, and nothing is kept', async () => {
  const text = 'vt may not be told that';
  const refused = toProblem(
    new Refusal('not-authorised', undefined, [{ plaats: '/grondslag', melding: text }]),
  );
  const before = vt.rooms.store.subscriptions.all().length;
  door().fault = (method, path) =>
    `${method} ${path}` === 'POST /v1/subscriptions'
      ? { how: 'answer', status: refused.status, body: JSON.stringify(refused) }
      : undefined;
  const { code, faults } = await failure(begin, [], { types: TYPE, basis: BASIS });
  door().fault = () => undefined;
  assert.is(code, 'not-authorised');
  assert.equal(faults, [{ plaats: '/grondslag', melding: text }]);
  assert.is(vt.rooms.store.subscriptions.all().length, before);
});

test('it must be said what to be told of, and on which basis', async () => {
  assert.match((await failure(begin, [], { basis: BASIS })).message, 'what to be told of');
  assert.match((await failure(begin, [], { region: 'VT15' })).message, '--basis');
  const bare = { case: newCase(), basis: BASIS };
  assert.match((await failure(begin, [], bare)).message, '--source is missing');
  assert.ok(Object.hasOwn(BELEID.grondslagen, BASIS));
});

test('a case is begun with its source, also by who does not use our commands', async () => {
  const authorization = `Bearer ${readFileSync(where.tokenFile, 'utf8').trim()}`;
  const wish = { medewerker: 'F. Beheer', zaak: newCase(), grondslag: BASIS };
  const answer = await fetch(`${where.url}/v1/abonnementen`, {
    ...{ method: 'POST', body: JSON.stringify(wish) },
    headers: { authorization, 'content-type': 'application/json' },
  });
  const { code, errors } = (await answer.json()) as { code: string; errors: object[] };
  const fault = { plaats: '/bron', melding: 'is required with zaak' };
  assert.equal([answer.status, code, errors], [400, 'schema-invalid', [fault]]);
});

test('ended by a person: a signed word, and who ended it', async () => {
  const id = await subscribe({ types: TYPE });
  await run(end, [id]);
  const said = statements().at(-1);
  assert.equal([said?.['handeling'], said?.['abonnement']], ['einde', id]);
  assert.is(vt.rooms.store.subscriptions.get(id)?.reason, 'opgezegd');
  const people = { begunBy: 'F. Beheer', endedBy: 'F. Beheer' };
  assert.equal(vt.rooms.store.subscriptions.people(id), people);
});

test('the list tells what the router ended, and what it has that is not known here', async () => {
  const [closed, stranger] = [await subscribe({ case: newCase() }), newUuid7(Date.now())];
  const over = {
    staat: 'beeindigd',
    reden: 'zaak-afgesloten',
    beeindigdOp: '2026-05-01T10:00:00Z',
  };
  door().subscriptions = [
    known(closed, over),
    known(stranger, { source: toUrn(POLICE), types: [TYPE] }),
  ];
  const { abonnementen, routerGevraagd } = await listed();
  assert.ok(routerGevraagd);
  const ids = abonnementen.map(({ abonnement }) => abonnement);
  assert.ok(ids.includes(stranger));
  assert.is(abonnementen.find(({ abonnement }) => abonnement === closed)?.reden, 'zaak-afgesloten');
  assert.is(vt.rooms.store.subscriptions.get(stranger)?.source, POLICE);
});

test('what ended with its case, and what it was left out of, stands in the list, with when; by our own word only with --all', async () => {
  const [closed, full, own] = [
    await subscribe({ case: newCase() }),
    await subscribe({ case: newCase() }),
    await subscribe({ case: newCase() }),
  ];
  await run(end, [own]);
  // It was suspended for long: the case was closed two months ago, and it hears of that now.
  const at = here.stand.clock.now() - 60 * 86_400_000;
  const beeindigdOp = new Date(at).toISOString();
  const overgeslagen = { aantal: 3, laatstOp: '2026-05-01T10:00:00Z' };
  door().subscriptions = [
    known(closed, { staat: 'beeindigd', reden: 'zaak-afgesloten', beeindigdOp }),
    known(full, { overgeslagen }),
  ];
  const { table } = await run(list);
  const stateOf = (id: string) => table?.rows.find(([one]) => one === id)?.[5];
  assert.is(stateOf(closed), `beeindigd ${shortly(at)} zaak-afgesloten`);
  assert.is(stateOf(full), 'loopt; 3 LEFT OUT, last 2026-05-01 12:00');
  assert.is(stateOf(own), undefined);
  door().subscriptions = [];
});

test('what the router tells of no longer has ended, unless it began just now; told of again, it runs', async () => {
  const id = await subscribe({ case: newCase() });
  const reasons = async (one: string) =>
    (await listed({ all: true })).abonnementen.find(({ abonnement }) => abonnement === one)?.reden;
  assert.is(await reasons(id), undefined, 'its answer may be from before the begin');
  here.stand.clock.move(61);
  assert.is(await reasons(id), 'onbekend-bij-router');
  door().subscriptions = [known(id)];
  assert.is(await reasons(id), undefined);
  door().subscriptions = [];
});

test('while the router is away the list tells what was known, and says so', async () => {
  door().fault = (_, path) => (path.startsWith('/v1/subscriptions') ? { how: 'cut' } : undefined);
  const { json, text } = await run(list);
  door().fault = () => undefined;
  assert.is((json as Listed).routerGevraagd, false);
  assert.match(text ?? '', 'the router did not answer');
});

test('when the router refuses to tell, its words are shown', async () => {
  const said = toProblem(new Refusal('not-authorised', 'the agency is suspended'));
  door().fault = (_, path) =>
    path.startsWith('/v1/subscriptions')
      ? { how: 'answer', status: said.status, body: JSON.stringify(said) }
      : undefined;
  const { json, text } = await run(list);
  door().fault = () => undefined;
  assert.is((json as Listed).routerGevraagd, false);
  assert.match(text ?? '', 'not-authorised: the agency is suspended');
});

test('a list that is none is the same: what was known is shown', async () => {
  for (const wrong of [
    known(newUuid7(Date.now()), { source: 'urn:nld:oin:none' }),
    { id: 'none' },
  ]) {
    door().subscriptions = [wrong];
    const { json, text } = await run(list);
    assert.is((json as Listed).routerGevraagd, false);
    assert.match(text ?? '', 'malformed: ');
  }
  door().subscriptions = [];
});

test('what no event can fit, and what runs already, is not begun', async () => {
  const refusal = async (options: object) => {
    const { code, faults } = await failure(begin, [], { basis: BASIS, ...options });
    return [code, faults.map(({ plaats }) => plaats)];
  };
  assert.equal(await refusal({ region: 'VT99' }), ['schema-invalid', ['/regio']]);
  assert.equal(await refusal({ types: `${TYPE},zomaar` }), ['schema-invalid', ['/typen/1']]);
  const id = await subscribe({ region: 'VT09' });
  const again = await failure(begin, [], { region: 'VT09', basis: BASIS });
  assert.is(again.code, 'subscription-runs');
  assert.match(again.message, id);
  await run(end, [id]);
  await subscribe({ region: 'VT09' });
});

test('until the end of a day in the Netherlands, or a year when nobody says', async () => {
  const untilOf = async (options: object) =>
    vt.rooms.store.subscriptions.get(await subscribe(options))?.until ?? 0;
  const day = await untilOf({ case: newCase(), until: '2099-07-31' });
  assert.is(new Date(day).toISOString(), '2099-07-31T22:00:00.000Z');
  const row = (await run(list)).table?.rows.find((one) => one[4] === '2099-07-31 23:59');
  assert.is(row?.[3], BASIS);
  const year = await untilOf({ case: newCase() });
  assert.is(Math.round((year - here.stand.clock.now()) / 86_400_000), 365);
  assert.is(statements().at(-1)?.['eind'], year / 1000);
  const wrong = { case: newCase(), source: POLICE, basis: BASIS, until: '31-12-2099' };
  assert.match((await failure(begin, [], wrong)).message, '--until 31-12-2099 is no time');
});

test('a hole shows under a subscription on the basis of the events beside it, and names their sender', async () => {
  const [zaak, other] = [newCase(), newCase()];
  await subscribe({ case: zaak, basis: 'wpg-16.1.b' });
  await come(zaak, 1, 3);
  assert.equal(await missingIn(zaak), []);
  await subscribe({ case: other, basis: 'wpg-16.1.b' });
  const own = await subscribe({ case: other });
  await come(other, 1, 3);
  const { table, json } = await run(gaps);
  const row = table?.rows.find((one) => one[2] === other);
  assert.is(row?.[4], own);
  assert.match(row?.[0] ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  assert.is(row?.[1], (json as { namen: Record<string, string> }).namen[POLICE]);
});

test('a number that is missing shows, with when; it closes when it comes late', async () => {
  const zaak = newCase();
  await subscribe({ case: zaak });
  await come(zaak, 1, 2, 5);
  assert.equal(await missingIn(zaak), [[3, 4]]);
  assert.match((await run(list)).text ?? '', `MISSING  2 in case ${zaak}`);
  await come(zaak, 4);
  assert.equal(await missingIn(zaak), [[3, 3]]);
  await come(zaak, 3);
  assert.equal(await missingIn(zaak), []);
});

test('a gap shows only where each event of the case should have come', async () => {
  const [before, byType, elsewhere] = [newCase(), newCase(), newCase()];
  await come(before, 1);
  await subscribe({ case: before });
  await come(before, 4, 5);
  assert.equal(await missingIn(before), [], 'it began after the event before the hole');
  await subscribe({ case: byType, types: TYPE });
  await come(byType, 1, 9);
  assert.equal(await missingIn(byType), [], 'some types were not asked for');
  await subscribe({ region: 'VT16' });
  await come(elsewhere, 1, 9);
  assert.equal(await missingIn(elsewhere), [], 'the case is in no region that was asked for');
});

test('an ended subscription shows no hole that came after its end', async () => {
  const zaak = newCase();
  const id = await subscribe({ case: zaak });
  await come(zaak, 1);
  await run(end, [id]);
  await come(zaak, 7);
  assert.equal(await missingIn(zaak), []);
});

test('what the router says of an end counts until it says otherwise, and hides no gap; what we ended stays ended', async () => {
  const [zaak, over] = [newCase(), newCase()];
  const [id, own] = [await subscribe({ case: zaak }), await subscribe({ case: over })];
  await come(zaak, 1);
  await run(end, [own]);
  const said = { staat: 'beeindigd', reden: 'geen-recht', beeindigdOp: '2026-01-01T00:00:00.000Z' };
  door().subscriptions = [known(id, said), known(own)];
  const reasons = async () => {
    const { abonnementen } = await listed({ all: true });
    const of = (one: string) => abonnementen.find(({ abonnement }) => abonnement === one)?.reden;
    return [of(id), of(own)];
  };
  assert.equal(await reasons(), ['geen-recht', 'opgezegd']);
  await come(zaak, 4);
  assert.equal(await missingIn(zaak), [[2, 3]]);
  door().subscriptions = [known(id), known(own)];
  assert.equal(await reasons(), [undefined, 'opgezegd'], 'the truth undoes it');
  assert.equal(await missingIn(zaak), [[2, 3]]);
  door().subscriptions = [known(id, said)];
  await listed();
  await run(end, [id]);
  assert.equal(
    vt.rooms.store.subscriptions.people(id).endedBy,
    'F. Beheer',
    'our word is the last',
  );
  door().subscriptions = [];
});

test('one answer of the router adds no more subscriptions than it can have of one agency', async () => {
  const { subscriptions } = vt.rooms.store;
  const before = subscriptions.all().length;
  door().subscriptions = Array.from({ length: 5_100 }, () =>
    known(newUuid7(Date.now()), { source: toUrn(POLICE), types: [TYPE] }),
  );
  await listed();
  door().subscriptions = [];
  assert.is(subscriptions.all().length - before, 5_000);
});

test('what came of a source and a case is looked through once, however many subscriptions there are', async () => {
  const { store, clock } = vt.rooms;
  const [begun, { holes }] = [clock.now(), store.events];
  const row = { source: null, zaak: null, region: 'VT15', types: null, basis: BASIS, begun };
  const ended = { until: null, ended: begun, reason: 'eind', heard: begun };
  const none = { missed: 0, missedAt: null };
  await store.write(() => {
    for (let n = 0; n < 40; n++)
      store.subscriptions.add({ id: newUuid7(begun), ...row, ...ended, ...none }, {});
  });
  const asked: string[] = [];
  store.events.holes = (narrow) => {
    asked.push(JSON.stringify(narrow));
    return holes.call(store.events, narrow);
  };
  await missing();
  store.events.holes = holes;
  assert.is(asked.filter((one) => one === '{"sender":null,"zaak":null}').length, 1);
  assert.is(new Set(asked).size, asked.length);
});

test('events without a number, or with one that nobody counts to, are no holes', async () => {
  const zaak = newCase();
  await subscribe({ case: zaak });
  await come(zaak, 1, 2);
  const odd = await arrive(zaak, undefined, {
    sequence: '99999999999999999999',
    sequencetype: 'zaakvolgnummer',
  });
  const none = await arrive(zaak);
  for (const jti of [odd, none]) await here.answer(jti);
  assert.equal(await missingIn(zaak), []);
});

test('what is pulled is verified, stored and receipted as if it had been collected', async () => {
  const zaak = newCase();
  const id = await subscribe({ case: zaak });
  // Nobody collects: the poll is refused, as when the adapter's loop hangs.
  door().fault = (_, path) => (path.includes('_ophalen') ? { how: 'cut' } : undefined);
  door().cut();
  const jti = await arrive(zaak, 1);
  const { json, text } = await run(events, [id]);
  const { gebeurtenissen } = json as { gebeurtenissen: Record<string, unknown>[] };
  const mine = gebeurtenissen.find(({ bericht }) => bericht === jti);
  assert.equal(
    [mine?.['uitkomst'], mine?.['zaak'], mine?.['volgnummer'], mine?.['type']],
    ['nieuw', zaak, 1, TYPE],
  );
  assert.match(text ?? '', /--since 0{19}/);
  assert.ok(vt.rooms.store.inbox.get(POLICE, jti));
  door().fault = () => undefined;
  assert.is((await here.answer(jti)).staat, 'afgeleverd');
  const asked = door().requests.filter((one) => one.includes(`${id}/events`));
  assert.equal(asked, [`GET /v1/subscriptions/${id}/events?limit=50`]);
});

test.run();
