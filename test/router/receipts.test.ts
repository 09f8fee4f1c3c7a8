/** Receipts from recipients: which count, which do not, and what they do to copy, sender and ledger. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DAY } from '../../certs/authority/issuers.ts';
import { digestOf } from '../../certs/digest.ts';
import { loadSigningKey } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import { readJws } from '../../certs/verify.ts';
import { acceptReceipt } from '../../router/receipts/accept.ts';
import { readFact } from '../../router/receipts/read-fact.ts';
import { MOST_ANEW } from '../../router/receipts.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import { noteOf } from '../town/note-of.ts';
import { changing, type House, openHouse } from './house.ts';
import { accepted, type Player } from './player.ts';

let house: House;
let police: Player;
let vt: Player;
let halt: Player;
test.before(async () => {
  house = await openHouse();
  [police, vt, halt] = await Promise.all([
    house.agency('politie'),
    house.agency('vt'),
    house.agency('halt'),
  ]);
});
test.after(() => house.stop());

async function sent() {
  const message = await police.send({});
  accepted(message);
  return message;
}

/** @returns the code of the no, or nothing */
async function offer(jws: string, by: Player = vt, peer = by.oin): Promise<string | undefined> {
  const answer = await by.ask('receipt', { peer, ontvangstbewijs: jws });
  return answer.ok ? undefined : answer.problem.code;
}

/** What lies in the mailbox of the sender, taken and seen. */
async function mailOfPolice(): Promise<string[]> {
  const { ontvangstbewijzen } = await police.collect({ maximum: 50 });
  await police.collect({ gezien: ontvangstbewijzen.map(noteOf) });
  return ontvangstbewijzen;
}

const entriesOf = async (kind: string, jws: string) =>
  (await house.ledger(kind)).filter((entry) => entry['ontvangstbewijs'] === digestOf(jws));

test('a receipt counts once: the same again is the same success, and is not passed on again', async () => {
  const { jws } = await sent();
  const receipt = await vt.receipt(jws, 'afgeleverd');
  assert.is(await offer(receipt), undefined);
  assert.equal(await mailOfPolice(), [receipt]);
  assert.is(await offer(receipt), undefined);
  assert.equal(await mailOfPolice(), []);
  assert.is((await entriesOf('ontvangstbewijs', receipt)).length, 1);
});

test('of one state the first word stands', async () => {
  const { jws, claims } = await sent();
  const [first, second] = [await vt.receipt(jws, 'verwerkt'), await vt.receipt(jws, 'verwerkt')];
  assert.is(await offer(first), undefined);
  assert.is(await offer(second), undefined);
  assert.equal(await mailOfPolice(), [first]);
  assert.is(await house.rooms.receipts.find(police.oin, claims.jti, vt.oin, 'verwerkt'), first);
});

test('states may come in any order that makes sense, and all reach the sender', async () => {
  const { jws } = await sent();
  const later = await vt.receipt(jws, 'verwerkt');
  const earlier = await vt.receipt(jws, 'afgeleverd');
  assert.is(await offer(later), undefined);
  assert.is(await offer(earlier), undefined);
  assert.equal(await mailOfPolice(), [later, earlier]);
  const told = [
    ...(await entriesOf('ontvangstbewijs', later)),
    ...(await entriesOf('ontvangstbewijs', earlier)),
  ];
  assert.equal(
    told.map((entry) => entry['strijdig']),
    [undefined, undefined],
  );
});

test('contradictions are kept, passed on, and flagged in the ledger', async () => {
  const { jws, claims } = await sent();
  const [done, rejected] = [await vt.receipt(jws, 'verwerkt'), await vt.receipt(jws, 'afgewezen')];
  assert.is(await offer(done), undefined);
  assert.is(await offer(rejected), undefined);
  assert.equal(await mailOfPolice(), [done, rejected]);
  const [entry] = await entriesOf('ontvangstbewijs', rejected);
  assert.is(entry?.['strijdig'], true);
  const kept = await house.rooms.receipts.of(police.oin, claims.jti, [vt.oin]);
  assert.equal(
    kept.map(({ state }) => state),
    ['verwerkt', 'afgewezen'],
  );
});

test('contradictions that two pipelines take at the same time are flagged', async () => {
  const other = await house.pipeline((bus) => ({
    ...bus,
    serve: async () => async () => undefined,
  }));
  for (let turn = 0; turn < 5; turn++) {
    const { jws, claims } = await sent();
    const [done, rejected] = [
      await vt.receipt(jws, 'verwerkt'),
      await vt.receipt(jws, 'afgewezen'),
    ];
    await Promise.all([
      acceptReceipt(house.rooms, vt.oin, done),
      acceptReceipt(other.rooms, vt.oin, rejected),
    ]);
    const entries = (await house.ledger('ontvangstbewijs')).filter(
      ({ bericht, strijdig }) => bericht === claims.jti && strijdig === true,
    );
    assert.ok(entries.length >= 1);
  }
  await mailOfPolice();
  await other.stop();
});

