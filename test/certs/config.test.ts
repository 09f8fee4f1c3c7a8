import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { identitySchema, trustSchema } from '../../certs/config.ts';
import { createValidator } from '../../schemas/validate.ts';
import { POLICE } from './office.ts';

const validator = createValidator();
const isIdentity = validator.compile(identitySchema);
const isTrust = validator.compile(trustSchema);

const p12 = { p12: 'signing.p12', passphraseFile: 'passphrase' };
const pem = { key: 'a.key.pem', certificate: 'a.pem', passphraseFile: 'passphrase' };
const identity = { oin: POLICE, signing: p12, opening: [pem], tls: pem };
const trust = { roots: ['root.pem'], issuers: ['issuing.pem'], crls: ['https://localhost/a.crl'] };

test('keys are PKCS#12 files, or encrypted PEM with a certificate', () => {
  assert.ok(isIdentity(identity));
  assert.ok(isIdentity({ ...identity, opening: [pem, { ...p12, alsoSha1: true }] }));
});

test('half a key, two kinds at once, or a number for an OIN is told', () => {
  const wrong = [
    { ...identity, signing: { ...p12, ...pem } },
    { ...identity, signing: { key: 'a.key.pem', passphraseFile: 'passphrase' } },
    { ...identity, signing: { p12: 'signing.p12' } },
    { ...identity, signing: { ...p12, alsoSha1: true } },
    { ...identity, opening: [] },
    { ...identity, oin: Number(POLICE) },
    { ...identity, extra: 1 },
  ];
  for (const one of wrong) assert.not(isIdentity(one));
});

test('trust names roots, issuers and lists, each at least one', () => {
  assert.ok(isTrust({ ...trust, crlRefreshSeconds: 60, crlMaxAgeHours: 4 }));
  for (const name of ['roots', 'issuers', 'crls']) assert.not(isTrust({ ...trust, [name]: [] }));
  assert.not(isTrust({ ...trust, crlMaxAgeHours: 0 }));
});

test.run();
