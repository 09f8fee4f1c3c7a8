/** The clock of a consultation: the law decides how long it runs, and what stands on a question is held to it. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lawfulEnd } from '../../schemas/consultation.ts';
import { brokenRules } from '../../schemas/rules.ts';
import { goodSamples, IAT, messageWith, placesOf } from './samples.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const TYPES = ['check-op-bekendheid', 'verzoek-casusinformatie'] as const;
const at = (local: string) => Date.parse(local) / 1000;

/** A question with this clock, signed at `iat` and good for five days. */
const question = (raadpleging: unknown, kop: object = {}, type: string = TYPES[0]) =>
  messageWith(type, goodSamples(type).get('zsm.json'), {
    ...{ verwijst: null, raadpleging },
    ...kop,
  });

const LOCAL = new Intl.DateTimeFormat('en-GB', {
  ...{ timeZone: 'Europe/Amsterdam', hour: '2-digit', hourCycle: 'h23' },
});

/** As a clerk would with a watch: minute by minute, those from nine until midnight. */
function countedOnAWatch(aanvang: number, hours: number): number {
  let [now, left] = [aanvang, hours * 60];
  while (left > 0) {
    if (Number(LOCAL.format(now * 1000)) >= 9) left--;
    now += MINUTE;
  }
  return now;
}

test('the end of the law is what a watch counts, also in the nights in which the clocks change', () => {
  const minutes = (from: string, to: string) =>
    fc.integer({ min: at(from) / MINUTE, max: at(to) / MINUTE }).map((one) => one * MINUTE);
  const moment = fc.oneof(
    minutes('2024-01-01T00:00:00Z', '2034-01-01T00:00:00Z'),
    minutes('2026-03-27T23:00:00Z', '2026-03-30T00:00:00Z'),
    minutes('2026-10-23T23:00:00Z', '2026-10-26T00:00:00Z'),
  );
  const clock = fc.constantFrom(['zsm-6', 6] as const, ['zsm-9', 9] as const);
  fc.assert(
    fc.property(moment, clock, (aanvang, [klok, hours]) => {
      assert.is(lawfulEnd({ klok, aanvang }), countedOnAWatch(aanvang, hours));
    }),
    {
      numRuns: 150,
      examples: [
        [at('2026-03-28T23:30:00+01:00'), ['zsm-6', 6]],
        [at('2026-10-25T02:30:00+01:00'), ['zsm-9', 9]],
        [at('2026-11-21T18:00:00+01:00'), ['zsm-6', 6]],
      ],
    },
  );
});

test('an asker sets the end of a clock of its own', () => {
  assert.is(lawfulEnd({ klok: 'vrij', aanvang: IAT }), undefined);
  assert.is(lawfulEnd({ klok: 'constructor', aanvang: IAT }), undefined);
});

test('six hours are six hours, with every kind of question', () => {
  const aanvang = at('2025-05-09T22:10:00+02:00');
  const eind = at('2025-05-10T13:10:00+02:00');
  const iat = aanvang + 30 * MINUTE;
  for (const type of TYPES) {
    const places = (clock: object) =>
      placesOf(question({ klok: 'zsm-6', aanvang, eind, ...clock }, { iat }, type));
    assert.equal(places({}), []);
    assert.equal(places({ eind: eind - 1 }), ['/raadpleging/eind']);
    assert.equal(places({ eind: eind + 1 }), ['/raadpleging/eind']);
    assert.equal(places({ klok: 'zsm-9' }), ['/raadpleging/eind']);
    assert.equal(places({ klok: 'zsm-9', eind: eind + 3 * HOUR }), []);
    assert.equal(places({ klok: 'vrij', eind: eind + 1 }), []);
  }
});

test('a clock has begun when it is asked, and runs on for a while, within the life of the question', () => {
  const exp = IAT + 5 * 24 * HOUR;
  const places = (aanvang: number, eind: number) =>
    placesOf(question({ klok: 'vrij', aanvang, eind }));
  assert.equal(places(IAT, IAT + 1), []);
  assert.equal(places(IAT, exp), []);
  assert.equal(places(IAT + 1, exp), ['/raadpleging/aanvang']);
  assert.equal(places(IAT - 9, IAT), ['/raadpleging/eind']);
  assert.equal(places(IAT - 9, exp + 1), ['/raadpleging/eind']);
});

test('only a question has a clock: no answer, no report, no withdrawal', () => {
  const raadpleging = { klok: 'vrij', aanvang: IAT, eind: IAT + HOUR };
  for (const type of ['uitslag-check-op-bekendheid', 'uitkomst-casusinformatie']) {
    const inhoud = goodSamples(type).get('bekend.json');
    assert.equal(placesOf(messageWith(type, inhoud, { raadpleging })), ['/raadpleging']);
  }
  const report = goodSamples('vt-melding').get('heusden-spoed.json');
  assert.equal(placesOf(messageWith('vt-melding', report, { raadpleging })), ['/raadpleging']);
  const trektIn = '0196b9a0-0000-7000-8000-00000000000f';
  for (const type of TYPES) {
    const withdrawal = messageWith(type, { reden: 'onjuist' }, { trektIn, raadpleging });
    assert.equal(placesOf(withdrawal), ['/raadpleging']);
  }
});

test('a clock of any shape is judged in a moment, and never throws', () => {
  const strange = fc.oneof(
    fc.jsonValue(),
    fc.record({
      klok: fc.oneof(
        fc.constantFrom('zsm-6', 'zsm-9', 'vrij', 'constructor', '__proto__', 'toString'),
        fc.jsonValue(),
      ),
      aanvang: fc.oneof(fc.maxSafeInteger(), fc.double(), fc.jsonValue()),
      eind: fc.oneof(fc.maxSafeInteger(), fc.double(), fc.jsonValue()),
    }),
  );
  fc.assert(
    fc.property(strange, (raadpleging) => {
      for (const type of TYPES) assert.ok(Array.isArray(brokenRules(type, question(raadpleging))));
    }),
    { numRuns: 300 },
  );
});

test.run();
