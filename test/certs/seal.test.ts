import { createPublicKey, ECDH, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openingKey } from '../../certs/handles.ts';
import type { OpeningKey, SealAlg } from '../../certs/keys.ts';
import { open } from '../../certs/open.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import { sealAlgOf } from '../../certs/strength.ts';
import { verify } from '../../certs/verify.ts';
import { type Desk, deskOf, openOffice, POLICE, VT } from './office.ts';
import { refusedWith } from './refused.ts';

const office = await openOffice();
const rsa = await deskOf(office, POLICE, 'rsa');
const ec = await deskOf(office, VT, 'ec');
const CTY = 'ketenpost-bericht+jwt';

/** The RSA key as an agency that asks for RSA-OAEP in the register would load it. */
const adrKey = await openingKey(rsa.opening.privateKey, rsa.opening.certificate, true);
const PROFILES: readonly (readonly [SealAlg, Desk, OpeningKey])[] = [
  ['RSA-OAEP-256', rsa, rsa.opening.key],
  ['RSA-OAEP', rsa, adrKey],
  ['ECDH-ES+A256KW', ec, ec.opening.key],
];
const keyring = (key: OpeningKey) => (x5t: string) => (x5t === key.x5t ? key : undefined);
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

/** The same key, as a certificate may hold it: with its point compressed (RFC 5480 §2.2). */
function compressed(key: KeyObject): KeyObject {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const parts = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  const args = [Buffer.concat(parts), 'prime256v1', undefined, undefined, 'compressed'] as const;
  const head = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
  const spki = Buffer.concat([head, ECDH.convertKey(...args) as Buffer]);
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}

test('a key whose certificate holds its point compressed is sealed for, and signs, all the same', async () => {
  const { opening, signing } = ec;
  const publicKey = compressed(opening.certificate.publicKey);
  const to = { certificate: { ...opening.certificate, publicKey }, alg: 'ECDH-ES+A256KW' } as const;
  const opened = await open(await seal(Buffer.from('a report'), CTY, to), CTY, () => opening.key);
  assert.is(opened?.plaintext.toString(), 'a report');
  const jws = await sign({ iss: 'me' }, CTY, signing.key);
  const by = compressed(signing.certificate.publicKey);
  const { claims } = await verify(jws, CTY, () => ({ ...signing.certificate, publicKey: by }));
  assert.equal(claims, { iss: 'me' });
});

for (const [alg, desk, key] of PROFILES) {
  const to = { certificate: desk.opening.certificate, alg };
  const judge = (jwe: string) => open(jwe, CTY, keyring(key));

  test(`${alg}: open gives back what was sealed, and says with which key`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const opened = await judge(await seal(bytes, CTY, to));
        assert.ok(opened?.plaintext.equals(bytes));
        assert.is(opened?.key, key);
      }),
      { numRuns: 40 },
    );
  });

  test(`${alg}: jose opens what we seal, and we what jose seals`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        const ours = await compactDecrypt(await seal(bytes, CTY, to), desk.opening.privateKey);
        assert.ok(Buffer.from(bytes).equals(ours.plaintext));
        const theirs = await new CompactEncrypt(bytes)
          .setProtectedHeader({ alg, enc: 'A256GCM', cty: CTY, 'x5t#S256': key.x5t })
          .encrypt(desk.opening.certificate.publicKey);
        assert.ok((await judge(theirs))?.plaintext.equals(bytes));
      }),
      { numRuns: 25 },
    );
  });

  test(`${alg}: one character changed, anywhere, and nothing comes out`, async () => {
    const jwe = await seal(Buffer.from('a report'), CTY, to);
    const other = fc.constantFrom(...'ABab01-_.=+/ \n');
    await fc.assert(
      fc.asyncProperty(fc.nat(jwe.length - 1), other, async (index, character) => {
        fc.pre(jwe[index] !== character);
        const changed = jwe.slice(0, index) + character + jwe.slice(index + 1);
        // With another thumbprint it is, as far as anyone can see, not ours.
        const result = await judge(changed).catch((error) => error.code as string);
        assert.ok(result === null || typeof result === 'string');
      }),
      { numRuns: 150 },
    );
  });

  test(`${alg}: the header says what is needed and no more`, async () => {
    const { epk, ...header } = decode((await seal(Buffer.alloc(1), CTY, to)).split('.')[0]);
    assert.equal(header, { alg, enc: 'A256GCM', cty: CTY, 'x5t#S256': key.x5t });
    assert.is(epk !== undefined, alg === 'ECDH-ES+A256KW');
  });
}

const toRsa = { certificate: rsa.opening.certificate, alg: 'RSA-OAEP-256' } as const;
const toEc = { certificate: ec.opening.certificate, alg: 'ECDH-ES+A256KW' } as const;

test('nothing is ever sealed the same way twice', async () => {
  const sealed = await Promise.all([1, 2, 3].map(() => seal(Buffer.from('x'), CTY, toEc)));
  // The ciphertext of one byte may be equal by chance; key and nonce may not.
  for (const part of [1, 2]) assert.is(new Set(sealed.map((jwe) => jwe.split('.')[part])).size, 3);
});

