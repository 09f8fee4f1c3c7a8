/** Open inverts seal; verify accepts only what sign made; one bit flipped anywhere is refused. */
import * as fc from 'fast-check';
import { readCertificate } from '../../certs/certificate.ts';
import type { Identity } from '../../certs/keystore.ts';
import { open } from '../../certs/open.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import { sealAlgOf } from '../../certs/strength.ts';
import { usesOf } from '../../certs/suit.ts';
import { verify } from '../../certs/verify.ts';
import { CTY, TYP } from '../../schemas/typ.ts';
import { type Law, law } from './law.ts';
import { anyJson, flipped, spoil, wounds } from './mutate.ts';
import { orNo } from './parser-laws.ts';

export function keyLaws(identity: Identity): readonly Law[] {
  const certificate = identity.certificates.find((one) =>
    usesOf(one).includes('vertrouwelijkheid'),
  );
  const signing = identity.certificates.find(({ x5t }) => x5t === identity.signing.x5t);
  if (certificate === undefined || signing === undefined)
    throw new Error('an identity without certificates');
  const to = { certificate, alg: sealAlgOf(certificate.publicKey, 'RSA-OAEP-256') };
  const opens = (jwe: string) =>
    open(jwe, CTY.submission, (x5t) => identity.opening.find((one) => one.x5t === x5t));
  const verifies = (jws: string) =>
    verify(jws, TYP.message, (x5t) => [signing].find((one) => one.x5t === x5t));
  const bytes = fc.uint8Array({ maxLength: 4000 });
  const object = fc.dictionary(fc.string({ maxLength: 8 }), anyJson, { maxKeys: 6 });
  return [
    law(
      'open inverts seal',
      bytes,
      async (plain) => {
        const opened = await opens(await seal(plain, CTY.submission, to));
        if (opened === null || !opened.plaintext.equals(plain))
          throw new Error('something else came out');
      },
      40,
    ),
    law(
      'a sealed message with one bit flipped does not open',
      fc.tuple(bytes, fc.nat()),
      async ([plain, at]) => {
        const jwe = Buffer.from(await seal(plain, CTY.submission, to));
        const opened = await orNo(() => opens(flipped(jwe, at).toString('latin1')));
        if (opened) throw new Error('it opened');
      },
      40,
    ),
    law(
      'verify takes what sign made, and says the same',
      object,
      async (claims) => {
        const text = JSON.stringify(claims);
        const jws = await sign(claims, TYP.message, identity.signing);
        const read = await orNo(() => verifies(jws));
        if (read !== undefined && JSON.stringify(read.claims) !== text)
          throw new Error('something else was read');
      },
      40,
    ),
    law(
      'a signed message that was spoilt, or has one bit flipped, does not verify',
      fc.tuple(object, fc.nat(), wounds),
      async ([claims, at, all]) => {
        const jws = Buffer.from(await sign(claims, TYP.message, identity.signing));
        for (const bad of [flipped(jws, at), spoil(jws, all)])
          if (!bad.equals(jws) && (await orNo(() => verifies(bad.toString('latin1')))))
            throw new Error('it verified');
      },
      40,
    ),
    law(
      'a certificate with one bit flipped is not the same certificate',
      fc.nat(),
      async (at) => {
        const read = await orNo(() => readCertificate(flipped(certificate.der, at)));
        if (read?.x5t === certificate.x5t) throw new Error('the same thumbprint');
      },
      60,
    ),
  ];
}
