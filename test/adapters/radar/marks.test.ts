/** What makes two reports meet, and what does not: laws over made-up people. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matchLines } from '../../../adapters/commands/tell-radar.ts';
import { fold, surnamesIn } from '../../../adapters/radar/fold.ts';
import { type Kind, strengthOf } from '../../../adapters/radar/kinds.ts';
import { marksOf } from '../../../adapters/radar/marks.ts';
import type { Oin, Uuid7 } from '../../../schemas/ids.ts';

interface Written {
  readonly bsn?: string;
  readonly voornamen?: string;
  readonly voorvoegsel?: string;
  readonly geslachtsnaam?: string;
  readonly volledigeNaam?: string;
  readonly geboren?: object;
  readonly rol?: string;
  readonly adres?: object;
  readonly plaats?: object;
  readonly geheim?: boolean;
}

const STREET = { officieleStraatnaam: 'Proefdijk', huisnummer: 14, woonplaats: 'Heusden' };
const HOME = { ...STREET, postcode: '5256ZZ' };
const BORN = { type: 'Datum', datum: '1989-06-02' };

/** Undefined members are left out, as JSON does. */
const person = (one: Written) => ({
  type: 'NatuurlijkPersoon',
  jeugdzorgrol: one.rol ?? 'jeugdige',
  burgerservicenummer: one.bsn,
  naam: {
    voornamen: one.voornamen,
    voorvoegsel: one.voorvoegsel,
    geslachtsnaam: one.geslachtsnaam,
    volledigeNaam: one.volledigeNaam,
  },
  geboorte: { datum: one.geboren ?? BORN },
  verblijfplaats: one.plaats ?? { type: 'Adres', verblijfadres: one.adres ?? HOME },
  geheimhoudingPersoonsgegevens: one.geheim,
});
const report = (...people: Written[]): unknown =>
  JSON.parse(JSON.stringify({ betrokkenen: people.map(person) }));

/** The kinds of what two reports have in common. */
function common(a: unknown, b: unknown): Kind[] {
  const [left, right] = [a, b].map((one) => new Set(marksOf(one).map((m) => JSON.stringify(m))));
  const shared = marksOf(a).filter((mark) => {
    const text = JSON.stringify(mark);
    return left?.has(text) && right?.has(text);
  });
  return [...new Set(shared.map(({ kind }) => kind))].sort();
}
const STRONG = 'naam+geboortedatum+adres';
const SAME: Kind[] = ['adres', 'huishouden', STRONG];

test('the same person, however the name is written', () => {
  const first = report({ voorvoegsel: 'van der', geslachtsnaam: 'Bréedijk' });
  for (const other of [
    { geslachtsnaam: 'BREEDIJK' },
    { geslachtsnaam: 'van der Breedijk' },
    { voorvoegsel: 'v.d.', geslachtsnaam: 'breedyk' },
    { geslachtsnaam: 'Breedijk, van der' },
    { geslachtsnaam: 'Jansen-van der Breedijk' },
    { voorvoegsel: 'van der', geslachtsnaam: 'Breedĳk – Jansen' },
    { geslachtsnaam: 'Jansen e/v Breedijk' },
    { geslachtsnaam: 'Jansen e.v. van der Breedijk' },
    { geslachtsnaam: 'Jansen geb. Breedijk' },
    { geslachtsnaam: 'van der Breedijk Jansen' },
    { geslachtsnaam: 'Jansen van der Breedijk' },
    { volledigeNaam: 'Linde van der Breedijk' },
  ])
    assert.equal(common(first, report(other)), SAME, JSON.stringify(other));
  for (const other of ['Breedveld', 'Dijk', 'van der'])
    assert.equal(common(first, report({ geslachtsnaam: other })), ['adres'], other);
});

test('a married double name is found either way round, and by either half', () => {
  const double = ['Jansen-de Vries', 'de Vries - Jansen', 'De Vries Jansen', 'Jansen/De Vries'];
  for (const one of double)
    for (const other of [...double, 'Jansen', 'de Vries'])
      assert.equal(
        common(report({ geslachtsnaam: one }), report({ geslachtsnaam: other })),
        SAME,
        `${one}, ${other}`,
      );
});

test('a name of particles alone is one name, and nobody is called by a hundred', () => {
  assert.equal(surnamesIn('van der'), ['vander']);
  assert.equal(surnamesIn(' - '), []);
  const hundred = Array.from({ length: 100 }, (_, n) => `naam${n}`);
  assert.ok(surnamesIn(hundred.join(' ')).length <= 8);
});

