/** What an adapter takes from its mailbox, and what it does not. */
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { receive } from '../../adapters/endpoint.ts';
import { openMessage, summarise } from '../../adapters/view.ts';
import { digestOf } from '../../certs/digest.ts';
import { loadIdentity, loadSigningKey } from '../../certs/keystore.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { type Oin, toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { CTY, RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { sample, until } from './stand.ts';

const [POLICE, VT, HALT] = [AGENCIES.politie.oin, AGENCIES.vt.oin, AGENCIES.halt.oin];
let here: Arrivals;
test.before(async () => {
  here = await Arrivals.open();
});
test.after(() => here.stand.close());

test('a good delivery is stored, opened and answered with the digest of what was signed', async () => {
  const { jti, jws } = await here.arrive();
  const fact = await here.answer(jti);
  assert.is(fact.staat, 'afgeleverd');
  assert.is(fact.dig, digestOf(jws));
  assert.is(fact.ontvanger, toUrn(VT));
  assert.is((await openMessage(here.vt.rooms, { sender: POLICE, jti })).bericht.jti, jti);
});

test('a message without aud is taken: the router found us', async () => {
  const { aud: _, ...claims } = here.claims();
  const { jti } = await here.arrive(claims as Bericht);
  assert.is((await here.answer(jti)).staat, 'afgeleverd');
});

test('a sender that signs with a key that is not registered as its own is not believed', async () => {
  const halt = await loadIdentity(here.stand.keys.identity(HALT));
  const { jti } = await here.arrive(here.claims(), halt);
  const fact = await here.answer(jti);
  assert.equal([fact.staat, fact.code], ['onleesbaar', 'certificate-unknown']);
});

test('a message that its type does not allow is rejected for good, whatever the router thought of it', async () => {
  const inhoud = { ...sample('vt-melding', 'heusden-spoed'), onbekend: 1 };
  const { jti } = await here.arrive(here.claims({ inhoud }));
  const fact = await here.answer(jti);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'schema-invalid']);
});

test('what is wrong with the note or the wrapping is no word about the message: it is offered again', async () => {
  const { router } = here.stand.door;
  const [certificate] = router.certificates(VT, 'vertrouwelijkheid');
  if (certificate === undefined) throw new Error('no key');
  const wrap = async (claims: Bericht, what: object) => {
    const text = Buffer.from(JSON.stringify(what));
    const inhoud = await seal(text, CTY.delivery, { certificate, alg: 'ECDH-ES+A256KW' });
    const item = { afzender: POLICE, bericht: claims.jti, prio: claims.prio, inhoud };
    assert.is(await receive(here.vt.rooms, item), 'refused');
    return here.vt.rooms.store.replies.of(POLICE, claims.jti).map(({ state }) => state);
  };
  // Whoever has the message (another recipient of it) needs no key to make these.
  const bericht = async (claims: Bericht) => sign(claims, TYP.message, here.police.signing);
  const note = await sign({ iss: 'nobody' }, TYP.routeNote, here.police.signing);
  const [one, two] = [here.claims(), here.claims()];
  const forged = { bericht: await bericht(one), routenota: note };
  assert.equal(await wrap(one, forged), ['onleesbaar']);
  assert.equal(await wrap(two, { bericht: await bericht(two) }), ['onleesbaar']);
  assert.is(here.stored(one.jti), undefined);
});

test('the certificate of the router that was revoked since does not reject the message', async () => {
  const { trust } = here.vt.rooms;
  const claims = here.claims();
  const jws = await sign(claims, TYP.message, here.police.signing);
  const item = await here.stand.door.router.sealFor(jws, VT);
  const judge = trust.judge.bind(trust);
  trust.judge = (one, question) => {
    if (one.oin === OPERATOR.oin) throw new Refusal('certificate-revoked');
    judge(one, question);
  };
  assert.is(await receive(here.vt.rooms, item), 'refused');
  trust.judge = judge;
  const states = here.vt.rooms.store.replies.of(POLICE, claims.jti).map(({ state }) => state);
  assert.equal(states, ['onleesbaar']);
});

