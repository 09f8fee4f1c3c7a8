/** Broken, bent and borrowed signatures and seals, offered to a real door over TLS (attacks.md §6.1). */
import { createHmac } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SigningKey } from '../../certs/keys.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { cpuOf } from '../town/cost.ts';
import type { RowId } from './catalogue.ts';
import {
  b64,
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
let vt: Visitor;
let halt: Visitor;
let key: SigningKey;
test.before(async () => {
  fortress = await openFortress();
  [police, vt, halt] = await Promise.all([
    fortress.visitor('politie'),
    fortress.visitor('vt'),
    fortress.visitor('halt'),
  ]);
  key = police.player.identity.signing;
});
test.after(() => fortress.stop());

const claims = (): Bericht => police.player.claims();
const good = () => police.player.sign(claims());
const parts = async () => (await good()).split('.') as [string, string, string];

/** Offers it, checks the code, and tells it. */
async function refused(id: RowId, jws: string, code: string): Promise<void> {
  const answer = await police.offer(jws);
  assert.is(codeOf(answer), code, `${id}: ${jws.slice(0, 40)}`);
  saw(id, code);
}
async function sealRefused(id: RowId, jwe: string, code: string): Promise<void> {
  assert.is(codeOf(await police.submit(jwe)), code, id);
  saw(id, code);
}

test('J1 a message that says alg none', async () => {
  for (const alg of ['none', 'None', 'NONE', '']) {
    const head = b64(headerOf(key, { alg }));
    await refused('J1', `${head}.${b64(JSON.stringify(claims()))}.`, 'algorithm-not-allowed');
  }
});

test('J2 a public key used as the secret of an HMAC', async () => {
  const { x509 } = (await certificateOf()) ?? {};
  const secrets = [x509?.publicKey.export({ type: 'spki', format: 'pem' }) ?? '', x509?.toString()];
  for (const [alg, hash] of [
    ['HS256', 'sha256'],
    ['HS512', 'sha512'],
  ] as const)
    for (const secret of secrets) {
      const input = `${b64(headerOf(key, { alg }))}.${b64(JSON.stringify(claims()))}`;
      const mac = createHmac(hash, secret ?? '')
        .update(input)
        .digest('base64url');
      await refused('J2', `${input}.${mac}`, 'algorithm-not-allowed');
    }
});
const certificateOf = async () =>
  fortress.house.rooms.registry.certificate(key.x5t, 'authenticiteit', Date.now());

test('J2 an algorithm of another key, and others that are not on the list', async () => {
  for (const alg of ['PS256', 'RS256', 'ES384', 'ES256K', 'EdDSA', 'PS512', 'es256'])
    await refused(
      'J2',
      await signTexts(headerOf(key, { alg }), JSON.stringify(claims()), key),
      'algorithm-not-allowed',
    );
});

test('J3 a key that the message brings along', async () => {
  const jwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
  const given = { jwk, jku: 'https://a.example/', x5u: 'https://a.example/', x5c: ['AAAA'] };
  for (const [name, value] of Object.entries(given)) {
    const header = headerOf(key, { [name]: value });
    const jws = await signTexts(header, JSON.stringify(claims()), key);
    await refused('J3', jws, 'algorithm-not-allowed');
  }
});

test('J4 extensions that must be understood, and b64', async () => {
  for (const more of [
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { crit: [] },
    { b64: false },
  ]) {
    const jws = await signTexts(headerOf(key, more), JSON.stringify(claims()), key);
    await refused('J4', jws, 'algorithm-not-allowed');
  }
});

/** The order of the group of P-256. */
const N = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

test('J5 the psychic signature, and its sisters at the edge of the group', async () => {
  const zero = Buffer.alloc(32);
  const one = Buffer.concat([Buffer.alloc(31), Buffer.of(1)]);
  const [head, payload] = await parts();
  for (const [r, s] of [
    [zero, zero],
    [N, N],
    [zero, one],
    [one, zero],
    [N, one],
    [one, N],
  ])
    await refused(
      'J5',
      `${head}.${payload}.${b64(Buffer.concat([r, s] as Buffer[]))}`,
      'signature-invalid',
    );
});

test('J6 an ephemeral key that is not on the curve', async () => {
  const [head = '', ...rest] = (await police.player.seal(await good())).split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const points = [
    { x: b64(Buffer.alloc(32, 1)), y: b64(Buffer.alloc(32, 2)) },
    { x: b64(Buffer.alloc(32)), y: b64(Buffer.alloc(32)) },
    { x: header.epk.x, y: header.epk.x },
  ];
  for (const point of points) {
    const bad = b64(JSON.stringify({ ...header, epk: { ...header.epk, ...point } }));
    await sealRefused('J6', [bad, ...rest].join('.'), 'decryption-failed');
  }
});

/** The same sealed bytes under another header. */
async function resealed(change: object): Promise<string> {
  const [head = '', ...rest] = (await police.player.seal(await good())).split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  return [b64(JSON.stringify({ ...header, ...change })), ...rest].join('.');
}

test('J7 wrapping that has an oracle, or none at all', async () => {
  for (const alg of ['RSA1_5', 'dir', 'A256KW', 'ECDH-ES', 'RSA-OAEP', 'RSA-OAEP-256'])
    await sealRefused('J7', await resealed({ alg }), 'algorithm-not-allowed');
  for (const enc of ['A128CBC-HS256', 'A256CBC-HS512', 'A128GCM', 'none'])
    await sealRefused('J7', await resealed({ enc }), 'algorithm-not-allowed');
});

test('J7 whatever is wrong inside a seal, the answer is the same to the letter', async () => {
  const [head, wrapped = '', iv = '', text = '', tag = ''] = (
    await police.player.seal(await good())
  ).split('.');
  const flip = (part: string) => (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
  const broken = [
    [head, flip(wrapped), iv, text, tag],
    [head, wrapped, flip(iv), text, tag],
    [head, wrapped, iv, flip(text), tag],
    [head, wrapped, iv, text, flip(tag)],
  ];
  const answers = await Promise.all(broken.map((one) => police.submit(one.join('.'))));
  const said = answers.map(({ status, body: { instance: _i, ontvangstbewijs: _o, ...rest } }) =>
    JSON.stringify([status, rest]),
  );
  assert.is(new Set(said).size, 1, said.join('\n'));
  for (const answer of answers) saw('J7', codeOf(answer));
});

test('J8 a seal that asks to be unpacked', async () => {
  await sealRefused('J8', await resealed({ zip: 'DEF' }), 'algorithm-not-allowed');
});

test('J9 a password that costs a million rounds', async () => {
  const change = { alg: 'PBES2-HS512+A256KW', p2c: 2_000_000_000, p2s: b64('salt') };
  const jwe = await resealed(change);
  const spent = await cpuOf(() => sealRefused('J9', jwe, 'algorithm-not-allowed'));
  assert.ok(spent < 2000, `${spent} ms`);
});

/** Spellings of a part that a lenient reader takes for the same bytes. */
function lenient(part: string): string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const spellings = [
    `${part}=`,
    `${part}==`,
    `${part}\n`,
    ` ${part}`,
    `${part.slice(0, 4)} ${part.slice(4)}`,
  ];
  const [free] = [[0, 0, 15, 3][part.length % 4] ?? 0];
  const last = alphabet.indexOf(part.at(-1) ?? 'A');
  if (free > 0) spellings.push(part.slice(0, -1) + alphabet[last ^ 1]);
  if (/[-_]/.test(part)) spellings.push(part.replaceAll('-', '+').replaceAll('_', '/'));
  return spellings;
}

test('J10 base64url that is not canonical, in each part of both layers', async () => {
  const jws = (await good()).split('.');
  for (const at of jws.keys())
    for (const spelling of lenient(jws[at] ?? ''))
      await refused('J10', jws.with(at, spelling).join('.'), 'malformed');
  const jwe = (await police.player.seal(await good())).split('.');
  for (const at of jwe.keys())
    for (const spelling of lenient(jwe[at] ?? ''))
      await sealRefused('J10', jwe.with(at, spelling).join('.'), 'malformed');
});

test('J12 the other signature that fits the same bytes does not make a second message', async () => {
  const jws = await good();
  const [head, payload, signature = ''] = jws.split('.');
  assert.is(codeOf(await police.offer(jws)), 'aanvaard');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${N.toString('hex')}`) - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const mirrored = Buffer.from(s.toString(16).padStart(64, '0'), 'hex');
  const other = `${head}.${payload}.${b64(Buffer.concat([bytes.subarray(0, 32), mirrored]))}`;
  await refused('J12', other, 'id-reused');
});

test('J13 names that stand twice, at every depth of envelope, header and body', async () => {
  const text = JSON.stringify(claims());
  const twice = [
    text.replace('{"iss"', '{"iss":"urn:nld:oin:00000099000000030000","iss"'),
    text.replace('"inhoud":{', '"inhoud":{"datumMelding":"2025-01-01",'),
    text.replace('"inhoud":{', '"inhoud":{"\\u0064atumMelding":"2025-01-01",'),
    text.replace(
      '"contactgegevensVerdiepingOpInfo":{',
      '"contactgegevensVerdiepingOpInfo":{"afdeling":"a",',
    ),
    text.replace('"prio":', '"prio":"normaal","prio":'),
  ];
  for (const one of twice) {
    assert.is.not(one, text);
    await refused('J13', await signTexts(headerOf(key), one, key), 'malformed');
  }
  const header = headerOf(key).replace('{', '{"alg":"ES256",');
  await refused('J13', await signTexts(header, text, key), 'malformed');
  const [head = '', ...rest] = (await police.player.seal(await good())).split('.');
  const outer = Buffer.from(head, 'base64url').toString().replace('{', '{"enc":"A256GCM",');
  await sealRefused('J13', [b64(outer), ...rest].join('.'), 'malformed');
});

test('J14 what HTTP says beside the signature must agree, and cannot replace it', async () => {
  const jws = await good();
  const contradicts = await police.offer(jws, { 'ketenpost-prio': 'normaal' });
  assert.is(codeOf(contradicts), 'bad-request');
  saw('J14', codeOf(contradicts));
  const twice = await police.offer(jws, { 'ketenpost-prio': 'spoed, normaal' });
  assert.is(codeOf(twice), 'bad-request');
  const headers = { 'ketenpost-peer': police.player.oin, 'x-forwarded-for': '127.0.0.1' };
  const borrowed = await halt.offer(jws, { ...headers, 'x-ssl-client-verify': 'SUCCESS' });
  assert.is(codeOf(borrowed), 'issuer-mismatch');
  saw('J14', codeOf(borrowed));
  const typed = await police.offer(jws, { 'content-type': 'application/json' });
  assert.is(codeOf(typed), 'unsupported-media-type');
  assert.is(codeOf(await police.offer(jws)), 'aanvaard');
});

test('J15 a recipient does not pass on what it received as if it were its own', async () => {
  const jws = await good();
  assert.is(codeOf(await police.offer(jws)), 'aanvaard');
  const copies = (await vt.collect({ maximum: 50 })).body.afleveringen as { inhoud: string }[];
  const opened = await vt.player.open(copies.at(-1)?.inhoud ?? '');
  const again = await vt.offer(opened.jws);
  assert.is(codeOf(again), 'issuer-mismatch');
  saw('J15', codeOf(again));
  const copy = await vt.submit(copies.at(-1)?.inhoud ?? '');
  assert.is(codeOf(copy), 'malformed');
});

test('J16 a replay after a crash of the broker gives the same receipt and no second copy', async () => {
  const sent = claims();
  const jwe = await police.player.seal(await police.player.sign(sent));
  const first = await police.submit(jwe);
  assert.is(codeOf(first), 'aanvaard');
  await fortress.house.broker.kill();
  await fortress.house.broker.start();
  const again = await untilAnswered(() => police.submit(jwe));
  assert.is(codeOf(again), 'aanvaard');
  assert.is(again.body.herhaald, true);
  assert.is(again.body.ontvangstbewijs, first.body.ontvangstbewijs);
  assert.is(await fortress.house.rooms.bus.log('MAILBOX').count(`mailbox.v1.*.*.*.${sent.jti}`), 1);
  saw('J16', 'aanvaard');
});

async function untilAnswered<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  for (let turn = 0; ; turn++) {
    const answer = await ask();
    if (answer.status < 500 || turn > 600) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('J17 members that are named after what every object inherits', async () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
    const member = `"${name}":{"polluted":true,"grondslag":"bpg-4.2.1.i"}`;
    for (const at of ['{', '"inhoud":{']) {
      const one = JSON.stringify(claims()).replace(at, `${at}${member},`);
      await refused('J17', await signTexts(headerOf(key), one, key), 'schema-invalid');
    }
    const header = headerOf(key).replace('{', `{"${name}":1,`);
    const text = JSON.stringify(claims());
    await refused('J17', await signTexts(header, text, key), 'algorithm-not-allowed');
  }
  assert.is(({} as Record<string, unknown>)['polluted'], undefined);
});

test('J17 what must be there is not taken from a prototype', async () => {
  const { grondslag, ...rest } = claims();
  const text = JSON.stringify(rest).replace('{', `{"__proto__":{"grondslag":"${grondslag}"},`);
  await refused('J17', await signTexts(headerOf(key), text, key), 'schema-invalid');
});

test.run();
