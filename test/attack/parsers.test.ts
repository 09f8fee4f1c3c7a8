/** What two parsers read differently, and what costs a parser too much: refused, in bounded time and memory. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SigningKey } from '../../certs/keys.ts';
import { FORMATS } from '../../schemas/formats.ts';
import { BODIES } from '../../schemas/generated/messages-documents.ts';
import { WIRE } from '../../schemas/generated/wire-documents.ts';
import { cpuOf } from '../town/cost.ts';
import type { RowId } from './catalogue.ts';
import {
  codeOf,
  type Fortress,
  headerOf,
  openFortress,
  signTexts,
  type Visitor,
} from './fortress.ts';
import { saw } from './saw.ts';

let fortress: Fortress;
let police: Visitor;
let key: SigningKey;
test.before(async () => {
  fortress = await openFortress();
  police = await fortress.visitor('politie');
  key = police.player.identity.signing;
  await police.offer(await police.player.sign(police.player.claims()));
});
test.after(() => fortress.stop());

const text = (more: object = {}) => JSON.stringify({ ...police.player.claims(), ...more });

/** Signs these bytes as a message, offers it, and checks the code. */
async function refused(id: RowId, payload: string | Uint8Array, code: string, why: string) {
  const answer = await police.offer(await signTexts(headerOf(key), payload, key));
  assert.is(codeOf(answer), code, why);
  saw(id, code);
}

test('L1 numbers that readers hold differently', async () => {
  const spellings = ['1e999', '-1e999', '9007199254740993', '1.00000000000000000000001', '0.1e400'];
  for (const number of spellings) {
    const payload = text().replace(/"exp":\d+/, `"exp":${number}`);
    await refused('L1', payload, 'malformed', number);
  }
  for (const number of ['1800000000.5', '"1800000000"', '-1', 'null', 'true']) {
    const payload = text().replace(/"exp":\d+/, `"exp":${number}`);
    await refused('L1', payload, 'schema-invalid', number);
  }
  for (const number of ['01', '+1', '.5', '5.', '0x10', 'NaN', 'Infinity', '1_000']) {
    await refused('L1', text().replace(/"exp":\d+/, `"exp":${number}`), 'malformed', number);
  }
});

test('L2 text that readers hold differently', async () => {
  const bytes = Buffer.from(text());
  const broken: [string, Uint8Array | string][] = [
    ['a byte order mark', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes])],
    ['UTF-16', Buffer.from(text(), 'utf16le')],
    ['an overlong slash', swap(bytes, Buffer.of(0xc0, 0xaf))],
    ['half a character', swap(bytes, Buffer.of(0xe2, 0x82))],
    ['a surrogate in UTF-8', swap(bytes, Buffer.of(0xed, 0xa0, 0x80))],
    ['a lone surrogate, escaped', text().replace('"spoed"', '"\\ud800"')],
    ['a null byte', swap(bytes, Buffer.of(0))],
    ['a comment', text().replace('{', '{/* hi */')],
    ['a comma too many', text().replace(/\}$/, ',}')],
    ['two documents', `${text()}{}`],
    ['single quotes', text().replaceAll('"', "'")],
  ];
  for (const [why, payload] of broken) await refused('L2', payload, 'malformed', why);
  const wide = police.player.oin.replaceAll('0', '\uff10');
  for (const iss of [
    `urn:nld:oin:${wide}`,
    `URN:NLD:OIN:${police.player.oin}`,
    `urn:nld:oin:${police.player.oin}\u200b`,
  ])
    await refused('L2', text({ iss }), 'issuer-mismatch', 'an OIN in another alphabet');
});

/** The bytes with these in the middle of a text. */
const swap = (bytes: Buffer, these: Buffer) => {
  const at = bytes.indexOf('Heusden');
  return Buffer.concat([bytes.subarray(0, at), these, bytes.subarray(at + 1)]);
};

test('J19 dates that readers hold differently', async () => {
  const { inhoud } = police.player.claims();
  for (const datumIncident of [
    ...['2025-02-30', '2025-3-14', '20250314', '2025-03-14T00:00:00Z', '14-03-2025', '0000-01-01'],
    ...['2025-W11-5', '+02025-03-14', '2025-03-14 ', '٢٠٢٥-٠٣-١٤', '2100-02-29'],
  ])
    await refused(
      'J19',
      text({ inhoud: { ...inhoud, datumIncident } }),
      'schema-invalid',
      datumIncident,
    );
  const moment = FORMATS['date-time'] as (text: string) => boolean;
  for (const bad of [
    ...[
      '2025-03-14T24:00:00Z',
      '2025-03-14T12:00:00+01',
      '2025-03-14T12:00:60Z',
      '2025-03-14t12:00:00z',
    ],
    ...[
      '2025-03-14T12:00Z',
      '2025-03-14 12:00:00Z',
      '2025-03-14T12:00:00',
      '2025-03-14T12:00:00+15:00',
    ],
  ])
    assert.not.ok(moment(bad), bad);
  assert.ok(moment('2025-03-14T12:00:00+01:00'));
});

/** Offers it while the heap is watched. @returns milliseconds of CPU, and the most that the process grew by */
async function cost(offer: () => Promise<unknown>): Promise<{ ms: number; mb: number }> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  const ms = await cpuOf(offer);
  most = Math.max(most, process.memoryUsage().rss);
  clearInterval(watch);
  return { ms, mb: (most - before) / 1e6 };
}

