/** What an adapter takes from its mailbox, and what it does not. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { receive } from '../../adapters/endpoint.ts';
import { openMessage, summarise } from '../../adapters/view.ts';
import { digestOf } from '../../certs/digest.ts';
import { type Identity, loadIdentity } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import type { Bericht, Feit } from '../../schemas/generated/wire.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { openStand, report, type Stand, sample, until } from './stand.ts';

const [POLICE, VT, HALT] = [AGENCIES.politie.oin, AGENCIES.vt.oin, AGENCIES.halt.oin];
let stand: Stand;
let vt: Agency;
let police: Identity;
test.before(async () => {
  stand = await openStand();
  vt = await stand.start('vt');
  police = await loadIdentity(stand.keys.identity(POLICE));
});
test.after(() => stand.close());
test.after.each(() => {
  delete stand.door.router.mischief.delivery;
});

const claimsOf = (more: object = {}): Bericht => {
  const now = stand.clock.now();
  const iat = Math.floor(now / 1000);
  const { aan: _, ...draft } = report() as Record<string, unknown> & { berichttype: string };
  const base = { iss: toUrn(POLICE), jti: newUuid7(now), iat, exp: iat + 86_400, versie: '1.0' };
  return { ...base, conversatie: newUuid7(now), aud: [toUrn(VT)], ...draft, ...more } as Bericht;
};

/** Puts a message by the police into the mailbox of VT, as the router would. */
async function arrive(claims = claimsOf(), signer = police): Promise<{ jti: Uuid7; jws: string }> {
  const jws = await sign(claims, TYP.message, signer.signing);
  const record = {
    claims,
    jws,
    dig: digestOf(jws),
    recipients: [VT],
    acceptance: '',
    receipts: [],
  };
  if (!stand.door.router.records.has(claims.jti)) stand.door.router.records.set(claims.jti, record);
  await stand.door.router.deliver(jws, VT);
  return { jti: claims.jti, jws };
}

/** The facts that VT stated about a message. */
const told = (jti: string): Feit[] =>
  stand.door.router.given
    .map((one) => one.events[RECEIPT_EVENT])
    .filter((fact) => fact.bericht === jti);
const answer = (jti: string, count = 1) =>
  until('an answer', () => (told(jti).length >= count ? told(jti).at(-1) : undefined));
const stored = (jti: string) => vt.rooms.store.inbox.get(POLICE, jti);

test('a good delivery is stored, opened and answered with the digest of what was signed', async () => {
  const { jti, jws } = await arrive();
  const fact = await answer(jti);
  assert.is(fact.staat, 'afgeleverd');
  assert.is(fact.dig, digestOf(jws));
  assert.is(fact.ontvanger, toUrn(VT));
  assert.is((await openMessage(vt.rooms, { sender: POLICE, jti })).bericht.jti, jti);
});

test('a message without aud is taken: the router found us', async () => {
  const { aud: _, ...claims } = claimsOf();
  const { jti } = await arrive(claims as Bericht);
  assert.is((await answer(jti)).staat, 'afgeleverd');
});

type Delivery = NonNullable<typeof stand.door.router.mischief.delivery>;
const flipped = (jws: string): string => {
  const [head = '', body = '', signature = ''] = jws.split('.');
  const bytes = Buffer.from(body, 'base64url');
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
  return [head, bytes.toString('base64url'), signature].join('.');
};
const other = newUuid7(Date.now());
const TAMPERED: Record<string, Delivery> = {
  'a message changed on the way': (what) => ({ ...what, bericht: flipped(what.bericht) }),
  'changed, with a route note to fit': (what) => {
    const bericht = flipped(what.bericht);
    return { ...what, bericht, nota: { ...what.nota, dig: digestOf(bericht) } };
  },
  'a route note about another message': (what) => ({
    ...what,
    nota: { ...what.nota, bericht: other },
  }),
  'a route note about another digest': (what) => ({
    ...what,
    nota: { ...what.nota, dig: digestOf('x') },
  }),
  'a route note about another sender': (what) => ({
    ...what,
    nota: { ...what.nota, afzender: toUrn(HALT) },
  }),
  'a route note that names another recipient': (what) => ({
    ...what,
    nota: { ...what.nota, aud: toUrn(HALT) },
  }),
  'a route note by another than the router': (what) => ({
    ...what,
    nota: { ...what.nota, iss: toUrn(HALT) },
  }),
};
for (const [name, mischief] of Object.entries(TAMPERED)) {
  test(`${name}: not delivered, the sender is asked to offer it again, the proof is kept`, async () => {
    stand.door.router.mischief.delivery = mischief;
    const { jti } = await arrive();
    const fact = await answer(jti);
    assert.is(fact.staat, 'onleesbaar');
    assert.is(stored(jti), undefined);
    assert.ok(vt.rooms.store.evidence.list(100).some((one) => one.message === jti));
    delete stand.door.router.mischief.delivery;
    const { jws } = stand.door.router.records.get(jti) ?? { jws: '' };
    await stand.door.router.deliver(jws, VT);
    assert.is((await answer(jti, 2)).staat, 'afgeleverd');
  });
}

