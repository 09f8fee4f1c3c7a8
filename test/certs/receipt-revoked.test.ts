/** Receipts, and the key that signs them. Who else may not state one: test/router/receipts.test.ts. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { type House, openHouse } from '../router/house.ts';
import { accepted } from '../router/player.ts';

let house: House;
test.before(async () => {
  house = await openHouse();
});
test.after(() => house.stop());

test('a receipt by a revoked key does not count, though it was signed before: the ledger says so', async () => {
  const [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
  const message = await police.send({});
  accepted(message);
  const receipt = await vt.receipt(message.jws, 'afgeleverd');
  await house.keys.authority.revoke(vt.identity.signing.x5t, 'keyCompromise');
  await house.trust.revocations.refresh();
  const answer = await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt });
  assert.is(answer.ok ? 'counted' : answer.problem.code, 'certificate-revoked');
  const told = await house.ledger('ontvangstbewijs-geweigerd');
  const [entry] = told.filter((one) => one['ontvangstbewijs'] === digestOf(receipt));
  assert.is(entry?.['code'], 'certificate-revoked');
  assert.equal(await house.ledger('ontvangstbewijs'), []);
});

test.run();