test('what is refused is refused with a reason, keeps the copy, and stands in the ledger', async () => {
  const { jws, claims } = await sent();
  const other = await sent();
  const about = (fact: object, given: object = {}) =>
    vt.receipt(jws, 'afgeleverd', { fact, claims: given });
  const now = Math.floor(house.clock.now() / 1000);
  const wrong: [why: string, receipt: string][] = [
    ['another digest', await about({ dig: digestOf(other.jws) })],
    ['no digest of anything', await about({ dig: digestOf('') })],
    ['a message that is not there', await about({ bericht: newUuid7(1) })],
    ['no message', await about({ bericht: undefined })],
    ['another sender', await about({}, { aud: toUrn(halt.oin) })],
    ['sender and aud differ', await about({ afzender: toUrn(halt.oin) })],
    ['the copy of another', await about({ ontvanger: toUrn(halt.oin) })],
    ['from the future', await about({}, { iat: now + 300 })],
    ['by one not addressed', await halt.receipt(jws, 'afgeleverd')],
    ...(await Promise.all(
      (['aanvaard', 'geweigerd', 'onbestelbaar'] as State[]).map(
        async (state): Promise<[string, string]> => [state, await vt.receipt(jws, state)],
      ),
    )),
  ];
  for (const [why, receipt] of wrong) {
    const by = why === 'by one not addressed' ? halt : vt;
    const code = why === 'from the future' ? 'stale' : 'receipt-invalid';
    assert.is(await offer(receipt, by), code, why);
    assert.is((await entriesOf('ontvangstbewijs-geweigerd', receipt)).length, 1, why);
  }
  assert.equal(await mailOfPolice(), []);
  const place = { recipient: vt.oin, prio: 'spoed', from: police.oin, id: claims.jti } as const;
  assert.is(await house.rooms.mailboxes.has(place), true);
});

test('a receipt counts from its issuer, or from who has its mandate, with its own signature', async () => {
  const { jws } = await sent();
  const receipt = await vt.receipt(jws, 'afgeleverd');
  assert.is(await offer(receipt, halt), 'issuer-mismatch');
  const [head, claims] = receipt.split('.');
  assert.is(await offer(`${head}.${claims}.${'A'.repeat(86)}`), 'signature-invalid');
  assert.is(await offer('not a receipt'), 'malformed');
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [halt.oin] })));
  assert.is(await offer(receipt, halt), undefined);
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [] })));
  assert.equal(await mailOfPolice(), [receipt]);
});

test('a receipt that was made by a clock ahead of ours counts when its time has come', async () => {
  const { jws } = await sent();
  const iat = Math.floor(house.clock.now() / 1000) + 300;
  const receipt = await vt.receipt(jws, 'afgeleverd', { claims: { iat } });
  assert.is(await offer(receipt), 'stale');
  house.clock.ahead = 300_000;
  assert.is(await offer(receipt), undefined);
  house.clock.ahead = 0;
  assert.equal(await mailOfPolice(), [receipt]);
});

test('a receipt whose certificate ended before it came is refused, and counts when signed anew', async () => {
  const notBefore = house.clock.now() - DAY + 600_000;
  const about = { oin: vt.oin, name: 'Veilig Thuis', use: 'authenticiteit', key: 'ec' } as const;
  const issued = await house.keys.authority.issue({ ...about, days: 1, notBefore });
  const { x5t, der } = issued.certificate;
  const der64 = der.toString('base64');
  await house.register(
    changing(vt.oin, (draft) => ({
      ...draft,
      certificaten: [...draft.certificaten, { gebruik: 'authenticiteit', x5t, der: der64 }],
    })),
  );
  const ending = await loadSigningKey(issued.source);
  const { jws } = await sent();
  const draft = await vt.receipt(jws, 'afgeleverd');
  const late = await sign(readJws(draft, TYP.receipt).claims, TYP.receipt, ending);
  house.clock.ahead = 660_000;
  assert.is(await offer(late), 'certificate-expired');
  const anew = await vt.receipt(jws, 'afgeleverd');
  assert.is(await offer(anew), undefined);
  assert.equal(await mailOfPolice(), [anew]);
  house.clock.ahead = 0;
});