test('one sealed for a key that is not here is unreadable, and delivered when sealed anew', async () => {
  stand.door.router.mischief.delivery = (what) => ({ ...what, to: HALT });
  const { jti, jws } = await arrive();
  const fact = await answer(jti);
  assert.equal([fact.staat, fact.code], ['onleesbaar', 'unreadable']);
  delete stand.door.router.mischief.delivery;
  await stand.door.router.deliver(jws, VT);
  assert.is((await answer(jti, 2)).staat, 'afgeleverd');
});

test('a delivery of another agency, given on as ours, is not taken', async () => {
  const claims = claimsOf({ aud: [toUrn(HALT)] });
  const { jti } = await arrive(claims);
  const fact = await answer(jti);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'wrongly-addressed']);
  assert.is(stored(jti), undefined);
});

test('one that the mailbox says is of another sender or id is not taken', async () => {
  for (const wrong of [{ afzender: HALT }, { bericht: newUuid7(1) }] as const) {
    stand.door.router.mischief.delivery = undefined as never;
    const { jti, jws } = await arrive();
    await answer(jti);
    const before = vt.rooms.store.inbox.list({
      state: null,
      type: null,
      limit: 200,
      offset: 0,
    }).length;
    const item = await sealedFor(jws);
    assert.is(await receive(vt.rooms, { ...item, ...wrong }), 'refused');
    const after = vt.rooms.store.inbox.list({
      state: null,
      type: null,
      limit: 200,
      offset: 0,
    }).length;
    assert.is(after, before);
  }
});

async function sealedFor(jws: string) {
  const { router } = stand.door;
  const put = router.put.bind(router);
  let made: Parameters<typeof put>[1] | undefined;
  router.put = (_, item) => {
    made = item;
  };
  await router.deliver(jws, VT);
  router.put = put;
  if (made === undefined) throw new Error('nothing was sealed');
  return made;
}

test('a sender that signs with a key that is not registered as its own is not believed', async () => {
  const halt = await loadIdentity(stand.keys.identity(HALT));
  const { jti } = await arrive(claimsOf(), halt);
  const fact = await answer(jti);
  assert.equal([fact.staat, fact.code], ['onleesbaar', 'certificate-unknown']);
});

test('a message that its type does not allow is rejected for good, whatever the router thought of it', async () => {
  const inhoud = { ...sample('vt-melding', 'heusden-spoed'), onbekend: 1 };
  const { jti } = await arrive(claimsOf({ inhoud }));
  const fact = await answer(jti);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'schema-invalid']);
});

test('a message from long ago is a replay', async () => {
  const iat = Math.floor(stand.clock.now() / 1000) - 60;
  const { jti } = await arrive(claimsOf({ iat, exp: iat - 31 * 86_400 }));
  const fact = await answer(jti);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'stale']);
});

test('a repeat is answered with the same receipts, and delivered once', async () => {
  const { jti, jws } = await arrive();
  await answer(jti);
  const [first] = vt.rooms.store.replies.of(POLICE, jti);
  await stand.door.router.deliver(jws, VT);
  await answer(jti, 2);
  const replies = vt.rooms.store.replies.of(POLICE, jti);
  assert.is(replies.length, 1);
  assert.is(replies[0]?.digest, first?.digest);
  const [one, two] = stand.door.router.given.filter(
    (it) => it.events[RECEIPT_EVENT].bericht === jti,
  );
  assert.equal(one, two);
});

