import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isDate } from '../../schemas/formats.ts';
import { GEMEENTEN } from '../../schemas/generated/gemeenten.ts';
import { VT_REGIOS } from '../../schemas/generated/vt-regios.ts';
import {
  arrondissementenOf,
  dayOf,
  gemeente,
  gemeenteByName,
  gemeentenVan,
  type Moment,
  parkettenOf,
  policeUnitsOf,
  vtRegion,
  vtRegionsOf,
} from '../../schemas/reference.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const vtOf = (name: string, at: Moment = NOW): string[] =>
  gemeenteByName(name).flatMap((row) => vtRegionsOf(row.code, at).map((region) => region.naam));
const policeOf = (name: string): string[] =>
  gemeenteByName(name).flatMap((row) => policeUnitsOf(row.code, NOW));

test('there are 342 municipalities today and 355 in 2020', () => {
  const on = (at: Moment) => GEMEENTEN.filter((row) => gemeente(row.code, at)).length;
  assert.is(on(NOW), 342);
  assert.is(on(new Date('2020-06-01')), 355);
  assert.is(on(new Date('2021-06-01')), 352);
  assert.is(on(new Date('2022-02-01')), 345);
  assert.is(on(new Date('2022-06-01')), 344);
});

test('Veilig Thuis is found from the municipality, where the police unit would lead astray', () => {
  assert.equal([policeOf('Heusden'), vtOf('Heusden')], [['Oost-Brabant'], ['Midden-Brabant']]);
  assert.equal(
    [policeOf('Tilburg'), vtOf('Tilburg')],
    [['Zeeland-West-Brabant'], ['Midden-Brabant']],
  );
  assert.equal([policeOf('Breda'), vtOf('Breda')], [['Zeeland-West-Brabant'], ['West-Brabant']]);
  assert.equal(
    [policeOf('Mook en Middelaar'), vtOf('Mook en Middelaar')],
    [['Limburg'], ['Gelderland-Zuid']],
  );
  assert.equal(vtOf('Uitgeest'), ['Noord-Holland Noord']);
  assert.is(gemeenteByName('Uitgeest')[0]?.veiligheidsregio, 'Kennemerland');
});

test('one safety region, two Veilig Thuis organisations: Midden- en West-Brabant', () => {
  const rows = GEMEENTEN.filter((row) => row.veiligheidsregio === 'Midden- en West-Brabant');
  assert.equal([...new Set(rows.map((row) => row.vtRegio))].sort(), ['VT15', 'VT21']);
});

test('Haaren was split over four: before, one region; after, two that must be told apart', () => {
  assert.equal(vtOf('Haaren', new Date('2020-12-31T12:00:00Z')), ['Brabant Noordoost']);
  assert.equal(vtOf('Haaren'), ['Midden-Brabant', 'Brabant Noordoost']);
  const names = gemeentenVan('0788', NOW).map((row) => row.naam);
  assert.equal(names, ['Boxtel', 'Oisterwijk', 'Tilburg', 'Vught']);
  assert.equal(policeUnitsOf('0788', NOW), ['Oost-Brabant', 'Zeeland-West-Brabant']);
});

test('Weesp changed region and police unit with its municipality, on a day in March', () => {
  const before = new Date('2022-03-23T12:00:00Z');
  const after = new Date('2022-03-24T12:00:00Z');
  assert.equal(vtOf('Weesp', before), ['Gooi en Vechtstreek']);
  assert.equal(vtOf('Weesp', after), ['Amsterdam-Amstelland']);
  assert.equal(policeUnitsOf('0457', before), ['Midden-Nederland']);
  assert.equal(arrondissementenOf('0457', after), ['Amsterdam']);
});

test('a day is a Dutch day: the new year begins an hour earlier than in Greenwich', () => {
  assert.is(dayOf(new Date('2022-12-31T22:59:59Z')), '2022-12-31');
  assert.is(dayOf(new Date('2022-12-31T23:00:00Z')), '2023-01-01');
  assert.is(gemeente('0501', new Date('2022-12-31T22:59:59Z'))?.naam, 'Brielle');
  assert.is(gemeente('0501', new Date('2022-12-31T23:00:00Z')), undefined);
  assert.equal(
    gemeentenVan('0501', NOW).map((row) => row.naam),
    ['Voorne aan Zee'],
  );
});

test('a municipality is not there before its first day, and an unknown code has no region', () => {
  const early = new Date('2021-12-31T12:00:00Z');
  assert.is(gemeente('1982', early), undefined);
  assert.equal(vtRegionsOf('1982', early), []);
  assert.equal(vtRegionsOf('9999', NOW), []);
  assert.equal(vtRegionsOf('toString', NOW), []);
});

test('Gelderland and Overijssel: two arrondissementen, one police unit, one parket', () => {
  const [arnhem, zwolle] = ['0202', '0193'];
  assert.equal(arrondissementenOf(arnhem, NOW), ['Gelderland']);
  assert.equal(arrondissementenOf(zwolle, NOW), ['Overijssel']);
  for (const code of [arnhem, zwolle]) {
    assert.equal(policeUnitsOf(code, NOW), ['Oost-Nederland']);
    assert.equal(parkettenOf(code, NOW), ['Oost-Nederland']);
  }
});

test('a name is found without accents and capitals; two that share one are both given', () => {
  assert.is(gemeenteByName("'s-Hertogenbosch")[0]?.code, '0796');
  assert.is(gemeenteByName('s hertogenbosch')[0]?.code, '0796');
  assert.is(gemeenteByName('SUDWEST-FRYSLAN')[0]?.naam, 'Súdwest-Fryslân');
  assert.is(gemeenteByName('Bergen').length, 2);
  assert.equal(
    gemeenteByName('Bergen (L.)').map((row) => row.provincie),
    ['Limburg'],
  );
  assert.equal(gemeenteByName('Nergenshuizen'), []);
  assert.equal(gemeenteByName(''), []);
});

test('the lists hang together: days that exist, regions that exist, successors from the day after', () => {
  const known = new Set(VT_REGIOS.map((region) => region.code));
  assert.is(known.size, 26);
  assert.is(vtRegion('VT15')?.naam, 'Midden-Brabant');
  for (const row of GEMEENTEN) {
    assert.match(row.code, /^[0-9]{4}$/);
    assert.ok(known.has(row.vtRegio) && isDate(row.van) && isDate(row.tot ?? row.van));
    assert.is(row.tot === undefined, row.opvolgers === undefined);
    const dayAfter = Date.parse(row.tot ?? row.van) + 36 * 3_600_000;
    for (const next of row.opvolgers ?? []) assert.ok(gemeente(next, dayAfter), next);
  }
  const values = (pick: (row: (typeof GEMEENTEN)[number]) => string) =>
    new Set(GEMEENTEN.map(pick)).size;
  assert.equal(
    [
      values((row) => row.politieEenheid),
      values((row) => row.arrondissement),
      values((row) => row.parket),
      values((row) => row.provincie),
    ],
    [10, 11, 10, 12],
  );
});

test.run();