/** A body of about a quarter of a megabyte of one kind of nuisance, and the code that it gets. */
const NUISANCES: readonly [what: string, payload: () => string, code: string][] = [
  [
    '100,000 deep',
    () =>
      text().replace('"inhoud":{', `"inhoud":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},`),
    'malformed',
  ],
  [
    '33 deep',
    () => text().replace('"inhoud":{', `"inhoud":{"a":${'['.repeat(33)}${']'.repeat(33)},`),
    'malformed',
  ],
  ['120,000 items', () => text({ inhoud: { a: Array(120_000).fill(0) } }), 'too-large'],
  [
    '20,001 members',
    () =>
      text({
        inhoud: Object.fromEntries(Array.from({ length: 20_001 }, (_, at) => [`a${at}`, 0])),
      }),
    'too-large',
  ],
  [
    '250,000 characters of text',
    () => text({ conversatie: 'a'.repeat(250_000) }),
    'schema-invalid',
  ],
  [
    '40,000 escapes',
    () => text().replace('"spoed"', `"${'\\u0061'.repeat(40_000)}"`),
    'schema-invalid',
  ],
  [
    'a number of 250,000 digits',
    () => text().replace(/"exp":\d+/, `"exp":${'9'.repeat(250_000)}`),
    'malformed',
  ],
  [
    '250,000 spaces',
    () =>
      text()
        .replace('{', `{${' '.repeat(250_000)}`)
        .replace('"spoed"', '"traag"'),
    'schema-invalid',
  ],
  ['9,000 faults', () => text({ inhoud: { betrokkenen: Array(9000).fill({}) } }), 'schema-invalid'],
  [
    'one name 15,000 times',
    () => text().replace('"inhoud":{', `"inhoud":{${'"a":1,'.repeat(15_000)}`),
    'malformed',
  ],
];

test('L3 deep, huge and many-membered documents are refused in bounded time and memory', async () => {
  for (const [what, payload, code] of NUISANCES) {
    const jwe = await police.player.seal(await signTexts(headerOf(key), payload(), key));
    let answer = '';
    let size = 0;
    const { ms, mb } = await cost(async () => {
      const given = await police.submit(jwe);
      answer = codeOf(given);
      size = JSON.stringify(given.body).length;
    });
    assert.is(answer, code, what);
    assert.ok(ms < 5000, `${what}: ${ms} ms`);
    assert.ok(mb < 200, `${what}: ${mb} MB`);
    assert.ok(size < 200_000, `${what}: an answer of ${size} characters`);
    saw('L3', answer, `${what} in ${Math.ceil(ms)} ms, ${Math.max(0, Math.ceil(mb))} MB`);
  }
});

test('H6 ten thousand parts, and other shapes that are more than they weigh', async () => {
  const part = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n';
  const parts = await cost(async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await police.submit(`${part.repeat(10_000)}--x--`, headers);
    assert.is(codeOf(answer), 'unsupported-media-type');
    saw('H6', codeOf(answer));
  });
  const dots = await cost(async () => {
    const answer = await police.submit('.'.repeat(450_000));
    assert.is(codeOf(answer), 'malformed');
    saw('H6', codeOf(answer));
  });
  for (const { ms, mb } of [parts, dots]) {
    assert.ok(ms < 5000, `${ms} ms`);
    assert.ok(mb < 100, `${mb} MB`);
  }
  saw(
    'H6',
    'malformed',
    `10,000 parts: ${Math.max(0, Math.ceil(parts.mb))} MB; 450,000 dots: ${Math.max(0, Math.ceil(dots.mb))} MB`,
  );
});

test('L4 values that cannot be made into text are refused, and are no fault of ours', async () => {
  const { inhoud } = police.player.claims();
  for (const strange of [{ toString: '' }, { valueOf: 1, toString: null }, { length: -1 }])
    for (const name of ['datumIncident', 'datumMelding', 'source', 'betrokkenen', 'sashNiveau'])
      await refused('L4', text({ inhoud: { ...inhoud, [name]: strange } }), 'schema-invalid', name);
  for (const name of ['iss', 'zaak', 'berichttype', 'grondslag', 'aud', 'prio']) {
    const answer = await police.offer(
      await signTexts(headerOf(key), text({ [name]: { toString: '' } }), key),
    );
    assert.ok(answer.status < 500, `${name}: ${codeOf(answer)}`);
  }
});

/** Every pattern that stands in a schema. */
function patternsOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'pattern' && typeof inner === 'string') found.add(inner);
    if (name === 'patternProperties') for (const one of Object.keys(Object(inner))) found.add(one);
    patternsOf(inner, found);
  }
  return found;
}

test('J18 no pattern and no format can be made to run away', async () => {
  const patterns = [...patternsOf(WIRE), ...patternsOf(BODIES)];
  assert.ok(patterns.length > 10, `${patterns.length} patterns`);
  const seeds = [
    'a',
    '0',
    'A',
    '-',
    '.',
    'a-',
    'a.',
    '0a',
    'a@',
    'a.a',
    '+',
    ' ',
    'é',
    '\t',
    'A0-',
    '/',
    'urn:',
  ];
  const texts = seeds.flatMap((seed) => [seed.repeat(50_000), `${seed.repeat(50_000)}!`]);
  let longest = 0;
  const time = async (work: () => void) => {
    longest = Math.max(longest, await cpuOf(work));
  };
  for (const one of texts) {
    for (const pattern of patterns) await time(() => new RegExp(pattern, 'u').test(one));
    for (const format of Object.values(FORMATS)) await time(() => format(one));
  }
  assert.ok(longest < 500, `${longest} ms`);
  saw(
    'J18',
    'schema-invalid',
    `${patterns.length} patterns, ${texts.length} texts of 50,000 and more: ${longest.toFixed(1)} ms at most`,
  );
});

test.run();
