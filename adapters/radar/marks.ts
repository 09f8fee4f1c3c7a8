/**
 * What makes two reports meet, as text: each line once, in any order the same. It holds personal data, and
 * is hashed under the key of the store before it goes anywhere (store/marks.ts).
 */
import { KINDS, type Kind } from './kinds.ts';
import { type Person, peopleIn } from './people.ts';

export interface Mark {
  readonly kind: Kind;
  readonly text: string;
}

/** The rules by which marks are made. One more with each change: what was made by others is made anew then. */
export const RULES = 3;

/** @param body the `inhoud` of a vt-melding */
export function marksOf(body: unknown): Mark[] {
  const people = peopleIn(body);
  const hidden = people.filter((one) => one.secret).flatMap(({ addresses }) => addresses);
  const secret = new Set(hidden.map(doorIn));
  const all = people.flatMap((one) => [...certain(one), ...strong(one), ...household(one, secret)]);
  return [...new Map(all.map((mark) => [`${KINDS[mark.kind].code} ${mark.text}`, mark])).values()];
}

const certain = ({ bsn, alienNumber }: Person): Mark[] => [
  ...(bsn === undefined ? [] : [{ kind: 'bsn' as const, text: bsn }]),
  ...(alienNumber === undefined
    ? []
    : [{ kind: 'vreemdelingennummer' as const, text: alienNumber }]),
];

/** So is written down whose day of birth nobody knows: in a shelter many with the same given name have it. */
const UNKNOWN_DAY = /-01-01$/;

/**
 * Both reports name this person at this place, so that a secret address is told to nobody who had it not. One
 * name that agrees is enough: with a given name a slip in the surname does no harm, nor that children bear another.
 */
function strong({ surnames, givenName, born, addresses }: Person): Mark[] {
  if (born === undefined) return [];
  const isGiven = givenName !== undefined && !UNKNOWN_DAY.test(born);
  const names = [...surnames, ...(isGiven ? [`voornaam ${givenName}`] : [])];
  return names.flatMap((name) =>
    addresses.map((address) => ({
      kind: 'naam+geboortedatum+adres' as const,
      text: [name, born, address].join('\n'),
    })),
  );
}

/** What all ways to write one place have in common: the number, with or without its addition; abroad the country. */
function doorIn(address: string): string | undefined {
  const parts = address.split(' ');
  return parts[0] === 'buitenland' ? `land ${parts[1]}` : parts.at(-2);
}

/**
 * From a household one could conclude where somebody lives: never from a place that is secret to anybody here,
 * nor from one with the same number or in the same country abroad, which may be the same place.
 */
function household(
  { surnames, addresses }: Person,
  secret: ReadonlySet<string | undefined>,
): Mark[] {
  const open = addresses.filter((address) => !secret.has(doorIn(address)));
  return [
    ...open.map((address) => ({ kind: 'adres' as const, text: address })),
    ...surnames.flatMap((surname) =>
      open.map((address) => ({ kind: 'huishouden' as const, text: [surname, address].join('\n') })),
    ),
  ];
}
