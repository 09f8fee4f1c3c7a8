/** The counting of the fault suite can fail: what is lost or doubled is seen. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Samenvatting } from '../../schemas/generated/wire.ts';
import type { Uuid7 } from '../../schemas/ids.ts';
import { count, type Effect, type Evidence, type Known, type Offered, recovery } from './count.ts';
import { type Heard, judge } from './judge-consultations.ts';

const message = (report: string, given: Partial<Offered> = {}): Offered => ({
  ...{ jti: `id-${report}`, report, sender: 'politie', to: ['vt'] },
  ...{ offeredAt: 0, acceptedAt: 1 },
  ...given,
});

const effect = (report: string, given: Partial<Effect> = {}): Effect => ({
  ...{ agency: 'vt', report, jti: `id-${report}`, key: `key-${report}`, at: 10 },
  ...given,
});

const evidence = (given: Partial<Evidence>): Evidence => ({
  ...{ offered: [message('a'), message('b')], effects: [effect('a'), effect('b')], inbox: [] },
  known: () => 'arrived',
  ...given,
});

const knows = (what: Readonly<Record<string, Known>>) => (jti: string) => what[jti] ?? 'arrived';

test('all well: as many delivered as accepted', () => {
  const { offered, accepted, copies, delivered, told, lost, twice, unknown } = count(evidence({}));
  assert.equal(
    { offered, accepted, copies, delivered, told, lost, twice, unknown },
    { offered: 2, accepted: 2, copies: 2, delivered: 2, told: 0, lost: 0, twice: 0, unknown: 0 },
  );
});

test('what neither arrived nor was told is lost, even when the sender believes that it arrived', () => {
  for (const known of ['nothing', 'arrived'] as const) {
    const counts = count(evidence({ effects: [effect('a')], known: knows({ 'id-b': known }) }));
    assert.is(counts.lost, 1);
    assert.is(counts.delivered, 1);
  }
});

test('what did not arrive, and the sender knows, is told and not lost', () => {
  const { lost, told } = count(
    evidence({ effects: [effect('a')], known: knows({ 'id-b': 'failed' }) }),
  );
  assert.equal([lost, told], [0, 1]);
});

test('what the recipient itself lists as lacking is told, and not lost', () => {
  const missed = (jti: string) => jti === 'id-b';
  const { lost, told } = count(evidence({ effects: [effect('a')], missed }));
  assert.equal([lost, told], [0, 1]);
});

test('what arrived at one of two recipients is lost at the other', () => {
  const { copies, lost } = count(
    evidence({ offered: [message('a', { to: ['vt', 'rvdk'] })], effects: [effect('a')] }),
  );
  assert.equal([copies, lost], [2, 1]);
});

test('a report under two keys, under two ids, or in two rows came twice', () => {
  const twiceOf = (given: Partial<Evidence>) => count(evidence(given)).twice;
  const both = [effect('a'), effect('b')];
  assert.is(twiceOf({ effects: [...both, effect('a', { key: 'other' })] }), 1);
  assert.is(twiceOf({ effects: [...both, effect('a', { jti: 'other' })] }), 1);
  const row = { agency: 'vt', sender: 'politie', jti: 'id-a' };
  assert.is(twiceOf({ inbox: [row, row] }), 1);
});

test('the same key again is a repeat, which the system knows, and not a second report', () => {
  const { twice, repeats } = count(evidence({ effects: [effect('a'), effect('a'), effect('b')] }));
  assert.equal([twice, repeats], [0, 1]);
});

test('what was not accepted is not asked for', () => {
  const never = { ...message('c') };
  delete never.acceptedAt;
  const { offered, accepted, lost } = count(
    evidence({ offered: [message('a'), never], effects: [effect('a')] }),
  );
  assert.equal([offered, accepted, lost], [2, 1, 0]);
});

test('what arrived without the sender being told is shown', () => {
  assert.is(count(evidence({ known: knows({ 'id-a': 'nothing' }) })).unknown, 1);
});

test('recovery is the time until the last report from before the end of the fault was there', () => {
  const offered = [message('a', { offeredAt: 5 }), message('b', { offeredAt: 95 })];
  const effects = [effect('a', { at: 130 }), effect('a', { at: 900 }), effect('b', { at: 500 })];
  assert.is(recovery(offered, effects, [90]), 40);
  assert.is(recovery(offered, effects, [600]), 0);
  assert.is(recovery(offered, effects, [90, 450]), 50);
});

const PUT = { conversatie: 'c', vraag: 'q', partners: ['vt', 'rvdk'] };
const summary = (jti: string, answers: readonly (readonly [string, boolean])[]) =>
  ({
    ...{ jti, conversatie: 'c' },
    partners: ['vt', 'rvdk'].map((oin) => ({
      ...{ oin, vragen: [{ bericht: 'q' }] },
      antwoorden: answers
        .filter(([bericht]) => bericht.startsWith(oin))
        .map(([bericht, teLaat]) => ({ bericht, teLaat })),
    })),
  }) as unknown as Samenvatting;
const heard = (given: Partial<Heard> = {}): Heard => ({
  ...{ put: [PUT], summaries: [summary('s', [['vt-1', false]])], reminders: [] },
  answers: () => [{ bericht: 'vt-1', partner: 'vt', late: false }],
  ...given,
});

test('a consultation has one summary: none, two, and one that says otherwise than its answers are seen', () => {
  assert.equal(judge(heard()), []);
  const whole = summary('s', [['vt-1', false]]);
  assert.equal(judge(heard({ summaries: [whole, whole] })), [], 'the same, told again');
  const first = summary('r', []);
  assert.equal(judge(heard({ summaries: [first, whole] })), [], 'the first could not have it');
  const twice = judge(heard({ summaries: [whole, { ...whole, jti: 't' as Uuid7 }] }));
  assert.equal(twice, ['c: summed up twice']);
  assert.equal(judge(heard({ summaries: [] })), ['c: no summary']);
  assert.equal(judge(heard({ summaries: [first] })), ['c: vt-1 was in time, and is not listed']);
  const late = () => [{ bericht: 'vt-1', partner: 'vt', late: true }];
  assert.equal(judge(heard({ answers: late })), ['c: vt-1 was late, and is listed in time']);
  const one = { ...whole, partners: whole.partners.slice(0, 1) };
  assert.equal(judge(heard({ summaries: [one] })), ['c: 1 of 2 partners are in the summary']);
});

test('a third reminder of one question is seen; the same one told again is none', () => {
  const reminders = ['a', 'b', 'b'].map((id) => ({ id, vraag: 'q' }));
  assert.equal(judge(heard({ reminders })), []);
  const more = [...reminders, { id: 'c', vraag: 'q' }];
  assert.equal(judge(heard({ reminders: more })), ['c: reminded 3 times']);
});

test.run();
