/** Looks for texts in bytes, plain and in the codings in which they may hide. */

/**
 * The spellings of a text: as it is, in UTF-16, in hexadecimal, and the part of its base64 that is
 * the same whatever stands before and after it, for each of the three ways it can fall.
 */
export function spellings(text: string): Buffer[] {
  const plain = Buffer.from(text);
  const hex = plain.toString('hex');
  const coded = [0, 1, 2].flatMap((before) => {
    const all = Buffer.concat([Buffer.alloc(before), plain]).toString('base64url');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + plain.length) * 8) / 6);
    const inner = all.slice(first, last);
    return [inner, inner.replaceAll('-', '+').replaceAll('_', '/')];
  });
  const texts = [text, encodeURIComponent(text), hex, hex.toUpperCase(), ...coded];
  return [...new Set(texts)].map((one) => Buffer.from(one)).concat(Buffer.from(text, 'utf16le'));
}

/** Where the texts were found: `name: text`, once each. */
export function findCanaries(
  places: ReadonlyMap<string, string | Uint8Array>,
  texts: readonly string[],
): string[] {
  const wanted = texts.map((text) => ({ text, spelled: spellings(text) }));
  return [...places].flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    return wanted
      .filter(({ spelled }) => spelled.some((one) => bytes.includes(one)))
      .map(({ text }) => `${name}: ${text}`);
  });
}
