/** A message is proven again from what was kept with it, years after its certificates ended. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Finding, type Kept, verifyAsOf } from '../../certs/as-of.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { TYP } from '../../schemas/typ.ts';
import { Arrivals } from '../adapters/arrivals.ts';
import { AGENCIES } from '../town/agencies.ts';
import { openOffice } from './office.ts';

const POLICE = AGENCIES.politie.oin;
const here = await Arrivals.open();
test.after(() => here.stand.close());

const { jti } = await here.arrive();
await here.answer(jti);
const { store } = here.vt.rooms;

function kept(): Kept {
  const row = store.inbox.get(POLICE, jti);
  const jws = store.inbox.jws(POLICE, jti);
  const grounds = store.proofs.of(POLICE, jti);
  if (row === undefined || jws === undefined || grounds === undefined) throw new Error('not kept');
  const root = readCertificate(grounds.issuers.at(-1) ?? Buffer.alloc(0));
  return {
    ...{ jws, grounds, typ: TYP.message, sender: POLICE, received: row.received },
    ...{ certificate: Buffer.from(row.certificate), roots: [root], maxAgeMs: 4 * 3_600_000 },
  };
}
const faults = (findings: readonly Finding[]) =>
  findings.filter(({ good }) => !good).map(({ what, detail }) => `${what}: ${detail}`);

test('what came is proven by what was kept: chain, lists, entry of the register', async () => {
  const { grounds } = kept();
  assert.equal([grounds.issuers.length, grounds.lists.length], [3, 3]);
  const findings = await verifyAsOf(kept());
  assert.equal(faults(findings), []);
  assert.ok(findings.length >= 12);
});

test('each thing that was kept is kept once', async () => {
  const before = kept();
  const again = await here.arrive();
  await here.answer(again.jti);
  const other = store.proofs.of(POLICE, again.jti);
  assert.ok(other?.issuers[0]?.equals(before.grounds.issuers[0] as Buffer));
});

test('a revocation that came later, and a list of today, change nothing of it', async () => {
  const [certificate] = here.stand.door.router.certificates(POLICE, 'authenticiteit');
  await here.stand.keys.authority.revoke(certificate?.x5t ?? '', 'keyCompromise');
  assert.equal(faults(await verifyAsOf(kept())), []);
});

test('whatever is changed or missing is found, and named', async () => {
  const good = kept();
  const told = async (change: Partial<Kept>) =>
    faults(await verifyAsOf({ ...good, ...change })).join('\n');
  const grounds = (change: Partial<Kept['grounds']>) => ({
    grounds: { ...good.grounds, ...change },
  });
  const [head, , signature] = good.jws.split('.');
  const forged = Buffer.from(JSON.stringify({ iss: `urn:nld:oin:${POLICE}`, iat: 1 })).toString(
    'base64url',
  );
  assert.match(await told({ jws: `${head}.${forged}.${signature}` }), 'the signature');
  assert.match(
    await told({ sender: AGENCIES.vt.oin }),
    'the sender: the certificate is of another',
  );
  assert.match(await told({ roots: [] }), 'not among the roots that were named');
  assert.match(
    await told(grounds({ lists: good.grounds.lists.slice(1) })),
    'no list of its issuer was kept',
  );
  assert.match(
    await told(grounds({ issuers: good.grounds.issuers.slice(1) })),
    'its issuer did not sign it',
  );
  assert.match(await told({ received: good.received + 5 * 3_600_000 }), 'was not fresh then');
  const stranger = await openOffice();
  const other = stranger.issuer('issuing').certificate.der;
  assert.match(await told(grounds({ registrar: other })), 'the entry is not good');
  const { entry: _, ...less } = good.grounds;
  assert.match(await told({ grounds: less }), 'the entry was not kept');
});

test.run();
