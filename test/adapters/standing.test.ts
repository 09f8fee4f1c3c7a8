import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contradicts } from '../../adapters/contradiction.ts';
import { standingOf, stateOf } from '../../adapters/standing.ts';
import type { Recipient } from '../../adapters/store/outbox.ts';
import type { ReceiptRow } from '../../adapters/store/receipts.ts';
import type { Oin } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';

const VT = '00000099000000020000' as Oin;
const HALT = '00000099000000030000' as Oin;
const told = (state: State, recipient: Oin | null = VT, stated = 1, counted = 1): ReceiptRow =>
  ({ state, recipient, issuer: recipient, stated, counted, contradicts: 0 }) as ReceiptRow;

const copyStates = fc.constantFrom<State>('afgeleverd', 'verwerkt', 'onleesbaar', 'onbestelbaar');

test('where a copy stands does not depend on the order in which receipts came', () => {
  fc.assert(
    fc.property(
      fc.array(copyStates, { minLength: 1, maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (states, order) => {
        const receipts = states.map((state) => told(state));
        const mixed = receipts
          .map((receipt) => ({ receipt, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ receipt }) => receipt);
        assert.is(standingOf(VT, mixed)?.state, standingOf(VT, receipts)?.state);
      },
    ),
  );
});

test('a late delivery wins over undeliverable', () => {
  assert.is(standingOf(VT, [told('onbestelbaar'), told('afgeleverd')])?.state, 'afgeleverd');
  assert.is(standingOf(VT, [told('afgeleverd'), told('onbestelbaar')])?.state, 'afgeleverd');
});

test('receipts of others, and those that do not count, say nothing of a copy', () => {
  assert.is(standingOf(VT, [told('verwerkt', HALT), told('afgeleverd', VT, 1, 0)]), undefined);
});

test('a message is done when every copy is settled; unreadable is not settled', () => {
  const at = (oin: Oin, state: State | null): Recipient => ({ oin, state, at: 1 });
  const row = { state: 'aanvaard' } as const;
  assert.is(stateOf(row, [at(VT, 'afgeleverd'), at(HALT, null)], []), 'aanvaard');
  assert.is(stateOf(row, [at(VT, 'afgeleverd'), at(HALT, 'onleesbaar')], []), 'aanvaard');
  assert.is(stateOf(row, [at(VT, 'afgeleverd'), at(HALT, 'afgewezen')], []), 'afgerond');
  assert.is(stateOf({ state: 'verlopen' }, [at(VT, 'afgeleverd')], []), 'afgerond');
  assert.is(stateOf({ state: 'ingediend' }, [], [told('geweigerd', null)]), 'geweigerd');
});

test('contradictions are what neither order can explain', () => {
  assert.ok(contradicts([told('verwerkt')], told('afgewezen')));
  assert.ok(contradicts([told('aanvaard', null)], told('geweigerd', null)));
  assert.ok(contradicts([told('geweigerd', null)], told('afgeleverd')));
  assert.not.ok(contradicts([told('onbestelbaar')], told('afgeleverd')));
  assert.not.ok(contradicts([told('verwerkt')], told('afgeleverd')));
  assert.not.ok(contradicts([told('verwerkt', HALT)], told('afgewezen')));
  assert.not.ok(contradicts([told('verwerkt', VT, 1, 0)], told('afgewezen')));
});

test.run();
