/** The sender's promise: receipts that others took away are found, and a router that lost a message is given it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { post } from '../../adapters/outlet.ts';
import { trackOf } from '../../adapters/track.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { readJws } from '../../certs/verify.ts';
import type { Feit } from '../../schemas/generated/wire.ts';
import { type Digest, type Oin, toUrn } from '../../schemas/ids.ts';
import { toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { State } from '../../schemas/states.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import { openStand, report, type Stand, until } from './stand.ts';

const POLICE = AGENCIES.politie.oin;
const [HOUR, DAY] = [3600, 86_400];
let stand: Stand;
let police: Agency;
test.before(async () => {
  stand = await openStand();
  police = await stand.start('politie');
});
test.after(() => stand.close());
test.after.each(() => {
  stand.door.fault = () => undefined;
  delete stand.door.router.mischief.refuse;
});

const row = (jti: string) => {
  const found = police.rooms.store.outbox.get(jti);
  if (found === undefined) throw new Error('not sent');
  return found;
};
const track = (jti: string) => trackOf(police.rooms, row(jti));
const reaches = (jti: string, staat: string) =>
  until(`${staat} of ${jti}`, () => row(jti).state === staat);
const offers = (jti: string) => stand.door.router.offers.get(jti) ?? 0;
const questions = (jti: string) =>
  stand.door.requests.filter((one) => one === `GET /v1/berichten/${jti}`).length;

/** Nothing is due, and of every offer that was made it was written down how it went. */
function isAtRest(): boolean {
  const rows = police.rooms.store.outbox.list({ state: null, before: null, limit: 100 });
  const now = stand.clock.now();
  return rows.every(
    ({ jti, nextAt, attempts }) => (nextAt === null || nextAt > now) && attempts >= offers(jti),
  );
}

/** Puts the clock forward and wakes the outbox, as time would. The lists of revoked certificates are new each day. */
async function later(seconds: number): Promise<void> {
  await until('what is under way to be written down', isAtRest);
  stand.clock.move(seconds);
  await stand.freshLists();
  police.rooms.rings.outbox();
}

const inTime = (seconds: number) => new Date(stand.clock.now() + seconds * 1000).toISOString();

async function sent(to: AgencyName, more: object = {}): Promise<string> {
  const draft = report({ aan: [AGENCIES[to].oin], prio: 'normaal', ...more });
  const { bericht } = await post(police.rooms, draft);
  await reaches(bericht, 'aanvaard');
  return bericht;
}

/** A recipient states it and the router has it; the sender's mailbox was emptied by somebody else. */
async function stateUnheard(jti: string, by: AgencyName, staat: State): Promise<void> {
  const { router } = stand.door;
  const { oin } = AGENCIES[by];
  const about = { afzender: toUrn(POLICE), bericht: row(jti).jti, dig: row(jti).digest as Digest };
  const fact: Feit = { staat, ...about, ontvanger: toUrn(oin) };
  const issuer = await loadIdentity(stand.keys.identity(oin));
  router.records.get(jti)?.receipts.push(await router.state(POLICE, fact, issuer));
}

test('a receipt that somebody else took is found at the next offer, and then nothing is asked', async () => {
  const jti = await sent('vt');
  await later(37);
  await until('a second offer', () => offers(jti) === 2 && questions(jti) === 1);
  const { requests } = stand.door;
  assert.not.ok(requests.includes(`GET /v1/berichten/${jti}/ontvangstbewijzen`), 'no news yet');
  await stateUnheard(jti, 'vt', 'verwerkt');
  await later(145);
  await reaches(jti, 'afgerond');
  assert.is(row(jti).nextAt, null, 'there is nothing left to ask');
});

test('a late afgewezen is found although its receipt never reached the mailbox', async () => {
  const jti = await sent('vt');
  await stateUnheard(jti, 'vt', 'afgeleverd');
  await later(37);
  await reaches(jti, 'afgerond');
  assert.is(track(jti).volgendePoging, undefined, 'it is offered no more');
  await stateUnheard(jti, 'vt', 'afgewezen');
  const before = offers(jti);
  await later(HOUR + 1);
  await until('afgewezen', () => track(jti).ontvangers[0]?.staat === 'afgewezen');
  assert.is(offers(jti), before);
  assert.is(row(jti).nextAt, null);
});

test('what is settled is asked about less and less often, and not for ever', async () => {
  const jti = await sent('halt', { geldigTot: inTime(DAY) });
  await stateUnheard(jti, 'halt', 'afgeleverd');
  await later(37);
  await reaches(jti, 'afgerond');
  let asked = questions(jti);
  for (const hours of [1, 6, 24, 48, 96, 192, 192]) {
    await later(hours * HOUR + 1);
    await until(`a question after ${hours} hours`, () => questions(jti) === asked + 1);
    await until('its end', () => (row(jti).nextAt ?? Number.POSITIVE_INFINITY) > stand.clock.now());
    asked += 1;
  }
  await until('no more questions', () => row(jti).nextAt === null);
});

test('before it tells that the end has come it asks once more', async () => {
  const jti = await sent('vt', { geldigTot: inTime(HOUR) });
  await later(HOUR + 1);
  await until('a question', () => questions(jti) === 1);
  await stateUnheard(jti, 'vt', 'afgeleverd');
  await later(HOUR);
  await reaches(jti, 'afgerond');
  assert.not.ok(track(jti).tijdlijn.some(({ staat }) => staat === 'verlopen'));
});