test('what was sealed for another is not mine: no error, no plaintext', async () => {
  const jwe = await seal(Buffer.from('x'), CTY, toEc);
  assert.is(await open(jwe, CTY, keyring(rsa.opening.key)), null);
  assert.is(await open(jwe, CTY, () => undefined), null);
});

test('RSA-OAEP with SHA-1 is refused by a key that did not ask for it', async () => {
  const jwe = await seal(Buffer.from('x'), CTY, { ...toRsa, alg: 'RSA-OAEP' });
  const refused = () => open(jwe, CTY, keyring(rsa.opening.key));
  assert.is(await refusedWith(refused), 'algorithm-not-allowed');
});

test('every cause of failure to decrypt looks the same', async () => {
  for (const [to, key] of [
    [toRsa, rsa.opening.key],
    [toEc, ec.opening.key],
  ] as const) {
    const parts = (await seal(Buffer.from('x'), CTY, to)).split('.');
    const change = (at: number) => {
      const bytes = Buffer.from(parts[at] ?? '', 'base64url');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      const changed = parts.with(at, bytes.toString('base64url')).join('.');
      return open(changed, CTY, keyring(key)).catch((error) => [error.code, error.message]);
    };
    const seen = await Promise.all(
      [1, 2, 3, 4].map(async (at) => JSON.stringify(await change(at))),
    );
    assert.is(new Set(seen).size, 1);
    assert.match(seen[0] ?? '', 'decryption-failed');
  }
});

test('an ephemeral key off the curve, of another shape or with a private part is refused', async () => {
  const parts = (await seal(Buffer.from('x'), CTY, toEc)).split('.');
  const { epk, ...header } = decode(parts[0]);
  const judge = (other: unknown) => {
    const head = encode({ ...header, ...(other === undefined ? {} : { epk: other }) });
    return refusedWith(() => open(parts.with(0, head).join('.'), CTY, keyring(ec.opening.key)));
  };
  assert.is(await judge({ ...epk, x: epk.y }), 'decryption-failed');
  assert.is(await judge({ ...epk, x: 'A'.repeat(43), y: 'A'.repeat(43) }), 'decryption-failed');
  assert.is(await judge({ ...epk, crv: 'P-384' }), 'malformed');
  assert.is(await judge({ ...epk, d: epk.x }), 'malformed');
  assert.is(await judge({ ...epk, x: 7 }), 'malformed');
  assert.is(await judge('epk'), 'malformed');
  assert.is(await judge(undefined), 'algorithm-not-allowed');
});

test('no other algorithm, encryption or header name', async () => {
  const parts = (await seal(Buffer.from('x'), CTY, toRsa)).split('.');
  const header = decode(parts[0]);
  const judge = (change: object) => {
    const jwe = parts.with(0, encode({ ...header, ...change })).join('.');
    return refusedWith(() => open(jwe, CTY, keyring(rsa.opening.key)));
  };
  for (const alg of ['RSA1_5', 'dir', 'A256KW', 'PBES2-HS256+A128KW', 'ECDH-ES', 'none', 1]) {
    assert.is(await judge({ alg }), 'algorithm-not-allowed', String(alg));
  }
  for (const enc of ['A128GCM', 'A256CBC-HS512', 'none']) {
    assert.is(await judge({ enc }), 'algorithm-not-allowed', enc);
  }
  const names = {
    zip: 'DEF',
    crit: ['exp'],
    p2c: 1,
    jwk: {},
    jku: 'https://a.nl',
    typ: 'JWE',
    apu: 'AA',
  };
  for (const [name, value] of Object.entries(names)) {
    assert.is(await judge({ [name]: value }), 'algorithm-not-allowed', name);
  }
  assert.is(await judge({ cty: 'ketenpost-aflevering+json' }), 'malformed');
  assert.is(await judge({ epk: {} }), 'algorithm-not-allowed');
});

test('lengths are bounded, and iv and tag have the one length that GCM has here', async () => {
  const parts = (await seal(Buffer.from('x'), CTY, toRsa)).split('.');
  const judge = (jwe: string) => refusedWith(() => open(jwe, CTY, keyring(rsa.opening.key)));
  assert.is(await judge(parts.with(2, 'AAAA').join('.')), 'malformed');
  assert.is(await judge(parts.with(4, 'AAAA').join('.')), 'malformed');
  assert.is(await judge(parts.with(3, 'A'.repeat(2_300_000)).join('.')), 'too-large');
  assert.is(await judge(parts.slice(1).join('.')), 'malformed');
});

test('the key decides how it is wrapped, whatever the register still says', () => {
  assert.is(sealAlgOf(ec.opening.certificate.publicKey, 'RSA-OAEP-256'), 'ECDH-ES+A256KW');
  assert.is(sealAlgOf(rsa.opening.certificate.publicKey, 'ECDH-ES+A256KW'), 'RSA-OAEP-256');
  assert.is(sealAlgOf(rsa.opening.certificate.publicKey, 'RSA-OAEP'), 'RSA-OAEP');
});

test('sealing with an algorithm that the key cannot do is a fault of ours', async () => {
  const wrong = seal(Buffer.from('x'), CTY, { ...toEc, alg: 'RSA-OAEP-256' });
  assert.match(await wrong.catch((error) => String(error)), 'this key cannot do');
});

test.run();
