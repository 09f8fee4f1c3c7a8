/** What waits for an agency is brought to the endpoint that the register names, and answered with its receipt. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WEBHOOKS } from '../../../router/door/openapi/webhooks.ts';
import type { Door } from '../../../router/door.ts';
import { newUuid7, toNoteId } from '../../../schemas/ids.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { accepted } from '../player.ts';
import { came, type EndpointOf, here, openStreet, type Street, taking } from './street.ts';

let street: Street;
let door: Door;
/** Of Veilig Thuis. */
let endpoint: EndpointOf;
test.before(async () => {
  street = await openStreet();
  endpoint = await street.endpoint('vt');
  await street.bringTo('vt', here(endpoint, '/ketenpost/in'));
  door = await street.door();
});
test.before.each(async () => {
  endpoint.brought.splice(0);
  endpoint.manner = taking(await street.house.agency('vt'));
});
test.after(() => street.close());

const empty = (of: 'vt' | 'politie') =>
  until('an empty mailbox', async () => {
    for await (const { recipient } of street.house.rooms.mailboxes.labels()) {
      if (recipient === AGENCIES[of].oin) return false;
    }
    return true;
  });

test('a report is brought, its receipt comes in the answer, and the sender collects that very receipt', async () => {
  const { house } = street;
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  accepted(sent);
  await came(endpoint, 1);
  const [brought] = endpoint.brought;
  assert.is(brought?.kind, 'aflevering');
  assert.is(brought?.type, 'application/jose');
  assert.is(brought?.path, '/ketenpost/in');
  assert.is(brought?.key, `${police.oin}.${sent.claims.jti}`);
  assert.is(
    brought?.peer,
    '00000099000000001000',
    'the caller shows the certificate of the router',
  );
  assert.is((await vt.open(brought?.text ?? '')).jws, sent.jws);
  const said = await endpoint.manner(brought as NonNullable<typeof brought>, []);
  await until('the receipt', async () => {
    const { ontvangstbewijzen } = await police.collect();
    return ontvangstbewijzen.includes(String(said.body));
  });
  await empty('vt');
  await until('the count', async () => (await street.count('delivered')) === 1);
});

test('what is brought is what the document of the door says', async () => {
  const police = await street.house.agency('politie');
  accepted(await police.send({}));
  await came(endpoint, 1);
  const [brought] = endpoint.brought;
  const { parameters, requestBody, responses } = WEBHOOKS.aflevering.post;
  for (const { name, required, schema } of parameters) {
    const value = String(brought?.headers[String(name).toLowerCase()]);
    const { pattern = '', enum: all = [value] } = schema as { pattern?: string; enum?: string[] };
    assert.ok(required && new RegExp(pattern).test(value) && all.includes(value), String(name));
  }
  assert.ok(Object.keys(requestBody.content).includes(brought?.type ?? ''));
  assert.ok('application/secevent+jwt' in responses['200'].content);
  await empty('vt');
});

test('receipts are brought too; they leave the mailbox by a ticket of the agency that names them, and not by the word of the door', async () => {
  const { house } = street;
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  await empty('vt');
  const own = await street.endpoint('politie', () => ({ status: 204 }));
  await street.bringTo('politie', here(own));
  const sent = await police.send({});
  accepted(sent);
  await came(own, 2);
  assert.is(own.brought[0]?.kind, 'ontvangstbewijs');
  assert.is(own.brought[0]?.type, 'application/secevent+jwt');
  // A 204 takes nothing away: all of it comes again.
  const [first] = own.brought;
  await until('it again', () => own.brought.filter(({ key }) => key === first?.key).length > 1);
  // A ticket of somebody else is none.
  own.manner = async () => ({ status: 200, body: await vt.ticket() });
  await until('a refusal', async () => (await street.count('receipt-refused')) > 0);
  // One of its own that does not name what was brought takes nothing away either.
  const refused = await street.count('receipt-refused');
  own.manner = async () => ({
    status: 200,
    body: await police.ticket({ gezien: [toNoteId(police.oin, newUuid7(1))] }),
  });
  await until('another', async () => (await street.count('receipt-refused')) > refused);
  own.manner = taking(police);
  await empty('politie');
  await street.bringTo('politie', undefined);
});

test('what is answered with 202 is brought again until the receipt is there, by whichever way', async () => {
  const { house } = street;
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  endpoint.manner = () => ({ status: 202 });
  const sent = await police.send({});
  accepted(sent);
  await came(endpoint, 3);
  assert.is(new Set(endpoint.brought.map(({ key }) => key)).size, 1);
  const receipt = await vt.receipt(sent.jws, 'afgeleverd');
  const answer = await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt });
  assert.ok(answer.ok);
  await empty('vt');
});

test('a receipt that does not count changes nothing: signed by another, or about another message', async () => {
  const { house } = street;
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const before = (await house.ledger('ontvangstbewijs-geweigerd')).length;
  const refused = await street.count('receipt-refused');
  const takes = endpoint.manner;
  let other = '';
  endpoint.manner = async ({ text }) => {
    const { jws } = await vt.open(text);
    return { status: 200, body: other || (await police.receipt(jws, 'afgeleverd')) };
  };
  const sent = await police.send({});
  accepted(sent);
  await until('a refusal', async () => (await street.count('receipt-refused')) > refused);
  other = await vt.receipt(await police.sign(police.claims()), 'afgeleverd');
  await until('another', async () => (await street.count('receipt-refused')) > refused + 1);
  assert.ok((await house.ledger('ontvangstbewijs-geweigerd')).length >= before + 2);
  endpoint.manner = takes;
  await empty('vt');
});

test('the door falls between the delivery and its receipt: the next one brings it again, under the same key, and gets the same receipt', async () => {
  const { house } = street;
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const gate: (() => void)[] = [];
  const takes = taking(vt);
  endpoint.manner = async (brought, earlier) => {
    const said = await takes(brought, earlier);
    // The first answer never arrives: the door is gone by then.
    if (earlier.length === 0) await new Promise<void>((open) => gate.push(open));
    return said;
  };
  const sent = await police.send({});
  accepted(sent);
  await came(endpoint, 1);
  await door.stop();
  gate[0]?.();
  door = await street.door();
  await came(endpoint, 2);
  const [before, after] = endpoint.brought;
  assert.is(after?.key, before?.key);
  const receipt = String((await takes(before as NonNullable<typeof before>, [])).body);
  await until('the receipt', async () => {
    const { ontvangstbewijzen } = await police.collect();
    return ontvangstbewijzen.includes(receipt);
  });
  await empty('vt');
});

test('urgent goes first, and does not wait for normal ones that hang', async () => {
  const { house } = street;
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const takes = taking(vt);
  const open: (() => void)[] = [];
  endpoint.manner = async (brought, earlier) => {
    if (brought.prio === 'normaal') await new Promise<void>((done) => open.push(done));
    return takes(brought, earlier);
  };
  for (let at = 0; at < 6; at++) accepted(await police.send({ prio: 'normaal' }));
  await came(endpoint, 4);
  const urgent = await police.send({});
  accepted(urgent);
  const key = `${police.oin}.${urgent.claims.jti}`;
  await until('the urgent one', () => endpoint.brought.some((one) => one.key === key));
  assert.ok(open.length <= 4, 'no more normal ones at a time than may be');
  await until('all', () => {
    for (const one of open.splice(0)) one();
    return endpoint.brought.length >= 7;
  });
  endpoint.manner = takes;
  for (const one of open) one();
  await empty('vt');
});

test.run();
