import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import { sealAlgOf } from '../../certs/strength.ts';
import { MESSAGE_BYTES, SUBMISSION_BYTES } from '../../schemas/size.ts';
import { deskOf, openOffice, POLICE, VT } from './office.ts';

const office = await openOffice();
const desks = [await deskOf(office, POLICE, 'rsa'), await deskOf(office, VT, 'ec')];
const TYPE = 'ketenpost-bericht+jwt';

for (const { signing, opening } of desks) {
  test(`the largest message is within the largest submission: ${signing.key.alg}`, async () => {
    const claims = { inhoud: 'é'.repeat((MESSAGE_BYTES - '{"inhoud":""}'.length) / 2) };
    assert.ok(MESSAGE_BYTES - Buffer.byteLength(JSON.stringify(claims)) <= 1);
    const jws = await sign(claims, TYPE, signing.key);
    const alg = sealAlgOf(opening.certificate.publicKey, 'RSA-OAEP-256');
    const jwe = await seal(Buffer.from(jws), TYPE, { certificate: opening.certificate, alg });
    assert.ok(jwe.length <= SUBMISSION_BYTES);
    assert.ok(SUBMISSION_BYTES - jwe.length < 4096, 'the limit leaves no more than it must');
  });
}

test.run();