test('a message from long ago is a replay', async () => {
  const iat = Math.floor(here.stand.clock.now() / 1000) - 60;
  const { jti } = await here.arrive(here.claims({ iat, exp: iat - 31 * 86_400 }));
  const fact = await here.answer(jti);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'stale']);
});

test('a certificate that ended while the message waited in the mailbox was good when it was used', async () => {
  const { keys, door, clock } = here.stand;
  const [name, use] = ['Politie', 'authenticiteit'] as const;
  const soon = { days: 1, notBefore: Date.now() - 23 * 3_600_000 };
  const issued = await keys.authority.issue({ oin: POLICE, name, use, key: 'ec', ...soon });
  const signing = await loadSigningKey(issued.source);
  const item = await (async () => {
    const jws = await sign(here.claims(), TYP.message, signing);
    return door.router.sealFor(jws, VT);
  })();
  clock.move(2 * 3_600);
  assert.is(await receive(here.vt.rooms, item), 'delivered');
  const late = await sign(here.claims(), TYP.message, signing);
  assert.is(await receive(here.vt.rooms, await door.router.sealFor(late, VT)), 'refused');
  clock.move(-2 * 3_600);
});

test('a certificate of the router that ended while a message waited was good when it was used', async () => {
  const { trust } = here.vt.rooms;
  const judge = trust.judge.bind(trust);
  const { door, clock } = here.stand;
  const item = await door.router.sealFor(
    await sign(here.claims(), TYP.message, here.police.signing),
    VT,
  );
  const ends = clock.now() + 3_600_000;
  trust.judge = (one, question) => {
    const { at, now, seen = now } = question;
    if (one.oin === OPERATOR.oin && Math.max(at, seen) > ends)
      throw new Refusal('certificate-expired');
    judge(one, question);
  };
  clock.move(2 * 3_600);
  assert.is(await receive(here.vt.rooms, item), 'delivered');
  trust.judge = judge;
  clock.move(-2 * 3_600);
});

test('a repeat is answered with the same receipts, and delivered once', async () => {
  const { jti, jws } = await here.arrive();
  await here.answer(jti);
  const [first] = here.vt.rooms.store.replies.of(POLICE, jti);
  await here.stand.door.router.deliver(jws, VT);
  await here.answer(jti, 2);
  const replies = here.vt.rooms.store.replies.of(POLICE, jti);
  assert.is(replies.length, 1);
  assert.is(replies[0]?.digest, first?.digest);
  const [one, two] = here.stand.door.router.given.filter(
    (it) => it.events[RECEIPT_EVENT].bericht === jti,
  );
  assert.equal(one, two);
});

test('the same id with other content is refused, and both are kept', async () => {
  const claims = here.claims();
  const { jti } = await here.arrive(claims);
  await here.answer(jti);
  const digest = here.stored(jti)?.digest;
  await here.arrive({ ...claims, prio: 'normaal' });
  const fact = await here.answer(jti, 2);
  assert.equal([fact.staat, fact.code], ['afgewezen', 'id-reused']);
  assert.is.not(fact.dig, digest);
  assert.is(here.stored(jti)?.digest, digest);
  assert.is(here.stored(jti)?.state, 'afgeleverd');
  assert.ok(
    here.vt.rooms.store.evidence
      .list(200)
      .some((one) => one.message === jti && one.code === 'id-reused'),
  );
});

test('a delivery that cannot be judged now stays in the mailbox', async () => {
  const jws = await sign(
    here.claims({ iss: toUrn(AGENCIES.rvdk.oin) }),
    TYP.message,
    here.police.signing,
  );
  const item = await here.stand.door.router.sealFor(jws, VT);
  here.stand.door.fault = (_, path) =>
    path.includes(AGENCIES.rvdk.oin) ? { how: 'answer', status: 503 } : undefined;
  assert.is(await receive(here.vt.rooms, { ...item, afzender: AGENCIES.rvdk.oin as Oin }), 'left');
  here.stand.door.fault = () => undefined;
});

