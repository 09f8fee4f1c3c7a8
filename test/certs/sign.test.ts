import * as fc from 'fast-check';
import { CompactSign, compactVerify } from 'jose';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sign } from '../../certs/sign.ts';
import { readJws, verify } from '../../certs/verify.ts';
import { deskOf, openOffice, POLICE, VT } from './office.ts';
import { refusedWith } from './refused.ts';

const office = await openOffice();
const rsa = await deskOf(office, POLICE, 'rsa');
const ec = await deskOf(office, VT, 'ec');
const BOTH = [rsa, ec] as const;
const TYPE = 'ketenpost-bericht+jwt';

const all = new Map([rsa, ec].map(({ signing }) => [signing.certificate.x5t, signing.certificate]));
const find = (x5t: string) => all.get(x5t as never);
const judge = (jws: string) => verify(jws, TYPE, find);

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text));
const claimsOf = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  value,
);
const encode = (part: object | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** A JWS of which every part can be made wrong before it is signed by jose. */
const forge = async (header: object, payload: string, desk = ec) =>
  new CompactSign(Buffer.from(payload))
    .setProtectedHeader(header as never)
    .sign(desk.signing.privateKey);
const headerOf = (desk = ec) => ({
  alg: desk.signing.key.alg,
  typ: TYPE,
  'x5t#S256': desk.signing.key.x5t,
});

for (const desk of BOTH) {
  const { key, certificate } = desk.signing;
  test(`${key.alg}: whatever was signed verifies, and says who signed it`, async () => {
    await fc.assert(
      fc.asyncProperty(claimsOf, async (claims) => {
        const found = await judge(await sign(claims, TYPE, key));
        assert.equal(found.claims, { ...claims });
        assert.is(found.certificate, certificate);
      }),
      { numRuns: 60 },
    );
  });

  test(`${key.alg}: jose verifies what we sign, and we what jose signs`, async () => {
    await fc.assert(
      fc.asyncProperty(claimsOf, async (claims) => {
        const ours = await sign(claims, TYPE, key);
        const read = await compactVerify(ours, certificate.publicKey, { algorithms: [key.alg] });
        assert.equal(JSON.parse(Buffer.from(read.payload).toString()), { ...claims });
        assert.equal(read.protectedHeader, headerOf(desk));
        const theirs = await forge(headerOf(desk), JSON.stringify(claims), desk);
        assert.equal((await judge(theirs)).claims, { ...claims });
      }),
      { numRuns: 40 },
    );
  });

  test(`${key.alg}: one character changed, anywhere, and it is refused`, async () => {
    const jws = await sign({ iss: 'urn:nld:oin:x', inhoud: { a: 'b'.repeat(60) } }, TYPE, key);
    const at = fc.nat(jws.length - 1);
    const other = fc.constantFrom(...'ABab01-_.=+/ \n');
    await fc.assert(
      fc.asyncProperty(at, other, async (index, character) => {
        fc.pre(jws[index] !== character);
        const changed = jws.slice(0, index) + character + jws.slice(index + 1);
        assert.ok(await refusedWith(() => judge(changed)));
      }),
      { numRuns: 300 },
    );
  });
}

test('a header is exactly alg, typ and x5t#S256', async () => {
  const jws = await sign({ a: 1 }, TYPE, rsa.signing.key);
  assert.equal(readJws(jws, TYPE).header, { alg: 'PS256', x5t: rsa.signing.key.x5t });
  for (const [name, more] of [
    ['kid', '1'],
    ['jku', 'https://example.org'],
    ['jwk', {}],
    ['x5u', 'https://example.org'],
    ['x5c', []],
    ['zip', 'DEF'],
    ['iat', 1],
  ] as const) {
    const strange = await forge({ ...headerOf(), [name]: more }, '{}');
    assert.is(await refusedWith(() => judge(strange)), 'algorithm-not-allowed', name);
  }
  const critical = `${encode({ ...headerOf(), crit: ['exp'], exp: 1 })}.${encode('{}')}.AAAA`;
  assert.is(await refusedWith(() => judge(critical)), 'algorithm-not-allowed');
});

test('no other algorithm, and none that the key does not do', async () => {
  for (const alg of [
    'none',
    'HS256',
    'RS256',
    'ES384',
    'EdDSA',
    'PS512',
    'ps256',
    '',
    null,
    ['PS256'],
  ]) {
    const jws = `${encode({ ...headerOf(), alg })}.${encode('{}')}.AAAA`;
    assert.is(await refusedWith(() => judge(jws)), 'algorithm-not-allowed', String(alg));
  }
  const swapped = `${encode({ ...headerOf(rsa), alg: 'ES256' })}.${encode('{}')}.${'A'.repeat(86)}`;
  assert.is(await refusedWith(() => judge(swapped)), 'algorithm-not-allowed');
});

test('a typ of something else does not pass for a message', async () => {
  const receipt = await sign({ a: 1 }, 'secevent+jwt', ec.signing.key);
  assert.is(await refusedWith(() => judge(receipt)), 'malformed');
});

test('a certificate that is not known is not looked for elsewhere', async () => {
  const jws = await sign({ a: 1 }, TYPE, ec.signing.key);
  assert.is(await refusedWith(() => verify(jws, TYPE, () => undefined)), 'certificate-unknown');
});

test('the signature of another, or of nobody, is invalid', async () => {
  const jws = await sign({ a: 1 }, TYPE, ec.signing.key);
  const [head, payload] = jws.split('.');
  const nobody = Buffer.alloc(64).toString('base64url');
  assert.is(await refusedWith(() => judge(`${head}.${payload}.${nobody}`)), 'signature-invalid');
  const header = { ...headerOf(), 'x5t#S256': rsa.signing.key.x5t, alg: 'PS256' };
  const stolen = `${encode(header)}.${payload}.${jws.split('.')[2]}`;
  assert.is(await refusedWith(() => judge(stolen)), 'signature-invalid');
});

test('what two readers could read differently is refused, though the signature is right', async () => {
  for (const payload of ['{"a":1,"a":2}', '[]', '"x"', '{"a":1', '{"a":9007199254740993}']) {
    const jws = await forge(headerOf(), payload);
    assert.is(await refusedWith(() => judge(jws)), 'malformed', payload);
  }
  const twice = `{"alg":"ES256","typ":"${TYPE}","x5t#S256":"${ec.signing.key.x5t}","alg":"ES256"}`;
  const doubled = `${encode(twice)}.${encode('{}')}.AAAA`;
  assert.is(await refusedWith(() => judge(doubled)), 'malformed');
});

test('what is too long or has too many parts is refused before it is read', async () => {
  const long = 'A'.repeat(1_600_000);
  assert.is(await refusedWith(() => judge(`${long}.A.A`)), 'too-large');
  assert.is(await refusedWith(() => judge(`${'A'.repeat(3000)}.e30.AAAA`)), 'malformed');
  assert.is(await refusedWith(() => judge('e30.e30')), 'malformed');
  assert.is(await refusedWith(() => judge('e30.e30.AAAA.AAAA')), 'malformed');
});

test.run();
