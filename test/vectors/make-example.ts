/**
 * Makes test/vectors/worked-example.json anew, with new TEST keys, and puts its essentials in
 * docs/wire.md. Run by hand after a change of the format on the wire:
 *
 *   npm run build && node dist/test/vectors/make-example.js && npm run format
 */
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../../certs/authority/authority.ts';
import type { Certificate } from '../../certs/certificate.ts';
import { digestOf } from '../../certs/digest.ts';
import type { OpeningKey, SealAlg, SigningKey } from '../../certs/keys.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import { sealAlgOf } from '../../certs/strength.ts';
import { projectFolder } from '../../project.ts';
import { newUuid7, parseOin, toUrn } from '../../schemas/ids.ts';
import { CTY, RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { type Desk, deskOf, openOffice } from '../certs/office.ts';
import {
  documentFile,
  type Example,
  type ExampleAgency,
  type ExampleJwe,
  type ExampleJws,
  type ExampleKey,
  type ExampleProfile,
  exampleFile,
  withBlocks,
} from './example.ts';

/** A morning on which it was sent. */
const SENT = Date.UTC(2026, 10, 20, 9, 30);
const SAMPLE = 'schemas/messages/samples/check-op-bekendheid/zsm.json';

const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

const keyIn = (held: { certificate: Certificate; privateKey: KeyObject }): ExampleKey => ({
  x5t: held.certificate.x5t,
  certificate: held.certificate.der.toString('base64'),
  privateKey: held.privateKey.export({ format: 'jwk' }),
});

const agencyIn = ({ oin, signing, opening }: Desk): ExampleAgency => ({
  oin,
  authenticiteit: keyIn(signing),
  vertrouwelijkheid: keyIn(opening),
});

async function signed(claims: object, typ: string, key: SigningKey): Promise<ExampleJws> {
  const jws = await sign(claims, typ, key);
  const [header, payload] = jws.split('.').map((part, place) => (place < 2 ? decode(part) : part));
  return { header, claims: payload, jws, digest: digestOf(jws) };
}

async function sealed(plaintext: string, cty: string, to: Desk): Promise<ExampleJwe> {
  const { certificate, key } = to.opening;
  const alg = sealAlgOf(certificate.publicKey, 'RSA-OAEP-256');
  const jwe = await seal(Buffer.from(plaintext), cty, { certificate, alg });
  const [head, encryptedKey = ''] = jwe.split('.');
  const header = decode(head);
  const contentKey = await contentKeyOf(key, alg, encryptedKey, header.epk);
  return { header, contentKey, plaintext, jwe };
}

async function contentKeyOf(key: OpeningKey, alg: SealAlg, encryptedKey: string, epk: object) {
  const wrapped = { alg, encryptedKey: Buffer.from(encryptedKey, 'base64url') };
  const bytes = await key.unwrap(epk === undefined ? wrapped : { ...wrapped, epk: { ...epk } });
  return Buffer.from(bytes).toString('base64url');
}

function messageClaims(sender: Desk, recipient: Desk): object {
  const iat = SENT / 1000;
  return {
    iss: toUrn(sender.oin),
    aud: [toUrn(recipient.oin)],
    jti: newUuid7(SENT),
    iat,
    exp: iat + 5 * 86_400,
    berichttype: 'check-op-bekendheid',
    versie: '1.0',
    conversatie: newUuid7(SENT),
    grondslag: 'wjsg-39f.1.f',
    prio: 'spoed',
    inhoud: JSON.parse(readFileSync(join(projectFolder(), SAMPLE), 'utf8')),
  };
}

async function makeProfile(office: Authority, kind: 'rsa' | 'ec'): Promise<ExampleProfile> {
  const desk = (oin: string) => deskOf(office, parseOin(oin), kind);
  const sender = await desk('00000099000000040000');
  const router = await desk('00000099000000001000');
  const recipient = await desk('00000099000000020000');
  const message = await signed(messageClaims(sender, recipient), TYP.message, sender.signing.key);
  const about = { afzender: message.claims['iss'], bericht: message.claims['jti'] };
  const note = {
    iss: toUrn(router.oin),
    aud: toUrn(recipient.oin),
    jti: newUuid7(SENT + 1000),
    iat: SENT / 1000 + 1,
    ...about,
    dig: message.digest,
  };
  const routeNote = await signed(note, TYP.routeNote, router.signing.key);
  const delivery = JSON.stringify({ bericht: message.jws, routenota: routeNote.jws });
  const fact = {
    staat: 'afgeleverd',
    ...about,
    dig: message.digest,
    ontvanger: toUrn(recipient.oin),
  };
  const receipt = {
    iss: toUrn(recipient.oin),
    aud: toUrn(sender.oin),
    jti: newUuid7(SENT + 2000),
    iat: SENT / 1000 + 2,
    txn: message.claims['conversatie'],
    events: { [RECEIPT_EVENT]: fact },
  };
  return {
    ...{ sender: agencyIn(sender), router: agencyIn(router), recipient: agencyIn(recipient) },
    ...{ message, submission: await sealed(message.jws, CTY.submission, router) },
    ...{ routeNote, delivery: await sealed(delivery, CTY.delivery, recipient) },
    receipt: await signed(receipt, TYP.receipt, recipient.signing.key),
  };
}

const office = await openOffice({ clock: { now: () => SENT } });
const example: Example = {
  note: 'Made-up agencies and people, and TEST keys that are known to all. See docs/wire.md.',
  rsa: await makeProfile(office, 'rsa'),
  ec: await makeProfile(office, 'ec'),
};
writeFileSync(exampleFile(), `${JSON.stringify(example, null, 2)}\n`);
writeFileSync(documentFile(), withBlocks(readFileSync(documentFile(), 'utf8'), example));
