import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { toFaults } from '../../schemas/faults.ts';
import {
  fromUrn,
  NotAnId,
  newUuid7,
  PATTERNS,
  parseDigest,
  parseGemeentecode,
  parseOin,
  parseOinUrn,
  parseThumbprint,
  parseUuid,
  parseUuid7,
  toUrn,
} from '../../schemas/ids.ts';

const PARSERS = {
  oin: parseOin,
  oinUrn: parseOinUrn,
  uuid7: parseUuid7,
  uuid: parseUuid,
  gemeentecode: parseGemeentecode,
  sha256: parseDigest,
} as const;
type Kind = keyof typeof PARSERS;
const KINDS = Object.keys(PARSERS) as Kind[];

const accepts = (kind: Kind, value: unknown): boolean => {
  try {
    return PARSERS[kind](value) === value;
  } catch (error) {
    assert.instance(error, NotAnId);
    return false;
  }
};

const inAlphabet = (alphabet: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const prefixes = fc.constantFrom(
  ...['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '99'],
);

const oins = fc
  .tuple(prefixes, inAlphabet(DIGITS + UPPER, 9), inAlphabet(DIGITS, 3))
  .map(([prefix, main, suffix]) => `000000${prefix}${main}${suffix}`);
const uuids = (version: string) =>
  fc
    .tuple(
      inAlphabet(HEX, 8),
      inAlphabet(HEX, 4),
      inAlphabet(HEX, 3),
      fc.constantFrom(...'89ab'),
      inAlphabet(HEX, 15),
    )
    .map(
      ([a, b, c, variant, rest]) =>
        `${a}-${b}-${version}${c}-${variant}${rest.slice(0, 3)}-${rest.slice(3)}`,
    );

/** Made here by other means than the patterns, so that the two check each other. */
const GOOD: Record<Kind, fc.Arbitrary<string>> = {
  oin: oins,
  oinUrn: oins.map((oin) => `urn:nld:oin:${oin}`),
  uuid7: uuids('7'),
  uuid: fc.constantFrom(...'12345678').chain(uuids),
  gemeentecode: inAlphabet(DIGITS, 4),
  sha256: fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('base64url')),
};

test('a parser takes every value that is made as it should be', () => {
  for (const kind of KINDS) fc.assert(fc.property(GOOD[kind], (text) => accepts(kind, text)));
});

test('a parser takes exactly what the pattern says', () => {
  for (const kind of KINDS) {
    const spoilt = fc
      .tuple(GOOD[kind], fc.nat({ max: 45 }), fc.constantFrom(...'A0a-_ \n\u0661é', ''))
      .map(([text, at, char]) => text.slice(0, at) + char + text.slice(at + 1));
    const any = fc.oneof(
      spoilt,
      GOOD[kind],
      fc.string(),
      GOOD[kind].map((text) => `${text}\n`),
    );
    const pattern = new RegExp(PATTERNS[kind]);
    fc.assert(fc.property(any, (text) => accepts(kind, text) === pattern.test(text)));
  }
});

test('nothing but a string is an id', () => {
  for (const kind of KINDS) {
    fc.assert(
      fc.property(fc.anything(), (value) => typeof value === 'string' || !accepts(kind, value)),
    );
    fc.assert(
      fc.property(GOOD[kind], (text) => !accepts(kind, [text]) && !accepts(kind, Object(text))),
    );
  }
});

test('a line end, another alphabet or the wrong case is refused', () => {
  assert.not(accepts('oin', '00000099000000010000\n'));
  assert.not(accepts('oin', '0000009900000001000٠'));
  assert.not(accepts('oin', '00000011000000010000'));
  assert.not(accepts('uuid7', '01999C2E-7d4a-7b1c-9a55-0d6c1f2a3b4c'));
  assert.not(accepts('sha256', `${'A'.repeat(42)}B`));
});

test('the error names the kind and never the value', () => {
  assert.throws(
    () => parseOin('999990342'),
    /^expected an OIN: 20 characters with a known prefix$/,
  );
  assert.is(parseThumbprint('A'.repeat(43)), 'A'.repeat(43));
});

test('an OIN and its urn are each other', () => {
  fc.assert(fc.property(oins, (oin) => fromUrn(parseOinUrn(toUrn(parseOin(oin)))) === oin));
});

const LAST = 2 ** 48 - 1;

test('a new id parses, and bears its millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: LAST }), (now) => {
      const id = newUuid7(now);
      const millis = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
      return accepts('uuid7', id) && accepts('uuid', id) && millis === now;
    }),
  );
});

test('ids sort by the time they were made', () => {
  const times = fc.tuple(fc.integer({ min: 0, max: LAST }), fc.integer({ min: 0, max: LAST }));
  fc.assert(
    fc.property(
      times,
      ([one, other]) => one === other || one < other === newUuid7(one) < newUuid7(other),
    ),
  );
});

test('ten thousand ids of one millisecond differ', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newUuid7(1_790_000_000_000)));
  assert.is(ids.size, 10_000);
});

test('a fault tells a pattern of ours in words, and any other as it is', () => {
  const fault = (pattern: string) =>
    toFaults(
      [{ keyword: 'pattern', instancePath: '/x', schemaPath: '', params: { pattern } }],
      '',
      new Set(),
    );
  const words = [PATTERNS.oin, '^[0-9]$'].map((one) => fault(one)[0]?.melding);
  assert.equal(words, ['must be an OIN: 20 characters with a known prefix', 'must match ^[0-9]$']);
});

test.run();