test('after the end it still asks: a late receipt wins, and shows', async () => {
  const jti = await sent('vt', { geldigTot: inTime(HOUR) });
  await later(HOUR + 1);
  await later(HOUR);
  await reaches(jti, 'verlopen');
  assert.is(track(jti).ontvangers[0]?.staat, 'wacht');
  await stateUnheard(jti, 'vt', 'afgeleverd');
  await later(HOUR + 1);
  await reaches(jti, 'afgerond');
  assert.is(track(jti).ontvangers[0]?.staat, 'afgeleverd');
});

test('a router that does not answer keeps nobody from being told that the end has come', async () => {
  const jti = await sent('vt', { geldigTot: inTime(HOUR) });
  stand.door.fault = (_, path) => (path.includes(jti) ? { how: 'cut' } : undefined);
  await later(HOUR + 1);
  await later(HOUR);
  await reaches(jti, 'verlopen');
});

test('a router that lost everything is given the message again, under the same id', async () => {
  const jti = await sent('rvdk');
  stand.door.router.records.clear();
  await later(37);
  await until('a second offer', () => offers(jti) === 2);
  assert.is(row(jti).state, 'aanvaard');
  await until('two acceptances', () => police.rooms.store.receipts.of(jti).length === 2);
  assert.not.ok(track(jti).ontvangers[0]?.tegenstrijdig, 'twice accepted is no contradiction');
});

test('a router that lost it after it was settled is given it again: so what came since is told', async () => {
  const jti = await sent('rvdk');
  await stateUnheard(jti, 'rvdk', 'afgeleverd');
  await later(37);
  await reaches(jti, 'afgerond');
  stand.door.router.records.clear();
  await later(HOUR + 1);
  await until('another offer', () => offers(jti) === 3);
  assert.is(row(jti).state, 'afgerond');
  await stateUnheard(jti, 'rvdk', 'afgewezen');
  await later(7 * HOUR);
  await until('afgewezen', () => track(jti).ontvangers[0]?.staat === 'afgewezen');
});

test('a router that lost it finds others the second time: both are waited for', async () => {
  const { router } = stand.door;
  const draft = report({ prio: 'normaal' }) as { aan?: unknown };
  delete draft.aan;
  const { bericht: jti } = await post(police.rooms, draft);
  await reaches(jti, 'aanvaard');
  router.records.clear();
  router.mischief.acceptance = (fact) => ({ ...fact, ontvangers: [toUrn(AGENCIES.halt.oin)] });
  await later(37);
  const known = await until('another recipient', () => {
    const { ontvangers } = track(jti);
    return ontvangers.length === 2 ? ontvangers : undefined;
  });
  delete router.mischief.acceptance;
  assert.equal(
    known.map(({ oin }) => oin).sort(),
    [AGENCIES.vt.oin, AGENCIES.halt.oin].sort() as Oin[],
  );
});

test('refused, when an earlier offer had been accepted and the answer was lost: the acceptance is found', async () => {
  stand.door.fault = (method, path) =>
    `${method} ${path}` === 'POST /v1/berichten' ? { how: 'mute' } : undefined;
  const { bericht: jti } = await post(police.rooms, report({ prio: 'normaal' }));
  await until('first attempt', () => row(jti).attempts === 1);
  stand.door.fault = () => undefined;
  stand.door.router.mischief.refuse = () => new Refusal('certificate-unknown');
  await later(7);
  await until('the refusal', () => row(jti).attempts === 2);
  await until('the acceptance', () => row(jti).state === 'aanvaard');
});

test('asked with a ticket of ours; one that the router does not take is made anew', async () => {
  const jti = await sent('vt');
  const before = await police.rooms.ticket.fresh();
  const problem = { ...toProblem(new Refusal('ticket-invalid')) };
  stand.door.fault = (method, path) =>
    `${method} ${path}` === `GET /v1/berichten/${jti}`
      ? { how: 'answer', status: 403, body: JSON.stringify(problem) }
      : undefined;
  await later(37);
  await until('a question', () => questions(jti) === 1);
  await until('another ticket', async () => (await police.rooms.ticket.fresh()) !== before);
  stand.door.fault = () => undefined;
  await stateUnheard(jti, 'vt', 'verwerkt');
  await later(145);
  await reaches(jti, 'afgerond');
});

test('the answer of the router moves nothing by itself: receipts do', async () => {
  const jti = await sent('vt');
  const { router } = stand.door;
  const truth = router.status.bind(router);
  router.status = (id) => ({
    ...truth(id),
    ontvangers: [{ oin: AGENCIES.vt.oin, staat: 'verwerkt' }],
  });
  await later(37);
  await until('a question', () => questions(jti) === 1);
  await until('the receipts asked for', () =>
    stand.door.requests.includes(`GET /v1/berichten/${jti}/ontvangstbewijzen`),
  );
  router.status = truth;
  assert.is(row(jti).state, 'aanvaard');
  assert.is(track(jti).ontvangers[0]?.staat, 'wacht');
});

test('the whole life long: offers under one id for five days, then questions, then the word', async () => {
  const jti = await sent('halt', { geldigTot: inTime(6 * DAY) });
  for (let hours = 0; hours < 150; hours += 2) {
    await later(2 * HOUR);
    await until('the next look', () => (row(jti).nextAt ?? 0) > stand.clock.now());
  }
  await reaches(jti, 'verlopen');
  const { claims } = readJws(police.rooms.store.outbox.content(jti)?.jws ?? '', TYP.message);
  assert.is(claims['jti'], jti);
  assert.ok(offers(jti) >= 55, `${offers(jti)} offers in five days`);
  const acceptances = police.rooms.store.receipts.of(jti).map(({ state }) => state);
  assert.equal(acceptances, ['aanvaard'], 'one acceptance, whatever was offered again');
  assert.ok(stand.door.router.given.every((one) => one.events[RECEIPT_EVENT].bericht !== jti));
});

test.run();
