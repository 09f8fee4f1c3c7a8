/** Collecting: with which ticket, by whom, how much, and what becomes of what was brought along. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import type { Bus, Log } from '../../router/bus/bus.ts';
import { Mailboxes } from '../../router/mailboxes.ts';
import { newUuid7, toNoteId, toUrn } from '../../schemas/ids.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { until } from '../town/wait.ts';
import { changing, type House, openHouse } from './house.ts';
import { accepted, body, type Player } from './player.ts';

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

/** @returns the code of the no, or nothing */
async function poll(by: Player, bewijs: string, postbus = vt.oin): Promise<string | undefined> {
  const answer = await by.ask('collect', { peer: by.oin, postbus, verzoek: { bewijs } });
  return answer.ok ? undefined : answer.problem.code;
}

test('a ticket opens the mailbox of its signer, for the one router, for some minutes', async () => {
  const now = Math.floor(house.clock.now() / 1000);
  assert.is(await poll(vt, await vt.ticket()), undefined);
  const wrong: [why: string, ticket: object][] = [
    ['for another mailbox', { postbus: toUrn(halt.oin) }],
    ['for another router', { aud: toUrn(halt.oin) }],
    ['ended', { iat: now - 400, exp: now - 1 }],
    ['for an hour', { exp: now + 3600 }],
    ['from the future', { iat: now + 120, exp: now + 300 }],
  ];
  for (const [why, given] of wrong) {
    assert.is(await poll(vt, await vt.ticket(given)), 'ticket-invalid', why);
  }
  assert.is(await poll(vt, await vt.ticket({ more: 1 })), 'schema-invalid');
  assert.is(await poll(vt, 'a.b.c'), 'malformed');
  assert.is(await poll(vt, 'no ticket'), 'schema-invalid');
});

test('nobody reads the mailbox of another: not with its own ticket, and not with a stolen one', async () => {
  const own = await halt.ticket();
  const signedForVt = await halt.ticket({ postbus: toUrn(vt.oin) });
  const stolen = await vt.ticket();
  assert.is(await poll(halt, own), 'ticket-invalid');
  assert.is(await poll(halt, signedForVt), 'ticket-invalid');
  assert.is(await poll(halt, stolen), 'issuer-mismatch');
  // Known to the router by now, it opens nothing to another still.
  assert.is(await poll(vt, stolen), undefined);
  assert.is(await poll(halt, stolen), 'ticket-invalid');
});

test('with a mandate another may collect, with a ticket of either', async () => {
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [halt.oin] })));
  assert.is(await poll(halt, await halt.ticket({ postbus: toUrn(vt.oin) })), undefined);
  const remembered = await vt.ticket();
  assert.is(await poll(halt, remembered), undefined);
  const listing = await halt.ticket({
    postbus: toUrn(vt.oin),
    gezien: [toNoteId(OPERATOR.oin, newUuid7(1))],
  });
  assert.is(await poll(halt, listing), undefined);
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [] })));
  assert.is(await poll(halt, remembered), 'ticket-invalid');
});

test('the mandate of who is suspended, or whose agreement ended, opens nothing', async () => {
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [halt.oin] })));
  const [own, given] = [await halt.ticket({ postbus: toUrn(vt.oin) }), await vt.ticket()];
  assert.is(await poll(halt, given), undefined);
  const { claims } = await vt.send({ aud: [toUrn(halt.oin)] });
  assert.is(
    (await halt.ask('status', { peer: halt.oin, bewijs: own, bericht: claims.jti })).ok,
    true,
  );
  for (const change of [{ status: 'geschorst' }, { tot: '2026-01-02' }] as const) {
    await house.register(changing(halt.oin, (draft) => ({ ...draft, ...change })));
    assert.is(await poll(halt, own), 'ticket-invalid');
    assert.is(await poll(halt, given), 'ticket-invalid');
    const asked = await halt.ask('status', { peer: halt.oin, bewijs: own, bericht: claims.jti });
    assert.is(asked.ok, false);
    const offered = await halt.ask('receipt', {
      peer: halt.oin,
      ontvangstbewijs: await vt.receipt(await vt.sign(vt.claims()), 'afgeleverd'),
    });
    assert.is(!offered.ok && offered.problem.code, 'issuer-mismatch');
    await house.register(
      changing(halt.oin, ({ tot: _, ...draft }) => ({ ...draft, status: 'actief' })),
    );
  }
  assert.is(await poll(halt, own), undefined);
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [] })));
});