test('names that sound alike and are spelled in another way', () => {
  for (const [one, ...others] of [
    ['Meijer', 'Meyer', 'Meier'],
    ['Bouwman', 'Bouman', 'Bauman', 'Bauwman'],
    ['Kuijpers', 'Kuipers', 'Cuypers'],
    ['Hendriks', 'Hendrix', 'Hendrickx'],
    ['Janssen', 'Jansen'],
    ['Brandt', 'Brand', 'Brant'],
    ['Thijssen', 'Tijsen', 'Tyssen'],
    ['van den Bergh', 'van den Berg'],
    ['Jacobs', 'Jakobs'],
  ] as const)
    for (const other of others)
      assert.equal(
        common(report({ geslachtsnaam: one }), report({ geslachtsnaam: other })),
        SAME,
        `${one}, ${other}`,
      );
  for (const [one, other] of [
    ['Sanders', 'Zanders'],
    ['Bos', 'Bosch'],
    ['Meijer', 'Maaijer'],
    ['Mulder', 'Muller'],
    ['Bakker', 'Becker'],
    ['Chan', 'Kan'],
  ] as const)
    assert.equal(
      common(report({ geslachtsnaam: one }), report({ geslachtsnaam: other })),
      ['adres'],
      `${one}, ${other}`,
    );
});

test('with the same given name, day of birth and address a slip in the surname does no harm', () => {
  const first = report({ voornamen: 'Linde Marije', geslachtsnaam: 'Breedijk' });
  for (const other of [
    { voornamen: 'Linde', geslachtsnaam: 'Breendijk' },
    { voornamen: 'LINDE', geslachtsnaam: 'Kanarie' },
    { volledigeNaam: 'Linde Breeeddjk' },
  ])
    assert.equal(common(first, report(other)), ['adres', STRONG], JSON.stringify(other));
  for (const other of [
    { voornamen: 'Marije', geslachtsnaam: 'Breendijk' },
    { voornamen: 'L.', geslachtsnaam: 'Breendijk' },
    { volledigeNaam: 'Linde' },
    { volledigeNaam: 'L. Breendijk' },
  ])
    assert.equal(common(first, report(other)), ['adres'], JSON.stringify(other));
  const elsewhere = { ...HOME, huisnummer: 16 };
  const namesake = { voornamen: 'Linde', geslachtsnaam: 'Kanarie' };
  assert.equal(common(first, report({ ...namesake, adres: elsewhere })), []);
  const geboren = { type: 'Datum', datum: '1990-06-02' };
  assert.equal(common(first, report({ ...namesake, geboren })), ['adres']);
});

test('what stands before a name is no given name; nor is one enough where the day of birth is not known', () => {
  for (const [one, other] of [
    ['mevr. Breedijk', 'Mevr. Kanarie'],
    ['de heer Breedijk', 'De heer S. Kanarie'],
    ['van Breedijk', 'van der Kanarie'],
    ['kind Breedijk', 'Kind Kanarie'],
    ['onbekend Breedijk', 'Onbekend Kanarie'],
  ] as const)
    assert.equal(
      common(report({ volledigeNaam: one }), report({ volledigeNaam: other })),
      ['adres'],
      one,
    );
  const mother = { volledigeNaam: 'Mevrouw Linde van Breedijk' };
  assert.ok(common(report(mother), report({ volledigeNaam: 'Linde Kanarie' })).includes(STRONG));
  // So is written down whose day nobody knows, and many of those live in one shelter.
  const geboren = { type: 'Datum', datum: '1990-01-01' };
  const [first, namesake] = ['Breedijk', 'Kanarie'].map((geslachtsnaam) =>
    report({ voornamen: 'Linde', geslachtsnaam, geboren }),
  );
  assert.equal(common(first, namesake), ['adres']);
  assert.equal(common(first, report({ geslachtsnaam: 'Breedijk', geboren })), SAME);
});

test('a name that nobody knows is no name: strangers at one address are no household by it', () => {
  for (const geslachtsnaam of ['Onbekend', 'N.N.', 'NB', 'onbekend, naam', 'Anoniem'])
    assert.equal(
      common(report({ geslachtsnaam }), report({ geslachtsnaam })),
      ['adres'],
      geslachtsnaam,
    );
  assert.equal(
    common(report({ volledigeNaam: 'Jongen onbekend' }), report({ volledigeNaam: 'Onbekend' })),
    ['adres'],
  );
});

