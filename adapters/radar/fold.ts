/** Spells text in one way, so that case, accents, hyphens and the Dutch ij do not keep two from meeting. */

/** What has no accent to take away. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' },
};

/** The words of a text: letters and digits of any script, lower case, no accents; ij is y. */
export function words(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[ßæœøđðłþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replaceAll('ij', 'y');
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** All words as one; an i that ends one and a j that begins the next are ij, too. */
export const fold = (text: string): string => words(text).join('').replaceAll('ij', 'y');

/** Stand before a surname or between two, and are left out, forgotten or written elsewhere. */
const PARTICLES: ReadonlySet<string> = new Set(
  `van v vd vander vanden de der den d het t s ten ter te op in aan by onder over uit voor tot
  la le les du des da di do dos das del della von zu zum zur el al ben bin ibn af e y ev
  geb geboren gehuwd wed weduwe echtgenote echtgenoot`.split(/\s+/),
);

/** Written where the name is not known: all that are called so are no family. */
const NOBODY: ReadonlySet<string> = new Set(
  'nn nb onbekend onbekendnaam naamonbekend anoniem'.split(' '),
);

/** Stand where a given name could. Ben and Al are names, though they are particles elsewhere. */
const NO_GIVEN_NAMES: ReadonlySet<string> = new Set(
  `mevrouw mevr mw mej meneer heer dhr hr dr drs mr ir ing prof kind baby nn onbekend
  van vd de der den het t ten ter te op in el la le`.split(/\s+/),
);

/** The first given name, when it is more than a letter. */
export function givenNameIn(text: string): string | undefined {
  const [first = ''] = words(text).filter((word) => !NO_GIVEN_NAMES.has(word));
  return first.length > 1 ? first : undefined;
}

/** Between the two names of people who are or were married, or before what belongs in front. */
const JOINTS = /[-‐‑‒–—/,]/u;
/** A shorter word of a name says too little alone. */
const SHORTEST = 3;
/** More nobody is called, but whoever sends can make it so. */
const MOST = 8;

/**
 * The surnames in a surname: without particles, each part of a double name and each longer word by itself, so
 * that `Jansen-de Vries`, `de Vries Jansen` and `Vries, de` meet; as they sound. In alphabetical order; none of nobody.
 */
export function surnamesIn(text: string): string[] {
  if (NOBODY.has(fold(text))) return [];
  const parts = text.split(JOINTS).map(words);
  const bare = parts.map((part) => part.filter((word) => !PARTICLES.has(word)));
  const named = bare.filter((part) => part.length > 0);
  // A name of particles alone is a name all the same.
  const all = named.length > 0 ? named : [[parts.flat().join('')]];
  const found = all.flatMap((part) => [
    part.join(''),
    ...part.filter(({ length }) => length >= SHORTEST),
  ]);
  const heard = new Set(found.map(asHeard).filter((name) => name !== ''));
  return [...heard].sort().slice(0, MOST);
}

/**
 * Who hears a name writes it in one of several ways; these are taken for one. What sounds otherwise stays
 * apart, and so do v and f, s and z: Sanders and Zanders are two families.
 */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/auw?|ouw/g, 'ou'],
  [/uy/g, 'ui'],
  [/e[iy]/g, 'y'],
  [/ph/g, 'f'],
  [/(?<=[tg])h/g, ''],
  [/c(?![heiy])/g, 'k'],
  [/k+[sx]/g, 'x'],
  [/d?t$|d$/, 't'],
  [/(.)\1+/g, '$1'],
];

const asHeard = (name: string): string =>
  SOUNDS.reduce((text, [heard, written]) => text.replace(heard, written), name);
