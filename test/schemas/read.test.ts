import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  isCanonicalBase64url,
  LIMITS,
  readBase64url,
  readJson,
  readObject,
  readUtf8,
} from '../../schemas/read.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { cpuOf } from '../town/cost.ts';

/** The code of the refusal, or 'read'. */
const verdict = (input: Uint8Array | string, limits = LIMITS): string => {
  try {
    readJson(input, limits);
    return 'read';
  } catch (error) {
    assert.instance(error, Refusal);
    return (error as Refusal).code;
  }
};

/** Without half of a character that takes two. */
const isWhole = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** JSON values whose integers a double holds, and whose strings have no lone surrogates. */
const values = fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.parse(JSON.stringify(value)));
const holds = (value: unknown): boolean => {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value === 'string') return isWhole(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isWhole(key) && holds(item));
};

test('it reads what JSON.stringify writes, and reads the same', () => {
  fc.assert(
    fc.property(values.filter(holds), fc.constantFrom(0, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space);
      assert.equal(readJson(text), value);
      assert.equal(readJson(Buffer.from(text)), value);
    }),
  );
});

test('it refuses a name that stands twice in one object, at any depth and in any spelling', () => {
  const escaped = (name: string): string =>
    `"${[...Array(name.length).keys()].map((i) => `\\u${name.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
  const names = fc.string({ unit: 'binary' }).filter((name) => isWhole(name));
  fc.assert(
    fc.property(names, values.filter(holds), fc.nat({ max: 20 }), (name, value, depth) => {
      const [plain, item] = [JSON.stringify(name), JSON.stringify(value)];
      const twice = `{${plain}:${item},"een ander":1,${escaped(name)}:${item}}`;
      const deep = `{"a":[${twice}]}`;
      assert.is(verdict(`${'['.repeat(depth)}${deep}${']'.repeat(depth)}`), 'malformed');
    }),
  );
});

test('the same name may stand in two objects, and as a value', () => {
  assert.is(verdict('{"a":{"a":"a"},"b":[{"a":1},{"a":2}],"c":"a"}'), 'read');
  assert.is(verdict('{"a":",\\"a\\":1","b":"{\\"a\\":1,\\"a\\":2}"}'), 'read');
  assert.is(verdict('{"__proto__":1,"constructor":2}'), 'read');
  assert.is(verdict('{"__proto__":1,"__proto__":2}'), 'malformed');
});

test('it refuses numbers that do not survive a double, and takes the rest', () => {
  const held = [
    '0',
    '-0',
    '9007199254740991',
    '-9007199254740991',
    '0.1',
    '1e21',
    '1E+2',
    '5e-324',
    '1.50',
    '-1.5e-7',
    '100.0',
    '0.30000000000000004',
    '1e23',
    '-0.0000012345678901234567',
    '-2.2250738585072014e-308',
  ];
  for (const number of held) assert.is(verdict(`[${number}]`), 'read', number);
  const lost = [
    '9007199254740992',
    '-9007199254740993',
    '9007199254740993.0',
    '1e400',
    '-1e400',
    '1e-400',
    '0.10000000000000000001',
    '1e99999999999',
    `1.${'0'.repeat(900_000)}1`,
    '1'.repeat(900_000),
  ];
  for (const number of lost) assert.is(verdict(`[${number}]`), 'malformed', number.slice(0, 24));
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (number) => {
      const fits =
        !Number.isInteger(number) || Number.isSafeInteger(number) || /e/.test(`${number}`);
      return verdict(JSON.stringify([number])) === (fits ? 'read' : 'malformed');
    }),
  );
});

test('it refuses lone surrogates, in names and values, written out or escaped', () => {
  for (const text of [
    '["\\ud800"]',
    '{"\\udc00":1}',
    '["\\ud800x\\udc00"]',
    '["\ud800"]',
    '["\\udc00\\ud800"]',
  ]) {
    assert.is(verdict(text), 'malformed', text);
  }
  assert.is(verdict('["\\ud83d\\ude00 😀"]'), 'read');
});