test('an address abroad is known again however its lines are broken; a town alone is nobody’s', () => {
  const at = (code: string, ...regels: string[]) => {
    const lines = Object.fromEntries(regels.map((regel, n) => [`regel${n + 1}`, regel]));
    const verblijfadres = { ...lines, land: { code } };
    const plaats = { type: 'VerblijfplaatsBuitenland', verblijfadres };
    return report({ geslachtsnaam: 'Kanarie', plaats });
  };
  const first = at('5040', 'Ulitsa Primer 7', '1000 Voorbeeldgrad');
  for (const other of [
    at('5040', 'ULITSA PRIMER 7,', '1000', 'Voorbeeldgrad'),
    at('5040', '1000 Voorbeeldgrad', 'Ulitsa Primer 7'),
  ])
    assert.equal(common(first, other), SAME);
  for (const other of [
    at('5040', 'Ulitsa Primer 8', '1000 Voorbeeldgrad'),
    at('5010', 'Ulitsa Primer 7', '1000 Voorbeeldgrad'),
  ])
    assert.equal(common(first, other), []);
  for (const town of [at('5010', 'B-1000 Brussel'), at('5010', 'ergens op het platteland')])
    assert.equal(marksOf(town), []);
});

test('the same address, with or without its postcode, and however its number is written', () => {
  const one = { geslachtsnaam: 'Kanarie' };
  const at = (adres: object) => report({ ...one, adres });
  const first = at({ ...HOME, huisletter: 'A' });
  for (const adres of [
    { ...HOME, huisnummertoevoeging: 'a' },
    { ...STREET, huisletter: 'a' },
    { ...STREET, officieleStraatnaam: 'PROEF-DYK', huisletter: 'A', postcode: '5256' },
    { huisnummer: 14, huisnummertoevoeging: '-A', postcode: '5256ZZ' },
  ])
    assert.equal(common(first, at(adres)), SAME, JSON.stringify(adres));
  for (const adres of [
    HOME,
    { ...HOME, huisnummer: 16, huisletter: 'A' },
    { ...HOME, huisletter: 'B' },
    { huisnummer: 14, huisletter: 'A', postcode: '5256' },
    { ...HOME, huisletter: 'A', aanduidingBijHuisnummer: { code: 'to' } },
  ])
    assert.equal(common(first, at(adres)), [], JSON.stringify(adres));
});

test('an incomplete date of birth makes no person, and leaves the household', () => {
  const one = report({ geslachtsnaam: 'Kanarie' });
  for (const geboren of [
    { type: 'JaarDatum', jaar: 1989 },
    { type: 'JaarMaandDatum', jaar: 1989, maand: 6 },
    { type: 'DatumOnbekend', onbekend: true },
    { type: 'Datum', datum: '1989-06-03' },
  ])
    assert.equal(common(one, report({ geslachtsnaam: 'Kanarie', geboren })), [
      'adres',
      'huishouden',
    ]);
});

test('where nobody is known to live there is no household', () => {
  const one = { geslachtsnaam: 'Kanarie' };
  for (const plaats of [
    { type: 'VerblijfplaatsOnbekend' },
    { type: 'VerblijfplaatsGeheim' },
    { type: 'ZonderVasteVerblijfplaats', toelichting: 'Proefdijk 14' },
    { type: 'Locatie', verblijfadres: { locatiebeschrijving: 'woonboot' } },
    { type: 'Adres', verblijfadres: HOME, functieAdres: { code: 'B' } },
    { type: 'Adres', verblijfadres: HOME, indicatieVastgesteldVerblijftNietOpAdres: true },
  ])
    assert.equal(marksOf(report({ ...one, plaats })), [], JSON.stringify(plaats));
});

test('from a secret address nobody concludes a household, not even by another who lives there', () => {
  const mother = { bsn: '999910000', geslachtsnaam: 'Kanarie', geheim: true };
  const family = report(mother, {
    geslachtsnaam: 'Kanarie',
    geboren: { type: 'Datum', datum: '2015-01-09' },
  });
  const elsewhere = report({
    geslachtsnaam: 'Kanarie',
    geboren: { type: 'Datum', datum: '1980-05-05' },
  });
  assert.equal(common(family, elsewhere), []);
  assert.equal(common(family, report(mother)), ['bsn', STRONG]);
});

