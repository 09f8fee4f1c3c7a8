/** Ways to spoil what is good. All of them follow from numbers that fast-check draws, so that it can shrink them. */
import * as fc from 'fast-check';

/** Text that parsers have stumbled over. */
export const NASTY = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\r\n',
    '\ufeff',
    '\ud800',
    '\u202e',
    'é',
    'İ',
    '９',
    '%00',
    '../',
    '{{}}',
    "'",
    '"',
    '\\',
  ],
  ...[
    'toString',
    'then',
    '__proto__',
    'constructor',
    'null',
    'true',
    'NaN',
    '-0',
    '1e999',
    '9007199254740993',
    '0x10',
    '1970-01-01',
  ],
  ...[
    '2025-02-30',
    '2025-03-14T24:00:00Z',
    '2025-03-14T12:00:00+01',
    'urn:nld:oin:00000099000000010000',
    '00000099000000010000',
  ],
  ...[
    '999990019',
    'e30',
    'e30.e30.AAAA',
    '[[[[',
    '{"a":',
    ']]]]',
    '$where',
    '=cmd()',
    'A'.repeat(300),
  ],
];

const nasty = fc.constantFrom(...NASTY);

/** Any JSON value, now and then a nasty one. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  nasty,
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0.1,
    1e308,
    {},
    [],
    [[]],
    { toString: '' },
    { length: -1 },
    { a: {} },
  ),
);

export interface Wound {
  readonly at: number;
  readonly how: number;
  readonly text: string;
  readonly length: number;
}

export const wound: fc.Arbitrary<Wound> = fc.record({
  at: fc.nat(1_000_000),
  how: fc.nat(6),
  text: fc.oneof(nasty, fc.string({ maxLength: 8 })),
  length: fc.integer({ min: 1, max: 40 }),
});
export const wounds = fc.array(wound, { minLength: 1, maxLength: 3 });

/** Changes a byte, flips a bit, cuts, repeats, puts in, or swaps. */
function wounded(bytes: Buffer, { at, how, text, length }: Wound): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (how === 0) return Buffer.concat([head, tail.subarray(length)]);
  if (how === 1) return Buffer.concat([head, Buffer.from(text), tail]);
  if (how === 2) return Buffer.concat([head, tail.subarray(0, length), tail]);
  if (how === 3) return Buffer.concat([head, Buffer.from(text), tail.subarray(length)]);
  if (how === 4) return head;
  if (how === 5) return Buffer.concat([tail, head]);
  return flipped(bytes, at);
}

export function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const bit = copy.length === 0 ? 0 : at % (copy.length * 8);
  if (copy.length > 0) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

export const spoil = (bytes: Uint8Array, all: readonly Wound[]): Buffer =>
  all.reduce<Buffer>(wounded, Buffer.from(bytes));

/** One place in a JSON value, by a path of numbers, and what becomes of it. */
export interface Graft {
  readonly path: readonly number[];
  readonly how: number;
  readonly name: string;
  readonly value: unknown;
}

export const graft: fc.Arbitrary<Graft> = fc.record({
  path: fc.array(fc.nat(30), { maxLength: 6 }),
  how: fc.nat(3),
  name: fc.oneof(nasty, fc.string({ maxLength: 6 })),
  value: anyJson,
});
export const grafts = fc.array(graft, { minLength: 1, maxLength: 3 });

/** The value with one place replaced, taken away, renamed or added to. */
function grafted(value: unknown, { path, how, name, value: drawn }: Graft): unknown {
  const copy = structuredClone(value);
  // What was drawn may be drawn again: it must not be grafted upon.
  const given = structuredClone(drawn);
  let here: unknown = copy;
  for (const step of path) {
    const inner = Object.values(Object(here)).filter((one) => typeof one === 'object' && one);
    if (inner.length === 0) break;
    here = inner[step % inner.length];
  }
  if (typeof here !== 'object' || here === null) return given;
  const names = Object.keys(here);
  const chosen = names[(path.at(-1) ?? 0) % Math.max(1, names.length)] ?? name;
  const holder = here as Record<string, unknown>;
  // A number as the name of an item would make an array of that length.
  const added = Array.isArray(here) ? String(here.length) : name;
  const put = (at: string, what: unknown) =>
    Object.defineProperty(holder, at, {
      value: what,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  if (how === 0) put(Array.isArray(here) && names.length === 0 ? '0' : chosen, given);
  else if (how === 1) delete holder[chosen];
  else if (how === 2) put(added, Object.hasOwn(holder, chosen) ? holder[chosen] : given);
  else put(added, given);
  return copy;
}

export const spoilJson = (value: unknown, all: readonly Graft[]): unknown =>
  all.reduce(grafted, value);
