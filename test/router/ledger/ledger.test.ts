/** The ledger and its notary on a real broker, as long as nobody cheats. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { subjects } from '../../../router/bus/subjects.ts';
import type { LedgerEntry } from '../../../router/ledger.ts';
import type { Clock } from '../../../schemas/clock.ts';
import { until } from '../../town/wait.ts';
import { anEntry, DAY_MS, type House, openHouse } from './house.ts';

let house: House;
test.before(async () => {
  house = await openHouse();
});
test.after(() => house.stop());

test('an empty ledger verifies', async () => {
  const verdict = await house.verify();
  assert.ok(verdict.ok);
  assert.is(verdict.size, 0);
});

test('an entry is stored with a salt, its kind and its time, and nothing that the table does not know', async () => {
  await house.ledger.append(anEntry());
  const stored = await house.bus.log('LEDGER').last(subjects.ledger('aanvaard'));
  const entry = JSON.parse(Buffer.from(stored?.data ?? []).toString());
  assert.equal(Object.keys(entry).slice(0, 3), ['salt', 'kind', 'at']);
  assert.is(Buffer.from(entry.salt, 'base64url').length, 16);
  assert.equal(stored?.headers, {});
  const strange = { ...anEntry(), naam: 'J. Jansen' } as unknown as LedgerEntry;
  const refused = await house.ledger.append(strange).catch((error) => error);
  assert.match(refused.message, 'wrong field naam');
  assert.not.match(refused.message, 'Jansen');
});

test('free text does not get into a field', async () => {
  const talkative = { ...anEntry(), ontvangstbewijs: 'mevrouw De Vries' } as unknown as LedgerEntry;
  const refused = await house.ledger.append(talkative).catch((error) => error);
  assert.match(refused.message, 'ontvangstbewijs');
  assert.not.match(refused.message, 'Vries');
});

test('many writers at once, one notary: every entry is in the chain, in the order of the broker', async () => {
  await house.append(500);
  await house.settle();
  const verdict = await house.verify();
  assert.equal(verdict.faults, []);
  assert.is(verdict.size, 501);
  assert.is(verdict.present, 501);
  assert.is(verdict.unchained, 0);
  assert.ok(verdict.checkpoints >= 1);
});

test('entries that the notary has not reached yet are counted, not condemned', async () => {
  await house.append(7);
  const verdict = await house.verify();
  assert.ok(verdict.ok);
  assert.is(verdict.unchained, 7);
});

test('every process that writes learns the latest checkpoint', async () => {
  await house.settle();
  const [last] = (await house.checkpoints()).slice(-1);
  await until('the chain to come so far', () => house.ledger.checkpoint() === last);
});

test('a notary signs no more often than it may, and signs what is left when its time comes', async () => {
  let now = Date.now();
  const clock: Clock = { now: () => now };
  const before = (await house.checkpoints()).length;
  const notary = await house.notary({ clock, checkpointMs: 60_000 });
  const chained = async () => (await house.verify()).unchained === 0;
  for (let round = 0; round < 5; round++) {
    await house.append(3);
    await until('the chain to come so far', chained);
  }
  assert.is((await house.checkpoints()).length, before + 1);
  now += 60_000;
  await until(
    'the chain to come so far',
    async () => (await house.checkpoints()).length === before + 2,
  );
  await notary.stop();
  assert.ok((await house.verify()).ok);
});

test('of two notaries one works; when it is gone the other goes on, and nothing is chained twice', async () => {
  let now = Date.now();
  const clock: Clock = { now: () => now };
  const second = await house.broker.connect('pipeline', 'second');
  const first = await house.notary({ clock, leaseMs: 5000 });
  const other = await house.notary({ clock, leaseMs: 5000, bus: second });
  const size = (await house.verify()).size;
  await house.append(50);
  await until('the chain to come so far', async () => (await house.verify()).size === size + 50);
  await first.stop();
  await house.append(50);
  await until('the chain to come so far', async () => (await house.verify()).size === size + 100);
  await other.stop();
  // One that is cut off without giving its lease back: the next waits for the end of the lease.
  const lost = await house.broker.connect('pipeline', 'lost');
  const cut = await house.notary({ clock, leaseMs: 5000, bus: lost });
  await house.append(10);
  await until('the chain to come so far', async () => (await house.verify()).size === size + 110);
  await lost.close();
  await cut.stop();
  const heir = await house.notary({ clock, leaseMs: 5000 });
  await house.append(10);
  now += 5001;
  await until('the chain to come so far', async () => (await house.verify()).size === size + 120);
  await heir.stop();
  const verdict = await house.verify();
  assert.equal(verdict.faults, []);
});

test('two that both believe they hold the lease still cannot fork the chain', async () => {
  // Clocks an hour apart: each finds the lease of the other long over.
  const [slow, fast] = [Date.now(), Date.now() + 3600_000];
  const options = { leaseMs: 50, everyMs: 5 };
  const one = await house.notary({ ...options, clock: { now: () => fast } });
  const other = await house.broker.connect('pipeline', 'other');
  const faults: unknown[] = [];
  const two = await house.notary({
    ...options,
    bus: other,
    clock: { now: () => slow },
    onFault: (fault) => faults.push(fault),
  });
  for (let round = 0; round < 20; round++) await house.append(10);
  await until('the chain to come so far', async () => (await house.verify()).unchained === 0);
  await one.stop();
  await two.stop();
  assert.equal((await house.verify()).faults, []);
  assert.equal(faults, []);
});

test('the notary lives through a crash of the broker', async () => {
  const notary = await house.notary();
  await house.append(20);
  await house.broker.kill();
  await house.broker.start();
  await house.append(20);
  await until('the chain to come so far', async () => (await house.verify()).unchained === 0);
  await notary.stop();
  assert.equal((await house.verify()).faults, []);
});

test('entries that reached the end of their life go, and the chain still verifies', async () => {
  // As it will be in half a year, when the broker has dropped the first hundred entries.
  await house.settle();
  const later: Clock = { now: () => Date.now() + 185 * DAY_MS };
  const kept = house.bus.log('LEDGER').list(subjects.ledger('*'), 101);
  const verdict = await house.verify({ clock: later, entries: kept });
  assert.equal(verdict.faults, []);
  assert.is(verdict.expired, 100);
  assert.is(verdict.present, verdict.size - 100);
});

test.run();
