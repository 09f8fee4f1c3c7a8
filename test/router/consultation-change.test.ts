/** What messages make of the record of a consultation, without a broker. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  withAnswer,
  withoutAnswer,
  withoutQuestion,
  withQuestion,
} from '../../router/consultations/change.ts';
import { momentsOf } from '../../router/consultations/clock.ts';
import { isOpen, partnersOf } from '../../router/consultations/look.ts';
import type { Change, Consultation } from '../../router/consultations.ts';
import { type Oin, parseOin, parseUuid7 } from '../../schemas/ids.ts';
import { lawfulEnd } from '../../schemas/rules/consultation.ts';

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
