import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readRegistration } from '../../certs/registry-entry.ts';
import { sign } from '../../certs/sign.ts';
import type { Registratie } from '../../schemas/generated/wire.ts';
import { toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { deskOf, openOffice, POLICE, ROUTER, VT } from './office.ts';
import { refusedWith } from './refused.ts';

const office = await openOffice();
const registrar = await deskOf(office, ROUTER, 'ec');
const agency = await deskOf(office, POLICE, 'ec');
const other = await deskOf(office, VT, 'ec');
const pinned = [registrar.signing.certificate];

const { certificate } = agency.signing;
const entry: Registratie = {
  iss: toUrn(ROUTER),
  iat: 1_790_000_000,
  oin: POLICE,
  naam: 'Politie eenheid Voorbeeld',
  rollen: ['politie'],
  status: 'actief',
  van: '2026-01-01',
  zegel: 'ECDH-ES+A256KW',
  certificaten: [
    { gebruik: 'authenticiteit', x5t: certificate.x5t, der: certificate.der.toString('base64') },
  ],
  mandaten: [],
  abonnementen: [],
};
const read = async (claims: object, desk = registrar, typ: string = TYP.registration) =>
  readRegistration(await sign(claims, typ, desk.signing.key), pinned);

test('what the registrar signed is read', async () => {
  assert.equal(await read(entry), entry);
});

test('what another signed, or signed as something else, is refused', async () => {
  assert.is(await refusedWith(() => read(entry, agency)), 'certificate-unknown');
  assert.is(await refusedWith(() => read(entry, registrar, TYP.message)), 'malformed');
  assert.is(await refusedWith(() => read({ ...entry, iss: toUrn(VT) })), 'issuer-mismatch');
});

test('an entry that has another shape is refused', async () => {
  assert.is(await refusedWith(() => read({ ...entry, rollen: [] })), 'schema-invalid');
  assert.is(await refusedWith(() => read({ ...entry, extra: 1 })), 'schema-invalid');
});

test('a certificate must be the one it is said to be, and of this agency', async () => {
  const [listed] = entry.certificaten;
  const foreign = other.signing.certificate;
  const cases = [
    { ...listed, x5t: foreign.x5t },
    { ...listed, der: Buffer.from('rubbish').toString('base64') },
    { gebruik: 'tls', x5t: foreign.x5t, der: foreign.der.toString('base64') },
  ];
  for (const one of cases) {
    assert.is(await refusedWith(() => read({ ...entry, certificaten: [one] })), 'malformed');
  }
});

test.run();