test('the same id with other content is refused, and both are kept', async () => {
  const claims = claimsOf();
  const { jti } = await arrive(claims);
  await answer(jti);
  const digest = stored(jti)?.digest;
  await arrive({ ...claims, prio: 'normaal' });
  const fact = await answer(jti, 2);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'id-reused']);
  assert.is.not(fact.dig, digest);
  assert.is(stored(jti)?.digest, digest);
  assert.is(stored(jti)?.state, 'afgeleverd');
  assert.ok(
    vt.rooms.store.evidence
      .list(200)
      .some((one) => one.message === jti && one.code === 'id-reused'),
  );
});

test('a delivery that cannot be judged now stays in the mailbox', async () => {
  const jws = await sign(claimsOf({ iss: toUrn(AGENCIES.rvdk.oin) }), TYP.message, police.signing);
  const item = await sealedFor(jws);
  stand.door.fault = (_, path) =>
    path.includes(AGENCIES.rvdk.oin) ? { how: 'answer', status: 503 } : undefined;
  assert.is(await receive(vt.rooms, { ...item, afzender: AGENCIES.rvdk.oin as Oin }), 'left');
  stand.door.fault = () => undefined;
});

test('a corrected report shows by what; a withdrawn one, too; in either order of arrival', async () => {
  const first = claimsOf();
  const correction = claimsOf({ vervangt: first.jti });
  const inhoud = sample('intrekking', 'dubbel');
  const withdrawal = claimsOf({ trektIn: correction.jti, inhoud });
  for (const claims of [correction, first, withdrawal]) {
    await arrive(claims);
    await answer(claims.jti);
  }
  const seen = (jti: string) => {
    const row = stored(jti);
    return row && summarise(vt.rooms, row);
  };
  assert.is(seen(first.jti)?.vervangenDoor, correction.jti);
  assert.is(seen(correction.jti)?.ingetrokkenDoor, withdrawal.jti);
  assert.is(
    (await openMessage(vt.rooms, { sender: POLICE, jti: first.jti })).vervangenDoor,
    correction.jti,
  );
});

test('another sender cannot withdraw the report of this one', async () => {
  const { jti } = await arrive();
  await answer(jti);
  const halt = await loadIdentity(stand.keys.identity(HALT));
  const inhoud = sample('intrekking', 'dubbel');
  const claims = claimsOf({ iss: toUrn(HALT), trektIn: jti, inhoud });
  await arrive(claims, halt);
  await answer(claims.jti);
  const row = stored(jti);
  assert.not.ok(row && summarise(vt.rooms, row).ingetrokkenDoor);
});

test('receipts that could not be given are given later, the same ones', async () => {
  stand.door.fault = (_, path) => (path.endsWith('_ophalen') ? { how: 'mute' } : undefined);
  const { jti } = await arrive();
  stand.door.cut();
  await until('polls to fail', () =>
    stand.log.some((line) => line.includes('"loop":"collecting"')),
  );
  stand.door.fault = () => undefined;
  stand.door.router.giveAgain();
  assert.is((await answer(jti)).staat, 'afgeleverd');
  assert.is(vt.rooms.store.replies.of(POLICE, jti).length, 1);
});

test('the ticket is renewed in time, and names router and mailbox', async () => {
  const tickets = new Set<string>();
  const collect = stand.door.router.collect.bind(stand.door.router);
  stand.door.router.collect = (mailbox, asked) => {
    tickets.add(asked.bewijs);
    return collect(mailbox, asked);
  };
  await answer((await arrive()).jti);
  await answer((await arrive()).jti);
  stand.clock.move(301);
  await answer((await arrive()).jti);
  await until('a second ticket', () => tickets.size === 2);
  stand.door.router.collect = collect;
  const [ticket = ''] = tickets;
  const claims = JSON.parse(Buffer.from(ticket.split('.')[1] ?? '', 'base64url').toString());
  assert.is(claims.aud, toUrn(OPERATOR.oin));
  assert.is(claims.postbus, toUrn(VT));
  assert.ok(claims.exp - claims.iat <= 600);
});

test.run();
