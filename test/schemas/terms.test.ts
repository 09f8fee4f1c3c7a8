import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dayAt, hourOf, isWorkingDay, plusDays } from '../../schemas/calendar.ts';
import { countTerm } from '../../schemas/count-term.ts';
import { ROLES } from '../../schemas/policy.ts';
import { momentsOf, TERMS, type TermEntry, type TermId } from '../../schemas/terms.ts';

const moments = (term: TermId, start: string, extensions = 0) => {
  const { end, reminders } = momentsOf(TERMS[term], Date.parse(start), extensions);
  const local = (at: number) =>
    new Date(at).toLocaleString('sv-SE', {
      timeZone: 'Europe/Amsterdam',
      timeStyle: 'short',
      dateStyle: 'short',
    });
  return { end: local(end), reminders: reminders.map(local) };
};

test('a safety assessment over Easter: five working days, reminders on the third and the fourth', () => {
  assert.equal(moments('veiligheidsbeoordeling', '2026-04-01T16:00:00+02:00'), {
    end: '2026-04-11 00:00',
    reminders: ['2026-04-08 09:00', '2026-04-09 09:00'],
  });
});

test('a report in the night before Easter Monday counts from Tuesday', () => {
  assert.is(moments('veiligheidsbeoordeling', '2026-04-06T02:00:00+02:00').end, '2026-04-14 00:00');
});

test('acute danger: to the minute, weekend or not', () => {
  assert.equal(moments('acuut-gevaar', '2026-04-04T22:15:00+02:00'), {
    end: '2026-04-05 22:15',
    reminders: ['2026-04-05 10:15'],
  });
});

test('ten weeks that end on a holiday end on the next working day', () => {
  // 25 May 2026 is Whit Monday.
  assert.is(moments('onderzoek', '2026-03-16T10:00:00+01:00').end, '2026-05-27 00:00');
});

test('a house ban binds a person and is not made longer by a Sunday', () => {
  assert.is(moments('huisverbod', '2026-11-19T20:00:00+01:00').end, '2026-11-30 00:00');
});

test('over Easter a reminder that would come after the end comes on the last working day before it', () => {
  // Ten days to Easter Sunday 2032; the eighth is Good Friday.
  assert.equal(moments('huisverbod', '2032-03-18T10:00:00+01:00'), {
    end: '2032-03-29 00:00',
    reminders: ['2032-03-23 09:00', '2032-03-25 09:00'],
  });
});

test('four weeks to inform, made longer by two weeks each time', () => {
  const start = '2026-11-02T10:00:00+01:00';
  assert.is(moments('informeren-betrokkene', start).end, '2026-12-01 00:00');
  assert.is(moments('informeren-betrokkene', start, 1).end, '2026-12-15 00:00');
  assert.is(moments('informeren-betrokkene', start, 2).end, '2026-12-29 00:00');
});

test('made longer, the next reminder comes on the first working morning after the end that it had', () => {
  const start = '2027-03-26T10:00:00+01:00';
  // Four weeks end on Friday 23 April; two more on 7 May, which the Crown made equal to a holiday.
  assert.equal(moments('informeren-betrokkene', start, 1), {
    end: '2027-05-11 00:00',
    reminders: ['2027-04-26 09:00'],
  });
  assert.equal(moments('informeren-betrokkene', start, 2), {
    end: '2027-05-22 00:00',
    reminders: ['2027-05-11 09:00'],
  });
});

test('a house ban is made longer once, to four weeks', () => {
  const { duur, verlenging, hoogstens }: TermEntry = TERMS.huisverbod;
  assert.equal([verlenging?.eenheid, hoogstens], [duur.eenheid, 1]);
  const { end } = moments('huisverbod', '2026-11-19T20:00:00+01:00', 1);
  assert.is(end, '2026-12-18 00:00');
});

test('three months that end on a Sunday', () => {
  assert.is(moments('vernietiging', '2026-11-28T10:00:00+01:00').end, '2027-03-02 00:00');
});

test('nobody is reminded before the beginning or after the end', () => {
  for (let day = 1; day <= 365; day++) {
    const start = Date.UTC(2026, 0, day, 13);
    for (const term of Object.values<TermEntry>(TERMS)) {
      for (const extensions of [0, 1, 2]) {
        const { end, reminders } = momentsOf(term, start, extensions);
        assert.ok(
          reminders.every((at) => at > start && at <= end),
          `${term.naam} day ${day}`,
        );
      }
    }
  }
});

