/** What messages make of the record of a consultation, without a broker. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TRAFFIC_DAYS } from '../../router/bus/streams.ts';
import {
  withAnswer,
  withoutAnswer,
  withoutQuestion,
  withQuestion,
} from '../../router/consultations/change.ts';
import { momentsOf } from '../../router/consultations/clock.ts';
import { isOpen, openQuestions, partnersOf } from '../../router/consultations/look.ts';
import type { Change, Consultation } from '../../router/consultations.ts';
import { lawfulEnd } from '../../schemas/consultation.ts';
import { type Oin, parseOin, parseUuid7 } from '../../schemas/ids.ts';

const partner = (n: number): Oin => parseOin(`00000099${String(n + 1).padStart(9, '0')}000`);
const id = (kind: 'a' | 'b', n: number) =>
  parseUuid7(`0196b9a0-0000-7000-8000-${kind}0000000000${n}`);
const raadpleging = { klok: 'vrij', aanvang: 0, eind: 50 } as const;

const three = fc.nat(2);
const some = fc.uniqueArray(three, { minLength: 1 }).map((all) => all.map(partner));

/** A message, as what it does at a moment. The same message does the same at any later moment. */
const message = fc.oneof(
  fc.record({ n: three, to: some }).map(({ n, to: aan }) => (at: number): Change => {
    const asked = { bericht: id('a', n), berichttype: 'check-op-bekendheid', aan, gevraagd: at };
    return (found) => withQuestion(found, { ...asked, raadpleging });
  }),
  fc.record({ n: three, by: three, of: three }).map(({ n, by, of }) => (at: number): Change => {
    const answer = { partner: partner(by), vraag: id('a', of), bericht: id('b', n) };
    const facts = { berichttype: 'uitslag-check-op-bekendheid', gegeven: at, teLaat: false };
    return (found) => withAnswer(found, { ...answer, ...facts }, at);
  }),
  fc.record({ n: three, to: some }).map(({ n, to }) => (at: number): Change => {
    return (found) => withoutQuestion(found, { by: partner(9), bericht: id('a', n), to, at });
  }),
  fc.record({ n: three, by: three }).map(({ n, by }) => (at: number): Change => {
    return (found) => withoutAnswer(found, { by: partner(by), bericht: id('b', n), to: [], at });
  }),
);
type Message = (at: number) => Change;

function run(messages: readonly Message[]): Consultation | undefined {
  let record: Consultation | undefined;
  for (const [at, one] of messages.entries()) record = one(at)(record) ?? record;
  return record;
}

test('a message that comes again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      let record: Consultation | undefined;
      for (const [at, one] of messages.entries()) {
        record = one(at)(record) ?? record;
        assert.is(one(at + 100)(record), undefined);
      }
    }),
  );
});

test('it is closed only when nobody owes an answer, and a question opens it again', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      const record = run(messages);
      if (record === undefined) return;
      const owes = (one: Oin) =>
        record.vragen.some(
          (question) => question.aan.includes(one) && isOpen(record, question, one),
        );
      if (record.gesloten !== undefined) assert.not.ok(partnersOf(record).some(owes));
      const bericht = id('a', 9);
      const asked = { bericht, berichttype: 'x', aan: [partner(0)], gevraagd: 40, raadpleging };
      assert.is(withQuestion(record, asked)?.gesloten, undefined);
    }),
  );
});

const DAY = 24 * 3_600_000;
const ask = (found: Consultation | undefined, n: number, gevraagd: number, aan = [partner(0)]) =>
  withQuestion(found, {
    ...{ bericht: jti(n), berichttype: 'check-op-bekendheid', aan, gevraagd },
    raadpleging: { klok: 'vrij', aanvang: gevraagd / 1000, eind: gevraagd / 1000 + 3600 },
  });
const answer = (found: Consultation | undefined, n: number, to: number, at: number) => {
  const about = { partner: partner(0), vraag: jti(to), bericht: jti(n), teLaat: false };
  return withAnswer(found, { ...about, berichttype: 'uitkomst-casusinformatie', gegeven: at }, at);
};
const jti = (n: number) => parseUuid7(`0196b9a0-0000-7000-8000-${String(n).padStart(12, '0')}`);