test('a corrected report shows by what; a withdrawn one, too; in either order of arrival', async () => {
  const first = here.claims();
  const correction = here.claims({ vervangt: first.jti });
  const inhoud = sample('intrekking', 'dubbel');
  const withdrawal = here.claims({ trektIn: correction.jti, inhoud });
  for (const claims of [correction, first, withdrawal]) {
    await here.arrive(claims);
    await here.answer(claims.jti);
  }
  const seen = (jti: string) => {
    const row = here.stored(jti);
    return row && summarise(here.vt.rooms, row);
  };
  assert.is(seen(first.jti)?.vervangenDoor, correction.jti);
  assert.is(seen(correction.jti)?.ingetrokkenDoor, withdrawal.jti);
  assert.is(
    (await openMessage(here.vt.rooms, { sender: POLICE, jti: first.jti })).vervangenDoor,
    correction.jti,
  );
});

test('another sender cannot withdraw the report of this one', async () => {
  const { jti } = await here.arrive();
  await here.answer(jti);
  const halt = await loadIdentity(here.stand.keys.identity(HALT));
  const inhoud = sample('intrekking', 'dubbel');
  const claims = here.claims({ iss: toUrn(HALT), trektIn: jti, inhoud });
  await here.arrive(claims, halt);
  await here.answer(claims.jti);
  const row = here.stored(jti);
  assert.not.ok(row && summarise(here.vt.rooms, row).ingetrokkenDoor);
});

test('receipts that could not be given are given later, the same ones', async () => {
  here.stand.door.fault = (_, path) => (path.endsWith('_ophalen') ? { how: 'mute' } : undefined);
  const { jti } = await here.arrive();
  here.stand.door.cut();
  await until('polls to fail', () =>
    here.stand.log.some((line) => line.includes('"loop":"collecting"')),
  );
  here.stand.door.fault = () => undefined;
  here.stand.door.router.mail.giveAgain();
  assert.is((await here.answer(jti)).staat, 'afgeleverd');
  assert.is(here.vt.rooms.store.replies.of(POLICE, jti).length, 1);
});

test('the ticket is renewed in time, and names router and mailbox', async () => {
  const tickets = new Set<string>();
  const collect = here.stand.door.router.collect.bind(here.stand.door.router);
  here.stand.door.router.collect = (mailbox, asked) => {
    tickets.add(asked.bewijs);
    return collect(mailbox, asked);
  };
  await here.answer((await here.arrive()).jti);
  await here.answer((await here.arrive()).jti);
  here.stand.clock.move(301);
  await here.answer((await here.arrive()).jti);
  await until('a second ticket', () => tickets.size === 2);
  here.stand.door.router.collect = collect;
  const [ticket = ''] = tickets;
  const claims = JSON.parse(Buffer.from(ticket.split('.')[1] ?? '', 'base64url').toString());
  assert.is(claims.aud, toUrn(OPERATOR.oin));
  assert.is(claims.postbus, toUrn(VT));
  assert.ok(claims.exp - claims.iat <= 600);
});

test('a revocation that a message rested on is known after a restart, also when an older list is brought back', async () => {
  const { keys } = here.stand;
  const lists = keys.authority.trust.crls;
  const older = lists.map((file) => readFileSync(file));
  const [halt] = here.stand.door.router.certificates(HALT, 'authenticiteit');
  if (halt === undefined) throw new Error('no certificate');
  await keys.authority.revoke(halt.x5t, 'keyCompromise');
  await here.stand.freshLists();
  await here.answer((await here.arrive()).jti);
  await here.vt.stop();
  for (const [at, file] of lists.entries()) writeFileSync(file, older[at] ?? '');
  const { rooms } = await here.stand.start('vt');
  const now = here.stand.clock.now();
  const judge = () => rooms.trust.judge(halt, { use: 'authenticiteit', at: now, now });
  assert.throws(judge, ({ code }: Refusal) => code === 'certificate-revoked');
  await here.stand.freshLists();
  const [police] = here.stand.door.router.certificates(POLICE, 'authenticiteit');
  if (police !== undefined) rooms.trust.judge(police, { use: 'authenticiteit', at: now, now });
});

test.run();