test('two receipts under one id are not both passed on', async () => {
  const [one, two] = [await sent(), await sent()];
  const jti = newUuid7(house.clock.now());
  const first = await vt.receipt(one.jws, 'afgeleverd', { claims: { jti } });
  const second = await vt.receipt(two.jws, 'afgeleverd', { claims: { jti } });
  assert.is(await offer(first), undefined);
  assert.is(await offer(second), 'receipt-invalid');
  assert.equal(await mailOfPolice(), [first]);
});

test('who could not open its copy states what it got', async () => {
  const { jws } = await sent();
  const [item] = (await vt.collect({ maximum: 50 })).afleveringen.slice(-1);
  const receipt = await vt.receipt(jws, 'onleesbaar', {
    fact: { dig: digestOf(item?.inhoud ?? '') },
  });
  assert.is(await offer(receipt), undefined);
  assert.equal(await mailOfPolice(), [receipt]);
});

test('a recipient that goes on saying that it cannot read fills no mailbox but its own', async () => {
  const { jws, claims } = await sent();
  const say = async (n: number) => {
    const fact = { dig: digestOf(`copy ${n}`) };
    return offer(await vt.receipt(jws, 'onleesbaar', { fact }));
  };
  for (let n = 0; n < MOST_ANEW + 5; n++) assert.is(await say(n), undefined);
  const mail = await mailOfPolice();
  assert.is(mail.filter((one) => readFact(one).bericht === claims.jti).length, MOST_ANEW);
  assert.is(await offer(await vt.receipt(jws, 'afgeleverd')), undefined, 'what settles it counts');
  assert.is((await mailOfPolice()).length, 1);
});

test('after each fall on the way of a receipt the same receipt does the rest', async () => {
  for (const log of ['LEDGER', 'MAILBOX', 'RECEIPT'] as const) {
    const { jws, claims } = await sent();
    const receipt = await vt.receipt(jws, 'afgeleverd');
    const { rooms, stop } = await house.pipeline((bus) => ({
      ...bus,
      serve: async () => async () => undefined,
      log: (name) =>
        name === log
          ? { ...bus.log(name), put: () => Promise.reject(new Error('fell')) }
          : bus.log(name),
    }));
    try {
      await acceptReceipt(rooms, vt.oin, receipt);
      assert.unreachable(log);
    } catch (error) {
      assert.is((error as Error).message, 'fell');
    }
    await stop();
    assert.is(await offer(receipt), undefined);
    assert.equal(await mailOfPolice(), [receipt], log);
    const place = { recipient: vt.oin, prio: 'spoed', from: police.oin, id: claims.jti } as const;
    assert.is(await house.rooms.mailboxes.has(place), false, log);
  }
});

test('a copy that could not be read goes at the same receipt, when it could not be taken away at first', async () => {
  const { jws, jwe, claims } = await sent();
  const receipt = await vt.receipt(jws, 'onleesbaar', { fact: { dig: digestOf('a JWE') } });
  const { rooms, stop } = await house.pipeline((bus) => ({
    ...bus,
    serve: async () => async () => undefined,
    log: (name) => ({ ...bus.log(name), erase: () => Promise.reject(new Error('fell')) }),
  }));
  const fell = await acceptReceipt(rooms, vt.oin, receipt).catch((error: Error) => error.message);
  assert.is(fell, 'fell');
  await stop();
  assert.is(await offer(receipt), undefined);
  const place = { recipient: vt.oin, prio: 'spoed', from: police.oin, id: claims.jti } as const;
  assert.is(await house.rooms.mailboxes.has(place), false);
  accepted(await police.offer(jwe));
  assert.is(await house.rooms.mailboxes.has(place), true, 'sealed anew');
  assert.is(await offer(receipt), undefined);
  assert.is(await house.rooms.mailboxes.has(place), true, 'the old word is not about the new copy');
  assert.equal(await mailOfPolice(), [receipt]);
});

test('a receipt is never answered with a receipt', async () => {
  const { jws } = await sent();
  const receipt = await vt.receipt(jws, 'afgeleverd');
  await offer(receipt);
  const [mine] = await mailOfPolice();
  const about = await police.receipt(jws, 'afgeleverd', {
    claims: { aud: toUrn(vt.oin) },
    fact: { afzender: toUrn(vt.oin), dig: digestOf(mine ?? '') },
  });
  assert.is(await offer(about, police), 'receipt-invalid');
  assert.is(
    await house.rooms.bus
      .log('MAILBOX')
      .count(
        `mailbox.v1.${AGENCIES.vt.oin}.*.${police.oin}.${readJws(receipt, TYP.receipt).claims['jti']}.*`,
      ),
    0,
  );
});

test.run();