test('it refuses what is not JSON, and bytes that are not UTF-8 or begin with a mark', () => {
  for (const text of [
    '',
    ' ',
    '{',
    '[1,]',
    "{'a':1}",
    '{"a":1}{',
    '01',
    'NaN',
    '[1] x',
    '"\n"',
    '\ufeff{}',
  ]) {
    assert.is(verdict(text), 'malformed', text);
  }
  const bytes = [
    [0xff],
    [0x22, 0xc3, 0x28, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0xef, 0xbb, 0xbf, 0x7b, 0x7d],
    [0x22, 0xc0, 0xaf, 0x22],
  ];
  for (const list of bytes) assert.is(verdict(Uint8Array.from(list)), 'malformed');
  assert.throws(() => readUtf8(Uint8Array.of(0x80)), /not UTF-8/);
});

test('depth, members and length are bounded, and a document at the bound is read', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  assert.is(verdict(nested(LIMITS.depth)), 'read');
  assert.is(verdict(nested(LIMITS.depth + 1)), 'malformed');
  assert.is(verdict(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`), 'malformed');
  const list = (items: number) => `[${Array(items).fill(0).join(',')}]`;
  assert.is(verdict(list(LIMITS.members)), 'read');
  assert.is(verdict(list(LIMITS.members + 2)), 'too-large');
  const limits = { ...LIMITS, length: 10 };
  assert.is(verdict('"12345678"', limits), 'read');
  assert.is(verdict('"123456789"', limits), 'too-large');
});

test('hostile texts of the greatest length are judged in bounded time', async () => {
  const size = LIMITS.length - 2;
  const fill = (piece: string, end = '') => piece.repeat((size - end.length) / piece.length) + end;
  const hostile = [
    fill('['),
    fill('{"a":'),
    `"${fill('\\\\')}"`,
    `"${fill('\\u0061')}"`,
    `"${fill('x')}"`,
    `["${fill('","', '')}"]`,
    `[${fill('1,', '1')}]`,
    `[${fill('-')}]`,
    `[1.${fill('0', '1')}]`,
    fill(' ', '1'),
    fill('"'),
    `"${fill('\\')}`,
    `{${[...Array(60_000).keys()].map((at) => `"n${at}":1`).join(',')}}`,
  ];
  for (const text of hostile) {
    const spent = await cpuOf(() => verdict(text.slice(0, LIMITS.length)));
    assert.ok(spent < 5_000, `${spent.toFixed(0)} ms for ${text.slice(0, 8)}…`);
  }
});

test('a refusal repeats nothing of the text', () => {
  for (const text of [
    '{"Jansen":1,"Jansen":2}',
    '["Jansen\\ud800"]',
    '{"Jansen"',
    '[99999999999999999999]',
  ]) {
    try {
      readJson(text);
      assert.unreachable();
    } catch (error) {
      assert.not.match(String(error) + JSON.stringify(error), /Jansen|9999/);
    }
  }
});

test('an object is an object', () => {
  assert.equal(readObject('{"a":1}'), { a: 1 });
  for (const text of ['null', '[]', '1', '"x"', 'true']) {
    assert.throws(
      () => readObject(text),
      (error: unknown) => error instanceof Refusal && error.code === 'malformed',
    );
  }
});

test('base64url has one spelling: what Buffer writes, and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      assert.ok(isCanonicalBase64url(text));
      assert.equal([...readBase64url(text)], [...bytes]);
    }),
  );
  const texts = fc.string({ unit: fc.constantFrom(...'AQgwBEIZaz09-_+/= \n'), maxLength: 12 });
  fc.assert(
    fc.property(texts, (text) => {
      const canonical = Buffer.from(text, 'base64url').toString('base64url') === text;
      return isCanonicalBase64url(text) === canonical;
    }),
  );
});

test.run();
