import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ROLES } from '../../schemas/policy.ts';
import { momentsOf, TERMS, type TermEntry, type TermId } from '../../schemas/terms.ts';

const moments = (term: TermId, start: string, options = {}) => {
  const { end, reminders } = momentsOf(TERMS[term], Date.parse(start), options);
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

test('four weeks to inform, made longer by two weeks each time', () => {
  const start = '2026-11-02T10:00:00+01:00';
  assert.is(moments('informeren-betrokkene', start).end, '2026-12-01 00:00');
  assert.is(moments('informeren-betrokkene', start, { extensions: 1 }).end, '2026-12-15 00:00');
  assert.is(moments('informeren-betrokkene', start, { extensions: 2 }).end, '2026-12-29 00:00');
});

test('three months that end on a Sunday', () => {
  assert.is(moments('vernietiging', '2026-11-28T10:00:00+01:00').end, '2027-03-02 00:00');
});

test('nobody is reminded before the beginning or after the end', () => {
  for (let day = 1; day <= 365; day++) {
    const start = Date.UTC(2026, 0, day, 13);
    for (const term of Object.values<TermEntry>(TERMS)) {
      const { end, reminders } = momentsOf(term, start);
      assert.ok(
        reminders.every((at) => at > start && at <= end),
        `${term.naam} day ${day}`,
      );
    }
  }
});

test('every owner is a role', () => {
  for (const { eigenaar } of Object.values<TermEntry>(TERMS)) assert.ok(eigenaar in ROLES);
});

test.run();