test('a ticket says whose messages are asked about: those of the agency that it names', async () => {
  const { claims } = await vt.send({ aud: [toUrn(halt.oin)] });
  const about = { bericht: claims.jti };
  const all = { kant: 'verzonden', sinds: 0, na: 0 } as const;
  const asks = async (peer: Player, bewijs: string): Promise<string[]> => {
    const answers = await Promise.all([
      halt.ask('status', { peer: peer.oin, bewijs, ...about }),
      halt.ask('receipts', { peer: peer.oin, bewijs, ...about }),
      halt.ask('history', { peer: peer.oin, bewijs, ...all }),
    ]);
    return answers.map((one) => (one.ok ? 'told' : one.problem.code));
  };
  const none = ['ticket-invalid', 'ticket-invalid', 'ticket-invalid'];
  const other = ['issuer-mismatch', 'issuer-mismatch', 'issuer-mismatch'];
  assert.equal(await asks(vt, await vt.ticket()), ['told', 'told', 'told']);
  assert.equal(await asks(halt, await halt.ticket()), ['not-found', 'not-found', 'told']);
  const named = { postbus: toUrn(vt.oin) };
  assert.equal(await asks(halt, await halt.ticket(named)), none, 'without a mandate');
  assert.equal(await asks(vt, await halt.ticket(named)), other);
  assert.equal(await asks(halt, await vt.ticket()), other);
  const now = Math.floor(house.clock.now() / 1000);
  assert.equal(await asks(vt, await vt.ticket({ iat: now - 500, exp: now - 1 })), none);
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [halt.oin] })));
  assert.equal(await asks(halt, await halt.ticket(named)), ['told', 'told', 'told']);
  assert.equal(await asks(halt, await vt.ticket()), ['told', 'told', 'told']);
  assert.equal(await asks(halt, await halt.ticket()), ['not-found', 'not-found', 'told']);
  await house.register(changing(vt.oin, (draft) => ({ ...draft, mandaten: [] })));
  assert.equal(await asks(halt, await halt.ticket(named)), none);
});

test('what was taken is not given again at once, and what was not settled comes back', async () => {
  const { claims } = await police.send({});
  const first = await vt.collect({ maximum: 50 });
  assert.ok(first.afleveringen.some(({ bericht }) => bericht === claims.jti));
  const second = await vt.collect({ maximum: 50 });
  assert.not.ok(second.afleveringen.some(({ bericht }) => bericht === claims.jti));
});

test('a poll takes as many as it asks for, and says whether more may be left', async () => {
  const referral = {
    ...{ berichttype: 'halt-verwijzing', grondslag: 'bpg-4.2.1.f', aud: [toUrn(halt.oin)] },
    inhoud: body('halt-verwijzing', 'winkeldiefstal'),
  };
  for (let count = 0; count < 7; count++) accepted(await police.send(referral));
  const [one, two] = [await halt.collect({ maximum: 5 }), await halt.collect({ maximum: 5 })];
  assert.equal([one.afleveringen.length, one.meer], [5, true]);
  assert.equal([two.afleveringen.length, two.meer], [2, false]);
});

test('what is given fits in one answer, and nothing is taken that is not given', async () => {
  const reclassering = await house.agency('reclassering');
  const text = 'A'.repeat(590_000);
  const label = { recipient: reclassering.oin, prio: 'normaal', from: police.oin } as const;
  for (let count = 0; count < 12; count++) {
    const id = newUuid7(house.clock.now());
    const kind = { kind: 'aflevering', dig: digestOf(id) } as const;
    await house.rooms.mailboxes.store({ ...label, ...kind, id }, text);
  }
  const given: number[] = [];
  for (let more = true; more; ) {
    const { afleveringen, meer } = await reclassering.collect({ maximum: 50 });
    assert.ok(JSON.stringify(afleveringen).length < 3_500_000);
    given.push(afleveringen.length);
    more = meer;
  }
  assert.is(
    given.reduce((sum, one) => sum + one, 0),
    12,
  );
  assert.ok(given.length <= 4, `${given}`);
});

test('each receipt that is brought has its own outcome, and none keeps the mail back', async () => {
  const one = await police.send({});
  const good = await vt.receipt(one.jws, 'afgeleverd');
  const bad = await vt.receipt(one.jws, 'aanvaard');
  await police.send({});
  const { uitslagen, afleveringen } = await vt.collect({
    ...{ maximum: 50, ontvangstbewijzen: [bad, good] },
  });
  assert.equal(
    uitslagen.map(({ dig, aangenomen, code }) => [dig, aangenomen, code]),
    [
      [digestOf(bad), false, 'receipt-invalid'],
      [digestOf(good), true, undefined],
    ],
  );
  assert.ok(afleveringen.length > 0);
});

test('gezien removes receipts, and never a delivery', async () => {
  const { jws, claims } = await police.send({});
  await vt.collect({ gezien: [police, vt].map(({ oin }) => toNoteId(oin, claims.jti)) });
  const place = { recipient: vt.oin, prio: 'spoed', from: police.oin, id: claims.jti } as const;
  assert.is(await house.rooms.mailboxes.has(place), true);
  const jti = newUuid7(house.clock.now());
  await vt.collect({ ontvangstbewijzen: [await vt.receipt(jws, 'verwerkt', { claims: { jti } })] });
  const count = () => house.rooms.bus.log('MAILBOX').count(`mailbox.v1.${police.oin}.*.*.${jti}.*`);
  assert.is(await count(), 1);
  await vt.collect({ gezien: [toNoteId(vt.oin, jti)] });
  assert.is(await count(), 1);
  await police.collect({ gezien: [toNoteId(OPERATOR.oin, jti)] });
  assert.is(await count(), 1, 'of that id another signed nothing');
  await police.collect({ gezien: [toNoteId(vt.oin, jti)] });
  assert.is(await count(), 0);
});

