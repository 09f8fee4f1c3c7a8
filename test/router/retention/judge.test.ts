/** When something must be gone. The sweep erases by this verdict, so a wrong yes would lose a message. */
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { STREAMS, type StreamName } from '../../../router/bus/streams.ts';
import {
  judgeCopy,
  judgeLetter,
  judgeNotice,
  type Lying,
} from '../../../router/retention/judge.ts';
import { AFTER_RECEIPT, DAY, LIMITS } from '../../../router/retention/limits.ts';
import { parseDigest, parseOin, parseUuid7 } from '../../../schemas/ids.ts';
import { COPY_STATES, STATES, type State } from '../../../schemas/states.ts';

const NOW = Date.UTC(2026, 5, 1);
const copy = (given: Partial<Lying> = {}): Lying => ({
  ...{ recipient: parseOin('00000099000000020000'), from: parseOin('00000099000000010000') },
  ...{ id: parseUuid7('019a3b5c-0000-7000-8000-000000000000'), prio: 'normaal' },
  dig: parseDigest('A'.repeat(43)),
  ...{ kind: 'aflevering', at: NOW - 1000, exp: NOW / 1000 + 3600, ...given },
});

const states = fc.array(
  fc.record({
    state: fc.constantFrom<State>(...COPY_STATES),
    at: fc.integer({ min: NOW - 40 * DAY, max: NOW }),
  }),
  { maxLength: 5 },
);

test('a copy that nothing was stated of stays until its end, whatever its age', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 34 * DAY }), (age) => {
      assert.is(judgeCopy(copy({ at: NOW - age }), [], NOW), undefined);
    }),
  );
});

test('a copy goes for three reasons and no other: settled, unreadable since it was stored, or ended', () => {
  fc.assert(
    fc.property(states, fc.boolean(), (receipts, hasEnded) => {
      const one = copy({ at: NOW - 10 * DAY, exp: NOW / 1000 + (hasEnded ? -1 : 1) });
      const settled = receipts.some(({ state }) => STATES[state].settles);
      const unread = receipts.some((r) => r.state === 'onleesbaar' && r.at > one.at);
      assert.is(judgeCopy(one, receipts, NOW) !== undefined, settled || unread || hasEnded);
    }),
  );
});

test('an old word that it could not be read says nothing of the copy that was sealed since', () => {
  const word = { state: 'onleesbaar', at: NOW - 2000 } as const;
  assert.is(judgeCopy(copy({ at: NOW - 1000 }), [word], NOW), undefined);
  assert.is(judgeCopy(copy({ at: NOW - 3000 }), [word], NOW)?.why, 'onleesbaar');
});

test('24 hours are counted from the receipt; for a copy that was stored after it, from then', () => {
  const word = { state: 'afgeleverd', at: NOW - 2 * DAY } as const;
  const before = judgeCopy(copy({ at: NOW - 3 * DAY }), [word], NOW);
  assert.equal(before, { why: 'afgehandeld', since: word.at, latest: word.at + AFTER_RECEIPT });
  const after = judgeCopy(copy({ at: NOW - 1000 }), [word], NOW);
  assert.is(after?.latest, NOW - 1000 + AFTER_RECEIPT);
});

test('a dead letter goes with the verdict on its message, or when it can never be accepted any more', () => {
  const letter = { parkedAt: NOW - DAY };
  assert.is(judgeLetter(letter, undefined, NOW), undefined);
  assert.equal(judgeLetter(letter, NOW - 2 * DAY, NOW), {
    ...{ why: 'beslist', since: letter.parkedAt, latest: letter.parkedAt + AFTER_RECEIPT },
  });
  assert.is(judgeLetter(letter, NOW - 1000, NOW)?.since, NOW - 1000);
  assert.is(judgeLetter({ parkedAt: NOW - 6 * DAY }, undefined, NOW)?.why, 'verlopen');
});

test('a receipt that its sender never fetches is traffic data: six months', () => {
  assert.is(judgeNotice({ at: NOW - 150 * DAY }, NOW), undefined);
  assert.is(judgeNotice({ at: NOW - 171 * DAY }, NOW)?.why, 'zes-maanden');
});

test('what the broker is told stays within the law; of six months some is left for its files', () => {
  for (const [name, { days }] of Object.entries(LIMITS)) {
    const set = STREAMS[name as StreamName].days;
    assert.ok(days === null || set === null || set <= days, name);
  }
  for (const name of ['RECEIPT', 'LEDGER', 'ID'] as const)
    assert.ok((STREAMS[name].days ?? 999) <= 170, name);
});

test.run();
