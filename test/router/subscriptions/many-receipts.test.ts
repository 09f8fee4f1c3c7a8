/** A message to hundreds: what its receipts cost, and that its deadline goes with the last of them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { closeWhenSettled } from '../../../router/deadlines/close-settled.ts';
import { ALARM_DEFAULTS } from '../../../router/deadlines/settings.ts';
import type { KeptReceipt } from '../../../router/receipts.ts';
import type { Rooms } from '../../../router/rooms.ts';
import { newUuid7, type Oin, parseOin } from '../../../schemas/ids.ts';

const COUNT = 300;

test('the receipts of hundreds of copies are not all looked up at each of them; the last closes the deadline', async () => {
  const sender = parseOin('00000099000000020000');
  const jti = newUuid7(Date.now());
  const recipients = Array.from({ length: COUNT }, (_, n) =>
    parseOin(`00000099${String(500_000_000 + n)}000`),
  );
  const kept = new Set<Oin>();
  let [looked, closed] = [0, 0];
  const receipts = {
    async of(_: Oin, __: string, copies: readonly Oin[]): Promise<KeptReceipt[]> {
      looked += copies.length;
      const there = copies.filter((copy) => kept.has(copy));
      return there.map((copy) => ({ copy, state: 'verwerkt', jws: '', at: Date.now() }));
    },
  };
  const record = {
    verdict: 'accepted',
    recipients,
    prio: 'normaal',
    exp: Date.now() / 1000 + 1000,
  };
  const rooms = {
    ...{ receipts, clock: { now: () => Date.now() }, settings: { alarm: ALARM_DEFAULTS } },
    ids: { find: async () => record },
    deadlines: { close: async () => void closed++ },
  } as unknown as Rooms;
  for (const recipient of recipients) {
    assert.is(closed, 0);
    kept.add(recipient);
    closeWhenSettled(rooms, { message: { sender, jti }, state: 'verwerkt' });
    await new Promise((done) => setImmediate(done));
  }
  for (let n = 0; n < 1000 && closed === 0; n++) await new Promise((done) => setImmediate(done));
  assert.is(closed, 1);
  assert.ok(looked < 40 * COUNT, `${looked} lookups`);
});

test.run();
