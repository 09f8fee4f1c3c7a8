import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Directory } from '../../adapters/directory.ts';
import { type Identity, loadIdentity } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import { readJws } from '../../certs/verify.ts';
import type { Registratie } from '../../schemas/generated/wire.ts';
import type { Oin, Thumbprint } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES, REGISTRAR } from '../town/agencies.ts';
import { openStand, type Stand } from './stand.ts';

const [POLICE, HALT] = [AGENCIES.politie.oin, AGENCIES.halt.oin];
let stand: Stand;
let halt: Identity;
test.before(async () => {
  stand = await openStand();
  halt = await loadIdentity(stand.keys.identity(HALT));
});
test.after(() => stand.close());

/** A directory over this source; counts what it fetches. */
function directory(fetch = (oin: Oin) => stand.door.router.registration(oin)) {
  const fetched: Oin[] = [];
  const certificates = stand.door.router.certificates(REGISTRAR.oin, 'authenticiteit');
  const made = new Directory({
    registrar: { oin: REGISTRAR.oin, certificates },
    clock: stand.clock,
    fetch: (oin) => {
      fetched.push(oin);
      return fetch(oin);
    },
  });
  return { made, fetched };
}
const own = (oin: Oin) =>
  stand.door.router.certificates(oin, 'authenticiteit')[0]?.x5t as Thumbprint;
const refusal = (asked: Promise<unknown>): Promise<Refusal> =>
  asked.then(
    () => {
      throw new Error('it was taken');
    },
    (error: unknown) => {
      if (error instanceof Refusal) return error;
      throw error;
    },
  );

test('an entry is fetched once for many that ask, and again after its short life', async () => {
  const { made, fetched } = directory();
  await Promise.all([made.entry(POLICE), made.entry(POLICE), made.entry(POLICE)]);
  assert.is(fetched.length, 1);
  stand.clock.move(121);
  await made.entry(POLICE);
  assert.is(fetched.length, 2);
});

test('an entry that the registrar did not sign is not believed', async () => {
  const forge = async (oin: Oin) => {
    const entry = readJws(await stand.door.router.registration(oin), TYP.registration).claims;
    return sign(entry, TYP.registration, halt.signing);
  };
  assert.is((await refusal(directory(forge).made.entry(POLICE))).code, 'certificate-unknown');
});

test('the entry of one agency does not do for another', async () => {
  const { made } = directory(() => stand.door.router.registration(HALT));
  assert.is((await refusal(made.entry(POLICE))).code, 'issuer-mismatch');
});

test('a certificate that is not registered is asked for once more, and then unknown', async () => {
  const { made, fetched } = directory();
  await made.entry(POLICE);
  stand.clock.move(6);
  const asked = made.certificate(POLICE, 'authenticiteit', own(HALT), stand.clock.now());
  assert.is((await refusal(asked)).code, 'certificate-unknown');
  assert.is(fetched.length, 2);
  await refusal(made.certificate(POLICE, 'authenticiteit', own(HALT), stand.clock.now()));
  assert.is(fetched.length, 2, 'not again within seconds');
});

test('a certificate that was registered since is found', async () => {
  let listed: Partial<Registratie> = {};
  const full = readJws(await stand.door.router.registration(POLICE), TYP.registration)
    .claims as unknown as Registratie;
  const { made } = directory((oin) => stand.door.router.registration(oin, listed));
  listed = { certificaten: full.certificaten.filter(({ x5t }) => x5t !== own(POLICE)) };
  await refusal(made.certificate(POLICE, 'authenticiteit', own(POLICE), stand.clock.now()));
  listed = {};
  stand.clock.move(6);
  const found = await made.certificate(POLICE, 'authenticiteit', own(POLICE), stand.clock.now());
  assert.is(found.x5t, own(POLICE));
});

test('a certificate is not used for another use, nor after the day that the register says', async () => {
  const full = readJws(await stand.door.router.registration(POLICE), TYP.registration)
    .claims as unknown as Registratie;
  const certificaten = full.certificaten.map((one) => ({ ...one, tot: '2026-06-30' }));
  const { made } = directory((oin) => stand.door.router.registration(oin, { certificaten }));
  const at = (when: string) =>
    made.certificate(POLICE, 'authenticiteit', own(POLICE), Date.parse(when));
  assert.is((await at('2026-06-30T23:00:00Z')).x5t, own(POLICE));
  assert.is((await refusal(at('2026-07-01T00:00:00Z'))).code, 'certificate-unknown');
  const other = made.certificate(POLICE, 'tls', own(POLICE), Date.parse('2026-01-01'));
  assert.is((await refusal(other)).code, 'certificate-unknown');
});

test('an older entry than was seen before does not bring back what was withdrawn', async () => {
  const now = Math.floor(stand.clock.now() / 1000);
  const older = await stand.door.router.registration(POLICE, { iat: now - 60 });
  const { certificaten } = readJws(older, TYP.registration).claims as unknown as Registratie;
  const kept = { iat: now, certificaten: certificaten.filter(({ x5t }) => x5t !== own(POLICE)) };
  let served = stand.door.router.registration(POLICE, kept);
  const { made } = directory(() => served);
  await made.entry(POLICE);
  served = Promise.resolve(older);
  stand.clock.move(121);
  const asked = made.certificate(POLICE, 'authenticiteit', own(POLICE), stand.clock.now());
  assert.is((await refusal(asked)).code, 'temporarily-unavailable');
  served = stand.door.router.registration(POLICE, { iat: now });
  assert.ok(await made.certificate(POLICE, 'authenticiteit', own(POLICE), stand.clock.now()));
});

test('a failure is not remembered', async () => {
  let down = true;
  const { made } = directory(async (oin) => {
    if (down) throw new Refusal('temporarily-unavailable');
    return stand.door.router.registration(oin);
  });
  await refusal(made.entry(POLICE));
  down = false;
  assert.is((await made.entry(POLICE)).registration.oin, POLICE);
});

test.run();
