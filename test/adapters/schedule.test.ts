import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  endOf,
  GRACE,
  JITTER,
  lastOffer,
  nextLook,
  nextQuestion,
  OLDEST_OFFER,
  planFor,
  REMEMBERED,
  STEPS,
  waitFor,
} from '../../adapters/schedule.ts';
import type { OutboxState, Prio } from '../../adapters/store/outbox.ts';

const DAY = 86_400;
const prio = fc.constantFrom<Prio>('spoed', 'normaal');
const phase = fc.constantFrom('offer' as const, 'confirm' as const, 'handover' as const);
const life = fc
  .record({
    state: fc.constantFrom<OutboxState>('ingediend', 'aanvaard'),
    issued: fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
    length: fc.integer({ min: 60, max: 30 * DAY }),
  })
  .map(({ length, ...one }) => ({ ...one, expires: one.issued + length }));

test('waits grow, and vary no more than the jitter', () => {
  fc.assert(
    fc.property(
      phase,
      prio,
      fc.nat(50),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (kind, how, step, random) => {
        const middle = waitFor(kind, how, step, 0.5);
        assert.ok(waitFor(kind, how, step + 1, 0.5) >= middle);
        const wait = waitFor(kind, how, step, random);
        assert.ok(Math.abs(wait - middle) <= JITTER * middle + 1);
      },
    ),
  );
});

test('urgent messages never wait longer than others', () => {
  fc.assert(
    fc.property(phase, fc.nat(50), (kind, step) => {
      assert.ok(waitFor(kind, 'spoed', step, 0.5) <= waitFor(kind, 'normaal', step, 0.5));
    }),
  );
});

test('the steps are those of the documentation', () => {
  assert.equal(
    STEPS.offer.normaal.map((ms) => ms / 1000),
    [5, 30, 120, 600, 3600],
  );
});

test('a message is offered while the router would take it, and every one comes to an end', () => {
  fc.assert(
    fc.property(life, prio, (message, how) => {
      let now = message.issued * 1000;
      let offers = 0;
      for (let step = 0; step < 3000; step += 1) {
        const plan = planFor(message, now);
        if (plan === 'end') {
          assert.ok(offers > 0, 'offered at least once');
          assert.ok(now >= endOf(message));
          return;
        }
        if (plan === 'offer') {
          offers += 1;
          assert.ok(now < lastOffer(message));
          assert.ok(now - message.issued * 1000 < OLDEST_OFFER);
        }
        const next = nextLook(message, now, waitFor('offer', how, step, 0.5));
        assert.ok(next > now, 'time goes on');
        assert.ok(next <= endOf(message));
        now = next;
      }
      assert.unreachable('it never came to an end');
    }),
  );
});

test('receipts are waited for a while beyond the end; an offer that never succeeded is not', () => {
  const message = { issued: 1_800_000_000, expires: 1_800_000_000 + DAY };
  assert.is(endOf({ ...message, state: 'aanvaard' }), message.expires * 1000 + GRACE);
  assert.is(endOf({ ...message, state: 'ingediend' }), message.expires * 1000);
  const long = { ...message, expires: message.issued + 30 * DAY };
  assert.is(endOf({ ...long, state: 'ingediend' }), (message.issued + 5 * DAY) * 1000);
  assert.is(planFor({ ...long, state: 'aanvaard' }, (message.issued + 6 * DAY) * 1000), 'ask');
});

test('what is settled is asked about with growing waits, and not for ever', () => {
  fc.assert(
    fc.property(life, fc.constantFrom<OutboxState>('afgerond', 'verlopen'), (one, state) => {
      const message = { ...one, state };
      let now = message.issued * 1000;
      const asked: number[] = [];
      for (let step = 0; ; step += 1) {
        assert.is(planFor(message, now), 'ask');
        const next = nextQuestion(message, now, step);
        if (next === null) break;
        assert.ok(next > now);
        asked.push(next);
        now = next;
      }
      assert.ok(asked.length >= 3 && asked.length < 15, `asked ${asked.length} times`);
      assert.ok(now < message.expires * 1000 + REMEMBERED);
    }),
  );
});

test('between the last offer and the end the router is asked every hour', () => {
  const issued = 1_800_000_000;
  const long = { issued, expires: issued + 30 * DAY, state: 'aanvaard' } as const;
  const now = (issued + 6 * DAY) * 1000;
  assert.is(nextLook(long, now, 10_000), now + 3_600_000);
  const end = endOf(long);
  assert.is(nextLook(long, end - 60_000, 10_000), end);
});

test.run();
