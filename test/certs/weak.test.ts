import {
  checkPrime,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generateKeys, makeLeaf } from '../../certs/authority/issuers.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { USES } from '../../certs/profile.ts';
import { TrustStore } from '../../certs/truststore.ts';
import { isRoca, whyWeak } from '../../certs/weak.ts';
import { examine } from '../../router/registry/examine.ts';
import { openOffice, POLICE } from './office.ts';
import { refusedWith } from './refused.ts';

const generate = promisify(generateKeyPair);
const isPrime = promisify(checkPrime);

const base64url = (value: bigint): string => {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
};
const rsa = (n: bigint, e = 'AQAB'): KeyObject =>
  createPublicKey({ key: { kty: 'RSA', n: base64url(n), e }, format: 'jwk' });

async function primeFrom(start: bigint): Promise<bigint> {
  for (let candidate = start | 1n; ; candidate += 2n)
    if (await isPrime(candidate)) return candidate;
}
/** A number of 1024 bits whose square has 2048. */
const large = (): bigint => (3n << 1022n) + BigInt(`0x${randomBytes(120).toString('hex')}`);

/** A modulus of the shape that the flawed generator made: both factors are powers of 65537 modulo M. */
function flawed(): bigint {
  const primes = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n, 59n];
  const more = [61n, 67n, 71n, 73n, 79n, 83n, 89n, 97n, 101n, 103n, 107n, 109n, 113n, 127n, 131n];
  const last = [137n, 139n, 149n, 151n, 157n, 163n, 167n];
  const m = [...primes, ...more, ...last].reduce((product, one) => product * one, 1n);
  const factor = (power: number) => {
    let residue = 1n;
    for (let at = 0; at < power; at++) residue = (residue * 65537n) % m;
    return (large() / m) * m + residue;
  };
  return factor(40) * factor(77);
}

const first = await primeFrom(large());
const KEYS: readonly (readonly [string, () => Promise<KeyObject>, RegExp])[] = [
  [
    'RSA of 1024 bits',
    async () => (await generate('rsa', { modulusLength: 1024 })).publicKey,
    /1024 bits, and 2048 are the least/,
  ],
  ['RSA of 2047 bits', async () => rsa((1n << 2046n) + 12345n), /2047 bits/],
  ['RSA larger than 8192 bits', async () => rsa((1n << 8200n) + 1n), /8192 are the most/],
  [
    'RSA with exponent 3',
    async () => (await generate('rsa', { modulusLength: 2048, publicExponent: 3 })).publicKey,
    /exponent/,
  ],
  ['RSA with exponent 1', async () => rsa(first * (await primeFrom(large())), 'AQ'), /exponent/],
  ['RSA of the flawed generator (ROCA)', async () => rsa(flawed()), /CVE-2017-15361/],
  [
    'RSA with a small factor',
    async () => rsa(7919n * (await primeFrom(1n << 2040n))),
    /small factor/,
  ],
  [
    'RSA of two neighbouring primes',
    async () => rsa(first * (await primeFrom(first + 2n))),
    /close together/,
  ],
  [
    'P-384',
    async () => (await generate('ec', { namedCurve: 'secp384r1' })).publicKey,
    /neither RSA nor P-256/,
  ],
  [
    'secp256k1',
    async () => (await generate('ec', { namedCurve: 'secp256k1' })).publicKey,
    /neither/,
  ],
  ['Ed25519', async () => (await generate('ed25519')).publicKey, /neither RSA nor P-256/],
  [
    'the key that stands in RFC 7515',
    async () =>
      createPublicKey({
        key: {
          ...{ kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' },
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
        },
        format: 'jwk',
      }),
    /has been published/,
  ],
];

const NOW = Date.UTC(2026, 10, 20, 12);
const office = await openOffice({ clock: { now: () => NOW } });
const trust = await TrustStore.load(office.trust, { clock: { now: () => NOW } });
const certify = async (publicKey: KeyObject) => {
  const dates = { notBefore: NOW - 1000, notAfter: NOW + 1_000_000 };
  const leaf = { oin: POLICE, name: 'P', use: 'authenticiteit' as const, hosts: [], ...dates };
  return readCertificate(
    await makeLeaf({ ...leaf, publicKey }, office.issuer('issuing'), 'http://x'),
  );
};

for (const [name, make, why] of KEYS) {
  test(`weak key refused, at use and when it is registered: ${name}`, async () => {
    const key = await make();
    assert.match(whyWeak(key) ?? 'strong', why);
    const certificate = await certify(key);
    const asked = { use: 'authenticiteit', at: NOW, now: NOW } as const;
    assert.is(await refusedWith(() => trust.judge(certificate, asked)), 'certificate-unsuitable');
    const listed = { gebruik: 'authenticiteit' as const, x5t: certificate.x5t };
    const draft = {
      ...{ oin: POLICE, naam: 'P', rollen: ['politie'], status: 'actief' as const },
      ...{ van: '2026-01-01', zegel: 'RSA-OAEP-256' as const, mandaten: [], abonnementen: [] },
      certificaten: [{ ...listed, der: certificate.der.toString('base64') }],
    };
    const grave = examine([draft], trust, NOW).filter((one) => one.grave);
    assert.is(grave.length, 1);
    assert.match(grave[0]?.text ?? '', why);
    assert.match(grave[0]?.text ?? '', certificate.x5t.slice(0, 12));
  });
}

test('sound keys are strong: RSA of 2048 and 3072 bits, and P-256', async () => {
  assert.is(whyWeak((await generate('rsa', { modulusLength: 2048 })).publicKey), undefined);
  assert.is(whyWeak((await generateKeys('rsa')).publicKey), undefined);
  assert.is(whyWeak((await generateKeys('ec')).publicKey), undefined);
  assert.not(isRoca(first * (await primeFrom(large()))));
});

test('wrong usage refused when it is registered: a certificate for one use under another', async () => {
  const { certificate } = await office.issue({ oin: POLICE, name: 'P', use: 'tls', key: 'ec' });
  for (const gebruik of USES.filter((use) => use !== 'tls')) {
    const draft = {
      ...{ oin: POLICE, naam: 'P', rollen: ['politie'], status: 'actief' as const },
      ...{ van: '2026-01-01', zegel: 'RSA-OAEP-256' as const, mandaten: [], abonnementen: [] },
      certificaten: [{ gebruik, x5t: certificate.x5t, der: certificate.der.toString('base64') }],
    };
    const [fault] = examine([draft], trust, NOW).filter((one) => one.grave);
    assert.match(fault?.text ?? '', `for ${gebruik}: `);
  }
});

test.run();