test('an answer to the eleventh question counts like that to the first', () => {
  let record: Consultation | undefined;
  for (let n = 0; n < 11; n++) record = answer(ask(record, n, 0), 100 + n, n, 1000);
  assert.is(record?.antwoorden.length, 11);
  assert.equal(record && openQuestions(record, partner(0)), []);
});

test('ten answers to one question count; one more is noted as left out, once; one that was taken back makes room', () => {
  let record = ask(undefined, 0, 0);
  for (let n = 0; n < 10; n++) record = answer(record, 100 + n, 0, 1000);
  assert.is(record?.onvolledig, undefined);
  record = answer(record, 110, 0, 1000);
  assert.equal([record?.antwoorden.length, record?.onvolledig], [10, true]);
  assert.is(answer(record, 111, 0, 1000), undefined);
  const taken = { by: partner(0), bericht: jti(103), to: [], at: 2000 };
  assert.is(answer(withoutAnswer(record, taken), 111, 0, 3000)?.antwoorden.length, 11);
});

test('whoever answers and takes it back without end fills no more than its part', () => {
  let record = ask(undefined, 0, 0);
  for (let n = 0; n < 200; n++) {
    record = answer(record, 100 + n, 0, 1000) ?? record;
    const taken = { by: partner(0), bericht: jti(100 + n), to: [], at: 2000 };
    record = withoutAnswer(record, taken) ?? record;
  }
  assert.equal([record?.antwoorden.length, record?.onvolledig], [100, true]);
});

test('one question too many is noted as left out', () => {
  let record: Consultation | undefined;
  for (let n = 0; n < 50; n++) record = ask(record, n, 0);
  record = ask(record, 50, 0);
  assert.equal([record?.vragen.length, record?.onvolledig], [50, true]);
  assert.is(ask(record, 51, 0), undefined);
});

test('asked again every 29 days for a year, nothing is kept longer than traffic data may be', () => {
  let record: Consultation | undefined;
  for (let n = 0; n < 13; n++) {
    const at = n * 29 * DAY;
    record = answer(ask(record, n, at), 100 + n, n, at + 1000);
    if (record === undefined) throw new Error('not noted');
    record = { ...record, samengevat: at + DAY };
    const { vragen, antwoorden } = record;
    const oldest = Math.min(
      ...vragen.map(({ gevraagd }) => gevraagd),
      ...antwoorden.map(({ gegeven }) => gegeven),
    );
    assert.ok(at - oldest < TRAFFIC_DAYS * DAY, `after ${n * 29} days`);
    assert.is(vragen.length, Math.min(n + 1, 6));
  }
});

test('what stands open of a clock that has ended does not keep the next from being closed, nor closes it', () => {
  const first = ask(undefined, 0, 0);
  const second = first && ask({ ...first, samengevat: DAY }, 1, DAY);
  const withdrawal = (n: number) => ({
    by: partner(9),
    bericht: jti(n),
    to: [partner(0)],
    at: DAY,
  });
  assert.is(withoutQuestion(second, withdrawal(0))?.gesloten, undefined);
  assert.is(withoutQuestion(second, withdrawal(1))?.gesloten, DAY);
  const two = second && {
    ...second,
    vragen: second.vragen.map((one) => ({ ...one, aan: [partner(0), partner(1)] })),
  };
  const rejected = new Set([`${jti(1)} ${partner(1)}`]);
  assert.is(withoutQuestion(two, withdrawal(1))?.gesloten, undefined);
  const no = { ...withdrawal(1), rejected };
  assert.is(withoutQuestion(two, no)?.gesloten, DAY, 'who rejected it owes nothing');
  const answered = answer(second, 100, 1, DAY);
  assert.is(withoutQuestion(answered, withdrawal(0))?.gesloten, undefined);
});

test('half and three quarters of nine hours, by the hours that count', () => {
  const at = (local: string) => Date.parse(local);
  const aanvang = at('2026-11-21T20:00:00+01:00') / 1000;
  const eind = lawfulEnd({ klok: 'zsm-9', aanvang }) ?? 0;
  // Four hours until midnight, five from nine.
  assert.equal(momentsOf({ klok: 'zsm-9', aanvang, eind }).slice(0, 3), [
    at('2026-11-22T09:30:00+01:00'),
    at('2026-11-22T11:45:00+01:00'),
    at('2026-11-22T14:00:00+01:00'),
  ]);
});

test.run();
