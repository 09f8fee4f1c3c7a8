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

/** All words as one. */
export const fold = (text: string): string => words(text).join('');

/** Stand before a surname, and are left out, forgotten or written elsewhere. */
const PREFIXES: ReadonlySet<string> = new Set([
  ...['van', 'v', 'vd', 'vander', 'vanden', 'de', 'der', 'den', 'd', 'het', 't', 's', 'ten', 'ter'],
  ...[
    'te',
    'op',
    'in',
    'aan',
    'bij',
    'by',
    'onder',
    'over',
    'uit',
    'voor',
    'tot',
    'la',
    'le',
    'les',
  ],
  ...['du', 'des', 'da', 'di', 'do', 'dos', 'das', 'del', 'della', 'von', 'zu', 'zum', 'zur', 'el'],
  ...['al', 'ben', 'bin', 'ibn', 'af', 'e', 'y'],
]);

/** Between the two names of people who are or were married. */
const JOINTS = /[-‐‑‒–—/,]|\be\.?\s?v\.?(?=\s|$)/u;

/**
 * The surnames in a surname: without prefixes, and each part of a double name by itself, so that
 * `Jansen-de Vries`, `de Vries` and `Vries, de` meet. In alphabetical order.
 */
export function surnamesIn(text: string): string[] {
  const parts = text.split(JOINTS).map(words);
  const bare = parts.map((part) => part.filter((word) => !PREFIXES.has(word)).join(''));
  const named = bare.filter((part) => part !== '');
  // A name of prefixes alone is a name all the same.
  const found = named.length > 0 ? named : [parts.flat().join('')];
  return [...new Set(found.filter((part) => part !== ''))].sort();
}
