/** Which receipts count: from whom, for which copy, about which bytes. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { authenticate } from '../../adapters/confirm/authenticate.ts';
import { count } from '../../adapters/confirm/count.ts';
import { match } from '../../adapters/confirm/match.ts';
import { confirm } from '../../adapters/confirm.ts';
import { post } from '../../adapters/outlet.ts';
import { trackOf } from '../../adapters/track.ts';
import { digestOf } from '../../certs/digest.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { readJws } from '../../certs/verify.ts';
import type { Feit } from '../../schemas/generated/wire.ts';
import { type Digest, newUuid7, toNoteId, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { standing } from '../../schemas/states.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import { openStand, report, type Stand, until } from './stand.ts';

const POLICE = AGENCIES.politie.oin;
const VT = AGENCIES.vt.oin;
let stand: Stand;
let police: Agency;
test.before(async () => {
  stand = await openStand();
  police = await stand.start('politie');
});
test.after(() => stand.close());

const identity = (name: AgencyName) => loadIdentity(stand.keys.identity(AGENCIES[name].oin));
const row = (jti: string) => {
  const found = police.rooms.store.outbox.get(jti);
  if (found === undefined) throw new Error('not sent');
  return found;
};
const track = (jti: string) => trackOf(police.rooms, row(jti));

async function sent(more: object = {}): Promise<{ jti: Uuid7; fact: Feit }> {
  const { bericht: jti } = await post(police.rooms, report(more));
  await until('acceptance', () => row(jti).state === 'aanvaard');
  const dig = row(jti).digest as Digest;
  return {
    jti,
    fact: { staat: 'afgeleverd', afzender: toUrn(POLICE), bericht: jti, dig, ontvanger: toUrn(VT) },
  };
}

async function refused(jws: string): Promise<Refusal> {
  try {
    await confirm(police.rooms, jws);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it counted');
}

test('a receipt of an addressed recipient counts', async () => {
  const { jti, fact } = await sent();
  const jws = await stand.door.router.state(POLICE, fact, await identity('vt'));
  assert.ok((await confirm(police.rooms, jws)).counted);
  assert.is(track(jti).ontvangers[0]?.staat, 'afgeleverd');
  assert.is((await confirm(police.rooms, jws)).counted, true, 'again is no different');
  assert.is(police.rooms.store.receipts.of(jti).length, 2);
});

test('a receipt that does not count is refused, recorded, and moves nothing', async () => {
  const { jti, fact } = await sent();
  const { router } = stand.door;
  const vt = await identity('vt');
  const wrong = {
    'by one not addressed': router.state(
      POLICE,
      { ...fact, ontvanger: toUrn(AGENCIES.halt.oin) },
      await identity('halt'),
    ),
    "for another's copy": router.state(POLICE, fact, await identity('halt')),
    'with another digest': router.state(POLICE, { ...fact, dig: digestOf('other') }, vt),
    'to another sender': router.state(AGENCIES.halt.oin, fact, vt),
    'about the message of another': router.state(POLICE, { ...fact, afzender: toUrn(VT) }, vt),
    'about no message of ours': router.state(
      POLICE,
      { ...fact, bericht: row(jti).conversation },
      vt,
    ),
    'of the router, by a recipient': router.state(POLICE, { ...fact, staat: 'onbestelbaar' }, vt),
    'of a recipient, by the router': router.state(POLICE, fact),
    'naming no message': router.state(POLICE, { staat: 'geweigerd', dig: fact.dig }),
    'signed by another than it says': router.state(POLICE, fact, {
      oin: VT,
      signing: (await identity('halt')).signing,
    }),
  };
  for (const [name, made] of Object.entries(wrong)) {
    const jws = await made;
    const refusal = await refused(jws);
    const codes = ['receipt-invalid', 'certificate-unknown'];
    assert.ok(codes.includes(refusal.code), `${name}: ${refusal.code}`);
    assert.is(police.rooms.store.evidence.content(digestOf(jws)), jws, name);
  }
  assert.is(track(jti).ontvangers[0]?.staat, 'wacht');
});

test('one bit flipped anywhere in a receipt is refused', async () => {
  const { fact } = await sent();
  const jws = await stand.door.router.state(POLICE, fact, await identity('vt'));
  const [head = '', body = '', signature = ''] = jws.split('.');
  for (const at of [0, 1, 2]) {
    const parts = [head, body, signature].map((part) => Buffer.from(part, 'base64url'));
    const part = parts[at] ?? Buffer.alloc(0);
    part[10] = (part[10] ?? 0) ^ 1;
    await refused(parts.map((one) => one.toString('base64url')).join('.'));
  }
});

test('a receipt that overtakes the acceptance waits for it, and then counts', async () => {
  const vt = await identity('vt');
  let overtaking: Promise<unknown> = Promise.resolve();
  stand.door.router.mischief.acceptance = (fact) => {
    const own = { ...fact, staat: 'afgeleverd' as const, ontvanger: toUrn(VT) };
    const { ontvangers: _, waarmerk: __, ...delivered } = own;
    overtaking = stand.door.router
      .state(POLICE, delivered, vt)
      .then((jws) => confirm(police.rooms, jws))
      .then(({ counted }) => assert.not.ok(counted));
    return fact;
  };
  // The acceptance is held back until the other one is in.
  stand.door.fault = (method, path) =>
    `${method} ${path}` === 'POST /v1/berichten' ? { how: 'mute' } : undefined;
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => row(bericht).attempts === 1);
  await overtaking;
  assert.is(row(bericht).state, 'ingediend');
  stand.door.fault = () => undefined;
  delete stand.door.router.mischief.acceptance;
  stand.clock.move(2);
  police.rooms.rings.outbox();
  await until('both to count', () => row(bericht).state === 'afgerond');
  assert.is(track(bericht).ontvangers[0]?.staat, 'afgeleverd');
});

test('a receipt that is matched before the acceptance and stored after it counts', async () => {
  const vt = await identity('vt');
  const told: Promise<string>[] = [];
  stand.door.router.mischief.acceptance = (fact) => {
    const { ontvangers: _, waarmerk: __, ...own } = fact;
    const delivered = { ...own, staat: 'afgeleverd' as const, ontvanger: toUrn(VT) };
    told.push(stand.door.router.state(POLICE, fact));
    told.push(stand.door.router.state(POLICE, delivered, vt));
    return fact;
  };
  stand.door.fault = (method, path) =>
    `${method} ${path}` === 'POST /v1/berichten' ? { how: 'mute' } : undefined;
  const { bericht } = await post(police.rooms, report());
  await until('first attempt', () => row(bericht).attempts === 1);
  const [acceptance = '', delivered = ''] = await Promise.all(told);
  const matched = match(police.rooms, await authenticate(police.rooms, delivered));
  assert.not.ok(matched.counted);
  await confirm(police.rooms, acceptance);
  assert.is((await count(police.rooms, matched, undefined)).counted, true);
  assert.is(row(bericht).state, 'afgerond');
  stand.door.fault = () => undefined;
  delete stand.door.router.mischief.acceptance;
});

test('receipts that contradict each other are both kept and flagged', async () => {
  const { jti, fact } = await sent();
  const vt = await identity('vt');
  for (const staat of ['verwerkt', 'afgewezen'] as const) {
    await confirm(police.rooms, await stand.door.router.state(POLICE, { ...fact, staat }, vt));
  }
  const told = track(jti);
  assert.ok(told.ontvangers[0]?.tegenstrijdig);
  assert.is(told.ontvangers[0]?.staat, standing(['verwerkt', 'afgewezen']));
  assert.equal(
    told.tijdlijn.map(({ staat, tegenstrijdig = false }) => `${staat} ${tegenstrijdig}`),
    ['ingediend false', 'aanvaard false', 'verwerkt false', 'afgewezen true'],
  );
});

test('unreadable: the message is offered again soon, sealed anew', async () => {
  const { jti, fact } = await sent();
  const told = {
    ...fact,
    staat: 'onleesbaar' as const,
    dig: digestOf('what came'),
    code: 'unreadable' as const,
  };
  await confirm(police.rooms, await stand.door.router.state(POLICE, told, await identity('vt')));
  assert.is(track(jti).ontvangers[0]?.staat, 'onleesbaar');
  stand.clock.move(13);
  police.rooms.rings.outbox();
  await until('a second offer', () => stand.door.router.offers.get(jti) === 2);
});

test('receipts come by poll, are kept once, and the router is told that they were seen', async () => {
  const { jti, fact } = await sent();
  const jws = await stand.door.router.state(POLICE, fact, await identity('vt'));
  stand.door.router.mail.putReceipt(POLICE, jws);
  await until('the receipt', () => track(jti).staat === 'afgerond');
  await until('gezien', () => stand.door.router.mail.receiptsWaiting(POLICE) === 0);
});

test('under the id of a true receipt comes a false one: the true one stays in the mailbox, and counts', async () => {
  const { mail } = stand.door.router;
  const { jti, fact } = await sent();
  const jws = await stand.door.router.state(POLICE, fact, await identity('vt'));
  const forged = `${jws.split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`;
  mail.lent = true;
  mail.putReceipt(POLICE, jws);
  mail.lent = false;
  mail.putReceipt(POLICE, forged);
  await until('the proof', () => police.rooms.store.evidence.get(digestOf(forged)));
  // By the poll that brings this one, what was seen has been told.
  const next = await sent();
  mail.putReceipt(POLICE, await stand.door.router.state(POLICE, next.fact, await identity('vt')));
  await until('the next one', () => track(next.jti).staat === 'afgerond');
  assert.is(track(jti).ontvangers[0]?.staat, 'wacht');
  mail.giveAgain();
  await until('the true one', () => track(jti).staat === 'afgerond');
  await until('nothing under that id', () => mail.receiptsWaiting(POLICE) === 0);
});

test('what is authentic and does not count leaves the mailbox all the same, unless it was not for us', async () => {
  const { mail } = stand.door.router;
  const { fact } = await sent();
  const [vt, unknown] = [await identity('vt'), { ...fact, bericht: newUuid7(stand.clock.now()) }];
  mail.putReceipt(POLICE, await stand.door.router.state(AGENCIES.halt.oin, fact, vt));
  mail.putReceipt(POLICE, await stand.door.router.state(POLICE, unknown, vt));
  await until('one of them left', () => mail.receiptsWaiting(POLICE) === 1);
});

test('what was seen is signed, in a ticket for one poll, and not in the one that lasts', async () => {
  const { router } = stand.door;
  const shown: string[] = [];
  const collect = router.collect.bind(router);
  router.collect = (mailbox, asked) => {
    if (mailbox === POLICE) shown.push(asked.bewijs);
    return collect(mailbox, asked);
  };
  const listed = (ticket: string) =>
    checkWire('ophaalbewijs', readJws(ticket, TYP.ticket).claims).gezien ?? [];
  const { jti, fact } = await sent();
  const jws = await router.state(POLICE, fact, await identity('vt'));
  const note = toNoteId(VT, readJws(jws, TYP.receipt).claims['jti'] as Uuid7);
  const before = await police.rooms.ticket.fresh();
  router.mail.putReceipt(POLICE, jws);
  await until('the receipt', () => track(jti).staat === 'afgerond');
  await until('a ticket that lists it', () => shown.some((one) => listed(one).includes(note)));
  router.collect = collect;
  assert.is(await police.rooms.ticket.fresh(), before);
  assert.equal(listed(before), []);
});

test('receipts lost on the way are fetched when the router says that it has the message', async () => {
  const { jti, fact } = await sent();
  const record = stand.door.router.records.get(jti);
  record?.receipts.push(await stand.door.router.state(POLICE, fact, await identity('vt')));
  stand.clock.move(13);
  police.rooms.rings.outbox();
  await until('the receipt', () => track(jti).staat === 'afgerond');
});

test('checkpoints of the ledger are kept as witnesses; two heads for one size are an alarm', async () => {
  const { store } = police.rooms;
  const before = [...store.witnesses.all()].length;
  assert.ok(before > 0);
  const { jti, fact } = await sent();
  const size = [...store.witnesses.all()].at(-1)?.size ?? 0;
  const waarmerk = await stand.door.router.checkpoint(size, digestOf('another history'));
  const again: Feit = { ...fact, staat: 'aanvaard', ontvangers: [toUrn(VT)], waarmerk };
  delete again.ontvanger;
  await confirm(police.rooms, await stand.door.router.state(POLICE, again));
  assert.is(store.witnesses.at(stand.door.router.identity.oin, size).length, 2);
  assert.is(store.evidence.list(100).filter(({ kind }) => kind === 'waarmerk').length, 2);
  assert.ok(stand.log.some((line) => line.includes('two histories')));
  assert.is(row(jti).state, 'aanvaard');
});

test('a checkpoint that another signed is no witness, and does not undo the acceptance', async () => {
  const { store } = police.rooms;
  const halt = await identity('halt');
  const { sign } = await import('../../certs/sign.ts');
  const claims = {
    iss: toUrn(stand.door.router.identity.oin),
    iat: 1,
    omvang: 9999,
    hoofd: digestOf('x'),
  };
  const forged = await sign(claims, 'ketenpost-waarmerk+jwt', halt.signing);
  stand.door.router.mischief.acceptance = (fact) => ({ ...fact, waarmerk: forged });
  const { jti } = await sent();
  delete stand.door.router.mischief.acceptance;
  assert.is(row(jti).state, 'aanvaard');
  assert.not.ok([...store.witnesses.all()].some((one) => one.size === 9999));
});

test.run();