test('what was given by another pipeline is found by its exact places: no id of a ticket walks over all mailboxes', async () => {
  const { bus, mailboxes } = house.rooms;
  let walks = 0;
  const log: Bus['log'] = (name) => {
    const next: Log['next'] = (...asked) => {
      walks++;
      return bus.log(name).next(...asked);
    };
    return { ...bus.log(name), next };
  };
  const elsewhere = new Mailboxes({ ...bus, log }, 60_000);
  for (const kind of ['ontvangstbewijs', 'alarm', 'mededeling'] as const)
    for (const prio of ['spoed', 'normaal'] as const) {
      const id = newUuid7(house.clock.now());
      const place = { recipient: halt.oin, prio, from: vt.oin, id };
      await mailboxes.store({ ...place, kind, dig: digestOf(id) }, kind);
      const lies = () => bus.log('MAILBOX').count(`mailbox.v1.${halt.oin}.*.*.${id}.*`);
      assert.is(await lies(), 1);
      await elsewhere.removeSeen(halt.oin, toNoteId(vt.oin, id));
      assert.is(await lies(), 0, `${kind} ${prio}`);
    }
  assert.is(walks, 0);
});

test('what a ticket lists is removed with the first question of a poll, and each time that it is shown', async () => {
  const jti = newUuid7(house.clock.now());
  const label = { recipient: vt.oin, prio: 'spoed', from: OPERATOR.oin, id: jti } as const;
  const put = () =>
    house.rooms.mailboxes.store({ ...label, kind: 'alarm', dig: digestOf(jti) }, 'alarm');
  const lies = () => house.rooms.bus.log('MAILBOX').count(`mailbox.v1.${vt.oin}.*.*.${jti}.*`);
  const note = toNoteId(OPERATOR.oin, jti);
  const bewijs = await vt.ticket({ gezien: [note, toNoteId(vt.oin, newUuid7(1))] });
  const ask = { peer: vt.oin, postbus: vt.oin, verzoek: { bewijs } };
  for (const round of ['first', 'shown again']) {
    await put();
    assert.is((await vt.ask('collect', { ...ask, vervolg: true })).ok, true);
    assert.is(await lies(), 1, `${round}: a later question of the poll`);
    assert.is((await vt.ask('collect', ask)).ok, true);
    assert.is(await lies(), 0, round);
  }
  // It is not remembered: one that is would be ticket-invalid to another.
  assert.is(await poll(halt, bewijs), 'issuer-mismatch');
  const many = Array.from({ length: 101 }, (_, at) => toNoteId(OPERATOR.oin, newUuid7(at + 1)));
  assert.is(await poll(vt, await vt.ticket({ gezien: many })), 'schema-invalid');
  assert.is(await poll(vt, await vt.ticket({ gezien: [note, note] })), 'schema-invalid');
  assert.is(await poll(vt, await vt.ticket({ gezien: [jti] })), 'schema-invalid');
  assert.is(await poll(vt, await vt.ticket({ gezien: many.slice(1) })), undefined);
});

test('a sign is given to whom something came for', async () => {
  const signs: string[] = [];
  const stop = house.broker.buses.door.listen('notice.v1.*', (subject) => void signs.push(subject));
  const { jws } = await police.send({});
  await until('the sign for Veilig Thuis', () => signs.includes(`notice.v1.${vt.oin}`));
  await vt.collect({ ontvangstbewijzen: [await vt.receipt(jws, 'afgeleverd')] });
  await until('the sign for the police', () => signs.includes(`notice.v1.${police.oin}`));
  stop();
});

test('a ticket that was used goes on only while its certificate is good', async () => {
  const rvdk = await house.agency('rvdk');
  const ticket = await rvdk.ticket();
  assert.is(await poll(rvdk, ticket, rvdk.oin), undefined);
  await house.keys.authority.revoke(rvdk.identity.signing.x5t);
  await house.trust.revocations.refresh();
  assert.is(await poll(rvdk, ticket, rvdk.oin), 'certificate-revoked');
});

test('a question that is no question is a bad request, and a fault of ours is not told', async () => {
  const { door } = house.broker.buses;
  const ask = async (subject: string, text: string) =>
    JSON.parse(
      Buffer.from(await door.ask(subject, Buffer.from(text), { timeoutMs: 60_000 })).toString(),
    ).problem.code;
  assert.is(await ask('ask.v1.status', '{"peer":"x","bericht":"y"}'), 'bad-request');
  assert.is(await ask('ask.v1.status', 'nothing'), 'malformed');
  const of = (oin: string) => `{"peer":"${AGENCIES.politie.oin}","oin":"${oin}"}`;
  assert.is(await ask('ask.v1.certificates', of('00000099000000099000')), 'not-found');
  assert.is(await ask('ask.v1.collect', of(OPERATOR.oin)), 'schema-invalid');
});

test.run();
