import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { VtMelding } from '../../schemas/generated/messages.ts';
import { at, membersNamed, select } from '../../schemas/rules/look.ts';
import { brokenRules, RULES } from '../../schemas/rules.ts';
import { goodSamples, IAT, messageWith, placesOf } from './samples.ts';

const report = goodSamples('vt-melding').get('heusden-spoed.json') as unknown as VtMelding;
const DAY = 86_400;

test('a path selects what stands there, each item with its own pointer', () => {
  const value = { a: [{ b: 1 }, { c: 2 }, { b: null }] };
  assert.equal(select(value, '/a/*/b'), [
    { plaats: '/a/0/b', waarde: 1 },
    { plaats: '/a/2/b', waarde: null },
  ]);
  assert.equal(select(value, '/a/b'), []);
  assert.equal(select({ a: 'tekst' }, '/a/*'), []);
  assert.is(at(value, '/a/length'), undefined);
  assert.is(at(value, '/toString'), undefined);
  assert.equal(
    membersNamed(new Set(['b']), value, '/x').map(({ plaats }) => plaats),
    ['/x/a/0/b', '/x/a/2/b'],
  );
});

test('a message ends after it begins and within 30 days', () => {
  const withEnd = (exp: number) => placesOf(messageWith('vt-melding', report, { exp }));
  assert.equal(withEnd(IAT), ['/exp']);
  assert.equal(withEnd(IAT - 1), ['/exp']);
  assert.equal(withEnd(IAT + 1), []);
  assert.equal(withEnd(IAT + 30 * DAY), []);
  assert.equal(withEnd(IAT + 30 * DAY + 1), ['/exp']);
});

test('a message refers to another, corrects or withdraws, and is not sent to oneself', () => {
  const { jti, iss } = messageWith('vt-melding', report);
  const places = (kop: object) => placesOf(messageWith('vt-melding', report, kop));
  assert.equal(places({ verwijst: jti }), ['/verwijst']);
  assert.equal(places({ vervangt: jti }), ['/vervangt']);
  assert.equal(places({ aud: ['urn:nld:oin:00000099000000020000', iss] }), ['/aud/1']);
  const other = '0196b9a0-0000-7000-8000-00000000000f';
  const both = messageWith('intrekking', { reden: 'dubbel' }, { vervangt: other, trektIn: other });
  assert.equal(placesOf(both), ['/trektIn']);
});

test('a withdrawal has the body of a withdrawal, whatever type it withdraws', () => {
  const trektIn = '0196b9a0-0000-7000-8000-00000000000f';
  assert.equal(placesOf(messageWith('halt-verwijzing', { reden: 'dubbel' }, { trektIn })), []);
  assert.ok(placesOf(messageWith('vt-melding', report, { trektIn })).includes('/inhoud/reden'));
});

test('a day may be the day of signing as the Netherlands count it, and not the next', () => {
  const lateEvening = Date.UTC(2025, 4, 9, 22, 30) / 1000;
  const on = (datumMelding: string) =>
    placesOf(messageWith('vt-melding', { ...report, datumMelding }, { iat: lateEvening }));
  assert.equal(on('2025-05-10'), []);
  assert.equal(on('2025-05-11'), ['/inhoud/datumMelding']);
});

test('a municipality that was split still exists as a code; one that never was does not', () => {
  const lives = (code: string) =>
    placesOf(messageWith('vt-melding', { ...report, verantwoordelijkeGemeente: { code } }));
  assert.equal(lives('0788'), []);
  assert.equal(lives('1999'), []);
  assert.equal(lives('0001'), ['/inhoud/verantwoordelijkeGemeente/code']);
});

test('two persons may not share a name in the message or a burgerservicenummer', () => {
  const [first, second, ...rest] = report.betrokkenen as unknown as Record<string, unknown>[];
  const twin = {
    ...second,
    persoonId: first?.['persoonId'],
    burgerservicenummer: first?.['burgerservicenummer'],
  };
  const found = placesOf(
    messageWith('vt-melding', { ...report, betrokkenen: [first, twin, ...rest] }),
  );
  assert.ok(found.includes('/inhoud/betrokkenen/1/persoonId'));
  assert.ok(found.includes('/inhoud/betrokkenen/1/burgerservicenummer'));
});

test('informing: who was informed reacted or not; who was not, has a reason', () => {
  const informed = (one: object) =>
    placesOf(
      messageWith('vt-melding', { ...report, informeringen: [{ persoonId: 'vader', ...one }] }),
    );
  const place = '/inhoud/informeringen/0';
  assert.equal(informed({ indicatieGeinformeerd: true, indicatieGereageerd: false }), []);
  assert.equal(informed({ indicatieGeinformeerd: true }), [`${place}/indicatieGereageerd`]);
  assert.equal(informed({ indicatieGeinformeerd: false }), [`${place}/redenNietGeinformeerd`]);
  const silent = {
    indicatieGeinformeerd: true,
    indicatieGereageerd: false,
    strekkingReactie: 'ja',
  };
  assert.equal(informed(silent), [`${place}/strekkingReactie`]);
});

test('a youth is 12 to 17 on the day of the offence, birthdays included', () => {
  const referral = goodSamples('halt-verwijzing').get('winkeldiefstal.json');
  const bornOn = (datum: string) => {
    const { verdachte } = referral as { verdachte: object };
    const geboorte = { datum: { type: 'Datum', datum } };
    return placesOf(
      messageWith('halt-verwijzing', { ...referral, verdachte: { ...verdachte, geboorte } }),
    );
  };
  assert.equal(bornOn('2013-03-01'), []);
  assert.equal(bornOn('2013-03-02'), ['/inhoud/feiten/0/datum']);
  assert.equal(bornOn('2007-03-02'), []);
  assert.equal(bornOn('2007-03-01'), ['/inhoud/feiten/0/datum']);
});

test('an answer is needed at a moment that still has to come', () => {
  const question = goodSamples('check-op-bekendheid').get('zsm.json');
  const by = (beantwoordenVoor: string) =>
    placesOf(messageWith('check-op-bekendheid', { ...question, beantwoordenVoor }));
  assert.equal(by('2025-05-10T02:00:01+02:00'), []);
  assert.equal(by('2025-05-10T02:00:00+02:00'), ['/inhoud/beantwoordenVoor']);
});

test('every rule names the places where its faults stand, and keeps to them', () => {
  const pattern = (place: string) =>
    new RegExp(
      `^${place.replaceAll('**', '\u0000').replaceAll('*', '[^/]+').replaceAll('\u0000/', '(?:[^/]+/)*')}$`,
    );
  for (const [type, rules] of Object.entries(RULES)) {
    assert.is(new Set(rules.map(({ id }) => id)).size, rules.length, type);
    for (const { id, places, melding } of rules) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.ok(places.length > 0 && melding.length > 10);
    }
  }
  const { broken, places } =
    (RULES['*'] ?? []).find(({ id }) => id === 'municipality-exists') ?? {};
  const claims = messageWith('vt-melding', {
    betrokkenen: [{ gemeenteVanInschrijving: { code: 'x' } }],
  });
  for (const place of broken?.(claims) ?? ['none']) assert.match(place, pattern(places?.[0] ?? ''));
});

test('the rules find nothing in an empty body but what is missing', () => {
  const places = brokenRules('vt-melding', messageWith('vt-melding', {})).map((f) => f.plaats);
  assert.equal(places, ['/inhoud/informering']);
});

test.run();