test('nor by another of the report who lives there, whose address is written in another way', () => {
  const mother = { geslachtsnaam: 'Kanarie', geheim: true };
  const child = { geslachtsnaam: 'Kanarie', geboren: { type: 'JaarDatum', jaar: 2015 } };
  const byPostcode = { postcode: '5256ZZ', huisnummer: 14 };
  const neighbour = report({
    geslachtsnaam: 'Kanarie',
    geboren: { type: 'JaarDatum', jaar: 1980 },
  });
  for (const [secret, open] of [
    [byPostcode, STREET],
    [STREET, byPostcode],
    [{ ...byPostcode, huisletter: 'A' }, STREET],
  ]) {
    const family = report(
      { ...mother, adres: secret as object },
      { ...child, adres: open as object },
    );
    assert.equal(common(family, neighbour), []);
  }
  const abroad = (...[regel1, regel2]: string[]) => {
    const verblijfadres = { regel1, regel2, land: { code: '5040' } };
    return { plaats: { type: 'VerblijfplaatsBuitenland', verblijfadres } };
  };
  const [one, other] = [
    abroad('Ulitsa Primer 7', '1000 Voorbeeldgrad'),
    abroad('ul. Primer 7', 'Voorbeeldgrad 1000'),
  ];
  const away = report({ ...mother, ...one }, { ...child, ...other });
  assert.equal(common(away, report({ ...child, ...other })), []);
  const apart = report(
    { ...mother, adres: byPostcode },
    { ...child, adres: { ...STREET, huisnummer: 16 } },
  );
  assert.equal(common(apart, report({ ...child, adres: { ...STREET, huisnummer: 16 } })), [
    'adres',
    'huishouden',
  ]);
});

test('reporters and professionals make no family', () => {
  const doctor = (rol: string) => report({ bsn: '999910000', geslachtsnaam: 'Kanarie', rol });
  for (const rol of ['melder', 'informant', 'hulpverlener', 'overige professional'])
    assert.equal(marksOf(doctor(rol)), [], rol);
  assert.ok(marksOf(doctor('ouder met gezag')).length > 0);
});

test('a number that was typed in to get past a form is nobody', () => {
  for (const bsn of ['000000000', '111111110', '999999999'])
    assert.not.ok(
      marksOf(report({ bsn })).some(({ kind }) => kind === 'bsn'),
      bsn,
    );
});

const letters = fc.stringMatching(/^[a-zA-Zéèëïöüçñ]{2,12}$/);
const bsn = fc.stringMatching(/^9999[0-9]{5}$/).filter((one) => !one.startsWith('99999999'));
const someone = fc.record({
  bsn,
  geslachtsnaam: letters.filter((one) => surnamesIn(one).length === 1),
  geheim: fc.boolean(),
});

test('law: case, accents and doubled spaces change nothing', () => {
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      const spelled = `${a}  ${b}`;
      assert.equal(fold(spelled.toUpperCase()), fold(spelled));
      assert.equal(fold(spelled.normalize('NFD')), fold(spelled.normalize('NFC')));
      assert.equal(fold(fold(spelled)), fold(spelled));
      assert.equal(fold(`${a}i ${b}`), fold(`${a}i${b}`));
      assert.equal(surnamesIn(`${a}-${b}`), surnamesIn(`${b} - ${a}`));
    }),
  );
});

test('law: the order of people changes nothing, and everybody in a report is in it', () => {
  fc.assert(
    fc.property(fc.array(someone, { minLength: 1, maxLength: 5 }), (people) => {
      const texts = (all: readonly Written[]) =>
        marksOf(report(...all))
          .map((mark) => JSON.stringify(mark))
          .sort();
      assert.equal(texts(people.toReversed()), texts(people));
      for (const one of people)
        assert.ok(
          marksOf(report(...people)).some(({ kind, text }) => kind === 'bsn' && text === one.bsn),
        );
    }),
  );
});

test('law: two that have no number in common do not meet by number', () => {
  fc.assert(
    fc.property(someone, someone, (a, b) => {
      assert.is(common(report(a), report(b)).includes('bsn'), a.bsn === b.bsn);
    }),
  );
});

test('law: whatever is handed in, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
      marksOf(one);
      marksOf({
        betrokkenen: [
          one,
          { naam: two, geboorte: one, verblijfplaats: two },
          { verblijfplaats: { type: 'Adres', verblijfadres: one } },
        ],
      });
    }),
  );
});

test('what is a hint only is told as a question', () => {
  const told = (sterkte: 'sterk' | 'hint') =>
    matchLines([
      {
        ...{ afzender: { oin: '00000099000000010000' as Oin, naam: 'x' }, bericht: 'y' as Uuid7 },
        ...{ berichttype: 'vt-melding', ontvangenOp: '2027-01-01T00:00:00Z', staat: 'verwerkt' },
        ...{ soorten: [sterkte === 'hint' ? 'huishouden' : STRONG], sterkte },
      },
    ]).join();
  assert.match(told('hint'), /^SAME HOUSEHOLD\? \(huishouden; a hint\)/);
  assert.match(told('sterk'), /^SAME PEOPLE \(/);
});

test('of several kinds the surest tells', () => {
  assert.is(strengthOf(['adres', 'bsn', 'huishouden']), 'zeker');
  assert.is(strengthOf(['adres', STRONG]), 'sterk');
  assert.is(strengthOf(['huishouden']), 'hint');
});

test.run();
