/**
 * What a report says of the people in it that they can be known again by. Reporters and professionals
 * are left out: the same family doctor in two reports makes them no family.
 */
import { at, member, select } from '../../schemas/rules/look.ts';
import { fold, givenNameIn, surnamesIn, words } from './fold.ts';

export interface Person {
  readonly bsn: string | undefined;
  readonly alienNumber: string | undefined;
  readonly surnames: readonly string[];
  /** The first, when it is more than a letter. */
  readonly givenName: string | undefined;
  /** ISO 8601, when the whole date is known. */
  readonly born: string | undefined;
  /** Ways to write the places where the person lives: the same place has one in common. */
  readonly addresses: readonly string[];
  /** Of places that are secret no household is concluded. */
  readonly secret: boolean;
}

const OUTSIDERS: ReadonlySet<unknown> = new Set([
  ...['contactpersoon', 'hulpverlener', 'informant', 'melder', 'onderwijsgevende'],
  ...['overige professional', 'verpleegkundige, arts of medisch specialist'],
]);

/** @param body the `inhoud` of a vt-melding; what is not there or not readable is left out */
export const peopleIn = (body: unknown): Person[] =>
  select(body, '/betrokkenen/*')
    .map(({ waarde }) => waarde)
    .filter((one) => !OUTSIDERS.has(member(one, 'jeugdzorgrol')))
    .map(toPerson);

function toPerson(one: unknown): Person {
  return {
    bsn: numberIn(one, '/burgerservicenummer'),
    alienNumber: numberIn(one, '/vreemdelingennummer'),
    surnames: surnamesOf(one),
    givenName: givenNameOf(one),
    born: bornOn(one),
    addresses: ['/verblijfplaats', '/feitelijkeVerblijfplaats'].flatMap((path) =>
      placesAt(at(one, path)),
    ),
    secret: member(one, 'geheimhoudingPersoonsgegevens') === true,
  };
}

const textAt = (value: unknown, path: string): string => {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
};

/** Typed in to get past a form that wants a number: 000000000, 111111110, 9999999999. */
const PLACEHOLDER = /^(\d)\1{7,}\d?$/;

function numberIn(one: unknown, path: string): string | undefined {
  const found = textAt(one, path);
  return /^\d{9,10}$/.test(found) && !PLACEHOLDER.test(found) ? found : undefined;
}

/** The whole name only when there is no other: its last word is the surname then. */
function surnamesOf(one: unknown): readonly string[] {
  const surname = textAt(one, '/naam/geslachtsnaam');
  if (surname !== '') return surnamesIn(`${textAt(one, '/naam/voorvoegsel')} ${surname}`);
  const last = textAt(one, '/naam/volledigeNaam').trim().split(/\s+/).at(-1) ?? '';
  return surnamesIn(last);
}

/** Of the whole name what stands before its last word. */
function givenNameOf(one: unknown): string | undefined {
  const before = textAt(one, '/naam/volledigeNaam').trim().replace(/\S+$/, '');
  return givenNameIn(textAt(one, '/naam/voornamen') || before);
}

/** A year alone says too little to be somebody's. */
function bornOn(one: unknown): string | undefined {
  const date = textAt(one, '/geboorte/datum/datum');
  return date === '' ? undefined : date;
}

/** None of a postal address, nor of one that the person was found not to live at. */
function placesAt(place: unknown): string[] {
  const home = at(place, '/verblijfadres');
  if (at(place, '/functieAdres/code') === 'B') return [];
  if (member(place, 'indicatieVastgesteldVerblijftNietOpAdres') === true) return [];
  const write = WRITTEN.get(member(place, 'type'));
  return write === undefined ? [] : write(home);
}

/**
 * By postcode and number, and by town, street and number: which of them a report has differs. None of what
 * lies opposite or near a number.
 */
function dutch(home: unknown): string[] {
  const number = at(home, '/huisnummer');
  if (typeof number !== 'number') return [];
  if (member(home, 'aanduidingBijHuisnummer') !== undefined) return [];
  const addition = fold(`${textAt(home, '/huisletter')}${textAt(home, '/huisnummertoevoeging')}`);
  const door = `${number} ${addition}`;
  const postcode = textAt(home, '/postcode').replaceAll(/\s/g, '').toUpperCase();
  const [town, street] = [fold(textAt(home, '/woonplaats')), streetIn(home)];
  return [
    ...(/^\d{4}[A-Z]{2}$/.test(postcode) ? [`postcode ${postcode} ${door}`] : []),
    ...(town !== '' && street !== '' ? [`straat ${town} ${street} ${door}`] : []),
  ];
}

/** `str.` is written for straat, and little else is shortened so that all know it. */
const streetIn = (home: unknown): string =>
  words(textAt(home, '/officieleStraatnaam')).join('').replace(/str$/, 'straat');

/** So many words has a whole address at least: street, number, postcode, town. */
const WHOLE = 4;

/** The words of its lines, in whatever order. Fewer are a town, and nobody's house. */
function foreign(home: unknown): string[] {
  const parts = ['/regel1', '/regel2', '/regel3'].flatMap((path) => words(textAt(home, path)));
  const isHouse = parts.length >= WHOLE && parts.some((part) => /\d/.test(part));
  return isHouse ? [`buitenland ${textAt(home, '/land/code')} ${parts.sort().join(' ')}`] : [];
}

const WRITTEN: ReadonlyMap<unknown, (home: unknown) => string[]> = new Map([
  ['Adres', dutch],
  ['VerblijfplaatsBuitenland', foreign],
]);