test('Easter 2027: Good Friday and Easter Monday do not count, and summer begins in between', () => {
  assert.equal(moments('veiligheidsbeoordeling', '2027-03-25T16:00:00+01:00'), {
    end: '2027-04-06 00:00',
    reminders: ['2027-04-01 09:00', '2027-04-02 09:00'],
  });
  const start = Date.parse('2027-03-25T16:00:00+01:00');
  const [stretch] = countTerm(TERMS.veiligheidsbeoordeling, start);
  assert.equal(stretch?.geteld, [
    '2027-03-30',
    '2027-03-31',
    '2027-04-01',
    '2027-04-02',
    '2027-04-05',
  ]);
  assert.equal(
    stretch?.overgeslagen.map(({ dag, reden }) => `${dag} ${reden}`),
    [
      ...['2027-03-26 Goede Vrijdag', '2027-03-27 zaterdag', '2027-03-28 zondag'],
      ...['2027-03-29 tweede paasdag', '2027-04-03 zaterdag', '2027-04-04 zondag'],
    ],
  );
});

test('a report on a holiday, in the night of New Year, and over the end of summer', () => {
  const end = (start: string) => moments('veiligheidsbeoordeling', start).end;
  assert.is(end('2026-12-25T11:00:00+01:00'), '2027-01-05 00:00', 'Christmas 2026, a Friday');
  assert.is(end('2026-12-31T23:59:59+01:00'), '2027-01-09 00:00');
  assert.is(end('2027-01-01T00:00:00+01:00'), '2027-01-09 00:00');
  // Clocks go back in the night of 31 October 2027.
  assert.is(end('2027-10-28T10:00:00+02:00'), '2027-11-05 00:00');
  assert.is(moments('acuut-gevaar', '2027-10-30T22:00:00+02:00').end, '2027-10-31 21:00');
});

test('5 May is a holiday each year, not each fifth; the King on Saturday when the 27th is a Sunday', () => {
  const counted = (start: string) =>
    countTerm(TERMS.veiligheidsbeoordeling, Date.parse(start))[0]?.overgeslagen.map(
      ({ reden }) => reden,
    );
  assert.equal(counted('2027-05-03T10:00:00+02:00'), [
    ...['Bevrijdingsdag', 'Hemelvaartsdag', 'gelijkgestelde dag', 'zaterdag', 'zondag'],
  ]);
  assert.ok(counted('2030-05-01T10:00:00+02:00')?.includes('Bevrijdingsdag'), 'a lustrum');
  // 27 April 2031 is a Sunday: the Saturday is the holiday, and Monday a working day.
  assert.equal(
    countTerm(TERMS.veiligheidsbeoordeling, Date.parse('2031-04-24T10:00:00+02:00'))[0]?.geteld[1],
    '2031-04-28',
  );
});

test('weeks that end on a holiday tell to which days they would have fallen', () => {
  const [stretch] = countTerm(TERMS.onderzoek, Date.parse('2026-03-16T10:00:00+01:00'));
  assert.equal(
    [stretch?.laatste, stretch?.overgeslagen],
    ['2026-05-26', [{ dag: '2026-05-25', reden: 'tweede pinksterdag' }]],
  );
});

const starts = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
const anyTerm = fc.constantFrom(...Object.values<TermEntry>(TERMS));

test('as counted day by day: what is told of a clock is how long it runs', () => {
  fc.assert(
    fc.property(anyTerm, starts, fc.integer({ min: 0, max: 3 }), (term, start, extensions) => {
      const { end } = momentsOf(term, start, extensions);
      const stretches = countTerm(term, start, extensions);
      const last = stretches.at(-1);
      assert.is(last?.laatste, dayAt(end - 1));
      assert.is(stretches[0]?.vanaf, dayAt(start));
      for (const { duur, geteld, overgeslagen } of stretches) {
        if (duur.eenheid === 'werkdagen') assert.is(geteld.length, duur.aantal);
        assert.ok(geteld.every((day) => isWorkingDay(day)));
        assert.not.ok(overgeslagen.some(({ dag }) => isWorkingDay(dag)));
      }
    }),
    { numRuns: 150 },
  );
});

test('the hour of the day changes nothing, and nobody is reminded on a free day or at night', () => {
  fc.assert(
    fc.property(anyTerm, starts, fc.nat({ max: 3 }), (term, start, extensions) => {
      if (term.duur.eenheid === 'uren') return;
      const { end, reminders } = momentsOf(term, start, extensions);
      const night = hourOf(dayAt(start), 0);
      assert.is(momentsOf(term, night, extensions).end, end);
      assert.is(hourOf(plusDays(dayAt(end), 0), 0), end, 'it ends at midnight');
      for (const at of reminders)
        assert.ok(at === end || (isWorkingDay(dayAt(at)) && at === hourOf(dayAt(at), 9)));
    }),
    { numRuns: 150 },
  );
});

test('every owner is a role', () => {
  for (const { eigenaar } of Object.values<TermEntry>(TERMS)) assert.ok(eigenaar in ROLES);
});

test.run();
