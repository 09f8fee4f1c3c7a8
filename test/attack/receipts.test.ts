/** Receipts that should not count, over TLS to a real door and pipeline. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import { codeOf, type Fortress, openFortress, type Visitor } from './fortress.ts';
import { saw } from './saw.ts';

let fortress: Fortress;
let police: Visitor;
let vt: Visitor;
let halt: Visitor;
test.before(async () => {
  fortress = await openFortress();
  [police, vt, halt] = await Promise.all([
    fortress.visitor('politie'),
    fortress.visitor('vt'),
    fortress.visitor('halt'),
  ]);
});
test.after(() => fortress.stop());

async function sent() {
  const claims = police.player.claims();
  const jws = await police.player.sign(claims);
  assert.is(codeOf(await police.offer(jws)), 'aanvaard');
  return { claims, jws };
}

/** What the police is told of its message. */
const told = async (jti: string): Promise<string> =>
  (await police.http.ask(`/v1/berichten/${jti}`, await police.player.showing())).body.ontvangers[0]
    .staat;

test('R1 a receipt by one to whom nothing was sent', async () => {
  const { claims, jws } = await sent();
  const answer = await halt.receipt(await halt.player.receipt(jws, 'afgeleverd'));
  assert.is(codeOf(answer), 'receipt-invalid');
  assert.is(await told(claims.jti), 'wacht');
  saw('R1', codeOf(answer));
});

test('R2 a receipt about the copy of another, or in the name of another', async () => {
  const { claims, jws } = await sent();
  const fact = { ontvanger: toUrn(halt.player.oin) };
  const about = await vt.receipt(await vt.player.receipt(jws, 'afgeleverd', { fact }));
  assert.is(codeOf(about), 'receipt-invalid');
  saw('R2', codeOf(about));
  const iss = { claims: { iss: toUrn(vt.player.oin) } };
  const named = await halt.receipt(await halt.player.receipt(jws, 'afgeleverd', iss));
  assert.is(codeOf(named), 'issuer-mismatch');
  saw('R2', codeOf(named));
  const brought = await halt.receipt(await vt.player.receipt(jws, 'afgeleverd'));
  assert.is(codeOf(brought), 'issuer-mismatch');
  assert.is(await told(claims.jti), 'wacht');
});

test('R3 a receipt with another digest, or of another message', async () => {
  const [{ claims, jws }, other] = [await sent(), await sent()];
  for (const fact of [
    { dig: digestOf(other.jws) },
    { dig: digestOf('') },
    { bericht: other.claims.jti },
    { bericht: newUuid7(Date.now()) },
  ]) {
    const answer = await vt.receipt(await vt.player.receipt(jws, 'afgeleverd', { fact }));
    assert.is(codeOf(answer), 'receipt-invalid');
    saw('R3', codeOf(answer));
  }
  assert.is(await told(claims.jti), 'wacht');
});

test('R4 a receipt that states what only the router may', async () => {
  const { claims, jws } = await sent();
  for (const state of ['aanvaard', 'geweigerd', 'onbestelbaar'] as State[]) {
    const answer = await vt.receipt(await vt.player.receipt(jws, state));
    assert.is(codeOf(answer), 'receipt-invalid', state);
    saw('R4', codeOf(answer));
  }
  assert.is(await told(claims.jti), 'wacht');
});

test('R5 the same receipt again, and again under a crash, counts once', async () => {
  const { claims, jws } = await sent();
  const receipt = await vt.player.receipt(jws, 'afgeleverd');
  for (let turn = 0; turn < 3; turn++) assert.is((await vt.receipt(receipt)).status, 202);
  const { body } = await police.collect({ maximum: 50 });
  assert.is(body.ontvangstbewijzen.filter((one: string) => one === receipt).length, 1);
  assert.is(await told(claims.jti), 'afgeleverd');
  saw('R5', '(counted once)');
});

test('R6 a ticket or a message in the place of a receipt, and the other way round', async () => {
  const { jws } = await sent();
  const receipt = await vt.player.receipt(jws, 'afgeleverd');
  for (const wrong of [await vt.player.ticket(), await vt.player.sign(vt.player.claims())]) {
    const answer = await vt.receipt(wrong);
    assert.is(codeOf(answer), 'malformed');
    saw('R6', codeOf(answer));
  }
  assert.is(codeOf(await vt.offer(receipt)), 'malformed');
  assert.is(codeOf(await vt.collect({ bewijs: receipt })), 'malformed');
});

test.run();
