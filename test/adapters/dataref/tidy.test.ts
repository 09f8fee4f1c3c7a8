/** How a closed case stands, and who asked, are removed when each has been kept for its time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../../adapters/agency.ts';
import { tidy } from '../../../adapters/dataref/tidy.ts';
import { post } from '../../../adapters/outlet.ts';
import { newUuid7, toUrn, type Uuid, type Uuid7 } from '../../../schemas/ids.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { sample } from '../../town/samples.ts';
import { openStand, type Stand, until } from '../stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const BASIS = 'bpg-4.2.1.i';
const [CHANGED, CLOSED] = [
  ...['nl.jeugdketen.zaakstatus-gewijzigd.v1', 'nl.jeugdketen.zaak-afgesloten.v1'],
] as const;
const DAY = 86_400_000;

let stand: Stand;
let police: Agency;
test.before(async () => {
  stand = await openStand();
  police = await stand.start('politie');
});
test.after(() => stand.close());

/** As the police looks so many days from now; the router has it as late, or as is said. */
const inDays = (days: number, routers: readonly number[] = [days]) => {
  const at = (day: number) => stand.clock.now() + day * DAY;
  const door = { times: routers.map(at) };
  return { ...police.rooms, clock: { now: () => at(days) }, door };
};
const isKept = (zaak: Uuid): boolean => police.rooms.store.stands.get(zaak) !== undefined;

const put = (zaak: Uuid, days = 0): Promise<void> => {
  const at = inDays(days).clock.now();
  const { store } = police.rooms;
  return store.write(() => store.stands.put({ zaak, bases: [BASIS], at, stand: { fase: 'nu' } }));
};
async function newCase(): Promise<Uuid> {
  const zaak = newUuid7(stand.clock.now()) as string as Uuid;
  await put(zaak);
  return zaak;
}

async function tell(zaak: Uuid, type: string, more: object = {}): Promise<Uuid7> {
  const now = stand.clock.now();
  const inhoud = {
    ...{ specversion: '1.0', id: newUuid7(now), source: `${toUrn(POLICE)}:systeem:bvh` },
    ...{ type, subject: zaak, time: new Date(now).toISOString() },
  };
  const draft = { berichttype: 'zaak-gebeurtenis', aan: [VT], grondslag: BASIS, zaak, inhoud };
  return (await post(police.rooms, { ...draft, ...more })).bericht;
}
const takeBack = (zaak: Uuid, trektIn: Uuid7) =>
  tell(zaak, '', { trektIn, inhoud: sample('intrekking', 'dubbel') });

test('how a case stands is removed thirty days after its source told that it is closed, or when it says', async () => {
  const [closed, open] = [await newCase(), await newCase()];
  await tell(closed, CLOSED);
  await tell(open, CHANGED);
  await tidy(inDays(29));
  assert.ok(isKept(closed), 'who was just told may still fetch');
  await tidy(inDays(31));
  assert.equal([isKept(closed), isKept(open)], [false, true]);
  await tell(open, CLOSED);
  await tidy(inDays(2), { keepClosedDays: 1 });
  assert.not.ok(isKept(open));
});

test('a clock of ours that is years ahead removes nothing, nor does any before the router was heard', async () => {
  const zaak = await newCase();
  await tell(zaak, CLOSED);
  assert.is(await tidy(inDays(31, [])), false);
  // As it was when the router was last heard, and by the time that went by since.
  for (const routers of [
    [0, 9000],
    [9000, 0],
  ])
    assert.ok(await tidy(inDays(9000, routers)));
  assert.ok(isKept(zaak));
});

test('what is put there after the closing is kept as long', async () => {
  const zaak = await newCase();
  await tell(zaak, CLOSED);
  await put(zaak, 20);
  await tidy(inDays(40));
  assert.ok(isKept(zaak));
  await tidy(inDays(51));
  assert.not.ok(isKept(zaak));
});

test('a case that goes on is not closed: a later event, or the closing taken back or put right', async () => {
  const [later, withdrawn, corrected, twice] = await Promise.all([1, 2, 3, 4].map(newCase));
  assert.ok(later && withdrawn && corrected && twice);
  await tell(later, CLOSED);
  await tell(later, CHANGED);
  await takeBack(withdrawn, await tell(withdrawn, CLOSED));
  const first = await tell(corrected, CLOSED);
  await takeBack(corrected, await tell(corrected, CLOSED, { vervangt: first }));
  // On two bases it was told twice: one of them taken back leaves the other.
  await tell(twice, CLOSED);
  await takeBack(twice, await tell(twice, CLOSED));
  await tidy(inDays(31));
  assert.equal([later, withdrawn, corrected, twice].map(isKept), [true, true, true, false]);
});

test('an earlier event that is put right when the case is closed opens it no more; a closing that was none does', async () => {
  const [closed, open] = [await newCase(), await newCase()];
  const earlier = await tell(closed, CHANGED);
  await tell(closed, CLOSED);
  await tell(closed, CHANGED, { vervangt: earlier });
  await tell(open, CHANGED, { vervangt: await tell(open, CLOSED) });
  await tidy(inDays(31));
  assert.equal([closed, open].map(isKept), [false, true]);
});

test('who asked is kept for five years, or as long as is said; the newest stay', async () => {
  const { disclosures } = police.rooms.store;
  const zaak = await newCase();
  const ask = (days: number) => {
    const at = inDays(days).clock.now();
    const row = { id: newUuid7(at), at, peer: VT, zaak, outcome: 'verstrekt' };
    return police.rooms.store.write(() => disclosures.add({ ...row, basis: BASIS, digest: null }));
  };
  const left = () => disclosures.list({ zaak, peer: null, limit: 10, offset: 0 }).length;
  await ask(0);
  await ask(400);
  await tidy(inDays(5 * 365));
  assert.is(left(), 2);
  await tidy(inDays(5 * 365 + 3));
  assert.is(left(), 1);
  await tidy(inDays(400 + 300), { keepDisclosuresYears: 1 });
  assert.is(left(), 1);
  await tidy(inDays(400 + 367), { keepDisclosuresYears: 1 });
  assert.is(left(), 0);
});

test('an adapter that runs does so by itself, and says how much, and not what', async () => {
  const zaak = newUuid7(stand.clock.now()) as string as Uuid;
  await put(zaak, -1);
  const [at, message] = [stand.clock.now() - DAY, newUuid7(stand.clock.now())];
  await police.rooms.store.write(() => police.rooms.store.stands.close({ message, zaak, at }));
  await police.stop();
  police = await stand.start('politie', {
    gegevens: { host: '127.0.0.1', insideHosts: [], keepClosedDays: 0 },
  });
  await until('it to be removed', () => !isKept(zaak));
  const line = stand.log.find((one) => one.includes('what was kept for its time is removed')) ?? '';
  assert.match(line, '"stands":');
  assert.not.match(line, zaak);
});

test.run();
