/** What the thief of the door's place on the bus tries there, and that the pipeline goes on. */
import { readFileSync } from 'node:fs';
import { connect, headers, type NatsConnection, nkeyAuthenticator } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { QUESTIONS } from '../../router/bus/subjects.ts';
import { ROUTE_HEADERS } from '../../router/questions.ts';
import {
  fromNoteId,
  type NoteId,
  newUuid7,
  type Oin,
  toNoteId,
  toUrn,
  type Uuid7,
} from '../../schemas/ids.ts';
import { type House, openHouse } from '../router/house.ts';
import { accepted, type Player } from '../router/player.ts';
import { subscriberOf } from '../router/subscriptions/subscriber.ts';
import { OPERATOR } from '../town/agencies.ts';
import { noteOf } from '../town/note-of.ts';
import { saw } from './saw.ts';

let house: House;
let police: Player;
let vt: Player;
let thief: NatsConnection;
test.before(async () => {
  house = await openHouse();
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
  const { broker } = house;
  thief = await connect({
    servers: [...broker.servers],
    authenticator: nkeyAuthenticator(new Uint8Array(readFileSync(broker.seed('door')))),
    tls: { ca: readFileSync(broker.ca, 'utf8') },
    inboxPrefix: '_INBOX_door',
  });
});
test.after(async () => {
  await thief.close();
  await house.stop();
});

/** The whole way once: what an honest agency notices of the thief. */
async function goesThrough(): Promise<void> {
  const sent = await police.send({});
  accepted(sent);
  const { afleveringen } = await vt.collect({ maximum: 50 });
  assert.ok(afleveringen.some(({ bericht }) => bericht === sent.claims.jti));
  const receipt = await vt.receipt(sent.jws, 'afgeleverd');
  const given = await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt });
  assert.is(given.ok, true);
}

test('D6 an answer that is to go to the inbox of another role stops nothing', async () => {
  for (const inbox of ['_INBOX_pipeline.a', '_INBOX_pipeline.a.b', '_INBOX_admin.a', '_INBOX_door'])
    for (const subject of ['route.v1.spoed', ...QUESTIONS.map((one) => `ask.v1.${one}`)])
      thief.publish(subject, '{}', { reply: inbox });
  await thief.flush();
  await goesThrough();
  saw('D6', '(not answered)');
});

test('D7 questions of any shape are answered without a word of what was in them', async () => {
  const secret = 'Jansen-999990019';
  const shapes = [
    '',
    'null',
    '[]',
    secret,
    `{"peer":"${secret}"}`,
    `{"peer":"${police.oin}","peer":"${vt.oin}"}`,
    `{"__proto__":{"peer":"${police.oin}"},"bericht":"${secret}"}`,
    `{"peer":"${police.oin}","ontvangstbewijs":{"a":"${secret}"}}`,
    `{"peer":"${police.oin}","postbus":"${vt.oin}","verzoek":{"bewijs":"${secret}"}}`,
    `{"der":["${secret}"]}`,
    '['.repeat(200_000),
    `{"der":"${'A'.repeat(900_000)}"}`,
  ];
  for (const question of QUESTIONS)
    for (const shape of shapes) {
      const reply = await thief.request(`ask.v1.${question}`, shape, { timeout: 60_000 });
      assert.not.match(reply.string(), secret, question);
    }
  assert.not.match(JSON.stringify(house.lines), secret);
  await goesThrough();
  saw('D7', '(not a word of it)');
});

/** Puts a submission on the bus as the door would, with whatever the thief says of the peer. */
async function route(jwe: string, peer: string, prio = 'spoed'): Promise<string> {
  const given = headers();
  given.set(ROUTE_HEADERS.peer, peer);
  given.set(ROUTE_HEADERS.prio, prio);
  const reply = await thief.request(`route.v1.${prio}`, jwe, { timeout: 60_000, headers: given });
  return codeIn(reply.string());
}
async function ask(question: string, of: object): Promise<string> {
  const reply = await thief.request(`ask.v1.${question}`, JSON.stringify(of), { timeout: 60_000 });
  return codeIn(reply.string());
}
function codeIn(text: string): string {
  const answer = JSON.parse(text);
  return answer.ok ? 'ok' : answer.problem.code;
}

test('D1 a message that the thief makes up, or takes from another, is not taken under a name that did not sign it', async () => {
  const halt = await house.agency('halt');
  const claims = police.claims();
  const inHaltsHand = await halt.sign(claims);
  const none = `${inHaltsHand.split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`;
  const genuine = await police.sign(claims);
  const tries: [jws: string, peer: Oin, code: string][] = [
    [inHaltsHand, police.oin, 'issuer-mismatch'],
    [none, police.oin, 'signature-invalid'],
    [genuine, halt.oin, 'issuer-mismatch'],
    ['e30.e30.AAAA', police.oin, 'malformed'],
  ];
  for (const [jws, peer, code] of tries) {
    assert.is(await route(await police.seal(jws), peer), code);
    saw('D1', code);
  }
  assert.is(await route(await police.seal(genuine), police.oin, 'normaal'), 'bad-request');
  assert.is(await house.rooms.ids.find(police.oin, claims.jti), undefined, 'no id is burnt');
  assert.is(await route(await police.seal(genuine), police.oin), 'ok');
});

test('D2 a receipt that the thief makes up does not count', async () => {
  const sent = await police.send({});
  const halt = await house.agency('halt');
  const good = await vt.receipt(sent.jws, 'verwerkt');
  const forged = `${good.split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`;
  const tries: [jws: string, peer: Oin, code: string][] = [
    [forged, vt.oin, 'signature-invalid'],
    [await halt.receipt(sent.jws, 'verwerkt'), halt.oin, 'receipt-invalid'],
    [await halt.receipt(sent.jws, 'verwerkt'), vt.oin, 'issuer-mismatch'],
    [
      await halt.receipt(sent.jws, 'verwerkt', { claims: { iss: toUrn(vt.oin) } }),
      vt.oin,
      'issuer-mismatch',
    ],
    [good, halt.oin, 'issuer-mismatch'],
  ];
  for (const [jws, peer, code] of tries) {
    assert.is(await ask('receipt', { peer, ontvangstbewijs: jws }), code);
    saw('D2', code);
  }
  const place = {
    recipient: vt.oin,
    prio: 'spoed',
    from: police.oin,
    id: sent.claims.jti,
  } as const;
  assert.is(await house.rooms.mailboxes.has(place), true, 'the copy is still there');
});

test('D4 no subscription, suspension, mandate or endpoint can be made up on the bus', async () => {
  const before = house.rooms.registry;
  const draft = JSON.stringify({ oin: police.oin, status: 'geschorst', mandaten: [vt.oin] });
  const writes = [
    '$KV.registry.current',
    '$KV.registry.entry.a',
    '$KV.pins.register',
    '$KV.abonnementen.a.b',
    'ledger.v1.register',
  ];
  let refused = 0;
  const status = thief.status();
  void (async () => {
    for await (const one of status) if (one.type === 'error') refused += 1;
  })();
  for (const subject of [...writes, 'mailbox.v1.a.spoed.b.c', 'receipt.v1.a.b.c.d', 'id.v1.a.b'])
    thief.publish(subject, draft);
  await thief.flush();
  await thief.flush();
  assert.is(refused, 8);
  saw('D4', '(permissions violation)');
  for (const question of ['suspend', 'register', 'endpoint', 'mandate']) {
    const failure = await thief
      .request(`ask.v1.${question}`, draft, { timeout: 2000 })
      .catch((e) => e);
    assert.instance(failure, Error, question);
  }
  const header = 'eyJhbGciOiJub25lIn0';
  const made = `${header}.${Buffer.from(draft).toString('base64url')}.AAAA`;
  assert.is.not(await ask('receipt', { peer: police.oin, ontvangstbewijs: made }), 'ok');
  assert.is(house.rooms.registry, before);
  assert.is(before.agency(police.oin)?.status, 'actief');
});

const idIn = (jws: string) =>
  JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()).jti;
/** How many receipts, alarms and notices of this id lie in a mailbox. */
const lying = (mailbox: Oin, id: string, from = '*') =>
  house.rooms.bus.log('MAILBOX').count(`mailbox.v1.${mailbox}.*.${from}.${id}.*`);
const collects = (by: Player, verzoek: object) =>
  ask('collect', { peer: by.oin, postbus: by.oin, verzoek });

test('D5 a thief with a ticket that passes by takes receipts and gives them to nobody, and the sender still gets them', async () => {
  const sent = await police.send({});
  const receipt = await vt.receipt(sent.jws, 'afgeleverd');
  assert.is(await ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt }), 'ok');
  const bewijs = await police.ticket();
  assert.is(await collects(police, { bewijs, maximum: 50 }), 'ok');
  assert.is(await lying(police.oin, idIn(receipt)), 1, 'on loan for a minute');
  const told = await police.ask('receipts', {
    peer: police.oin,
    bewijs: await police.ticket(),
    bericht: sent.claims.jti,
  });
  assert.ok(told.ok && told.value.ontvangstbewijzen.includes(receipt), 'asked for, it is given');
  // A copy for a recipient cannot be taken away even with a ticket that names it: only its own receipt does.
  const mine = await police.send({});
  const named = await vt.ticket({ gezien: [toNoteId(police.oin, mine.claims.jti)] });
  assert.is(await collects(vt, { bewijs: named }), 'ok');
  const place = {
    recipient: vt.oin,
    prio: 'spoed',
    from: police.oin,
    id: mine.claims.jti,
  } as const;
  assert.is(await house.rooms.mailboxes.has(place), true);
  saw('D5', '(asked for again)');
});

/** Puts a receipt, an alarm, a summary and something more into the mailbox of the police. @returns what they are named by */
async function mailForPolice(): Promise<NoteId[]> {
  const sent = await police.send({});
  const receipt = await vt.receipt(sent.jws, 'afgeleverd');
  assert.is(await ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt }), 'ok');
  const notes = [noteOf(receipt)];
  for (const kind of ['alarm', 'mededeling', 'mededeling'] as const) {
    const id = newUuid7(house.clock.now());
    const label = { recipient: police.oin, prio: 'spoed', from: OPERATOR.oin, id } as const;
    await house.rooms.mailboxes.store({ ...label, kind, dig: digestOf(id) }, id);
    notes.push(toNoteId(OPERATOR.oin, id));
  }
  return notes;
}

test('D12 a thief with tickets that pass by takes nothing out of a mailbox but what its owner said it has', async () => {
  const halt = await house.agency('halt');
  const [had, ...wanted] = (await mailForPolice()).reverse() as [NoteId, ...NoteId[]];
  const lies = (note: NoteId) => {
    const { signer, id } = fromNoteId(note);
    return lying(police.oin, id, signer);
  };
  const [plain, seen] = [await police.ticket(), await police.ticket({ gezien: [had] })];
  const [header, payload = '', signature] = seen.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const longer = Buffer.from(JSON.stringify({ ...claims, gezien: [had, ...wanted] }));
  const tries: [verzoek: object, code: string][] = [
    [{ bewijs: plain }, 'ok'],
    [{ bewijs: plain, gezien: wanted }, 'schema-invalid'],
    [{ bewijs: seen, gezien: wanted }, 'schema-invalid'],
    [{ bewijs: `${header}.${longer.toString('base64url')}.${signature}` }, 'signature-invalid'],
    [
      { bewijs: await halt.ticket({ postbus: toUrn(police.oin), gezien: wanted }) },
      'issuer-mismatch',
    ],
    // Shown as often as the thief likes, the genuine one takes away what it lists.
    ...[seen, seen, seen].map((bewijs): [object, string] => [{ bewijs }, 'ok']),
  ];
  for (const [verzoek, code] of tries) {
    assert.is(await collects(police, verzoek), code);
    saw('D12', code === 'ok' ? '(stays)' : code);
    for (const note of wanted) assert.is(await lies(note), 1, code);
  }
  assert.is(await lies(had), 0);
  await police.collect({ gezien: wanted });
  for (const note of wanted) assert.is(await lies(note), 0, 'its owner has it');
});

test('D12 an agency receipts under the id of an alarm: who says that it has the receipt, has not said that it has the alarm', async () => {
  const sent = await police.send({});
  await police.collect({ maximum: 50 });
  const jti = newUuid7(house.clock.now());
  const lane = { recipient: police.oin, prio: 'spoed', id: jti } as const;
  const alarm = { ...lane, from: OPERATOR.oin, kind: 'alarm', dig: digestOf(jti) } as const;
  await house.rooms.mailboxes.store(alarm, 'alarm');
  const receipt = await vt.receipt(sent.jws, 'afgeleverd', { claims: { jti } });
  assert.is(await ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt }), 'ok');
  assert.is(await lying(police.oin, jti), 2);
  await police.collect({ gezien: [noteOf(receipt)] });
  assert.is(await lying(police.oin, jti, vt.oin), 0);
  assert.is(await lying(police.oin, jti, OPERATOR.oin), 1);
  saw('D12', '(stays)');
});

test('D12 words that their agency never says it has seen hold up nothing: more than a page of them', async () => {
  const halt = await house.agency('halt');
  const mail = async (prio: 'spoed' | 'normaal') => {
    const id = newUuid7(house.clock.now());
    const label = { recipient: halt.oin, prio, from: OPERATOR.oin, id, kind: 'alarm' } as const;
    await house.rooms.mailboxes.store({ ...label, dig: digestOf(id) }, id);
    return id;
  };
  const bad: Uuid7[] = [];
  for (let n = 0; n < 30; n++) bad.push(await mail('spoed'));
  const [normal, urgent] = [await mail('normaal'), await mail('spoed')];
  const page = async (maximum: number) => (await halt.collect({ maximum })).alarmen ?? [];
  assert.equal(await page(25), bad.slice(0, 25));
  assert.equal(await page(6), [...bad.slice(25), urgent], 'those are on loan, and others come');
  assert.equal(await page(25), [normal], 'what is urgent came first');
});

test('D3 a ticket of one agency does not open the mailbox of another, whoever the thief says he is', async () => {
  const bewijs = await police.ticket();
  const forged = await police.ticket({ postbus: toUrn(vt.oin) });
  for (const peer of [police.oin, vt.oin])
    for (const ticket of [bewijs, forged]) {
      const verzoek = { bewijs: ticket };
      const answer = await police.ask('collect', { peer, postbus: vt.oin, verzoek });
      assert.is(answer.ok, false);
      if (!answer.ok) saw('D3', answer.problem.code);
    }
  const later = await vt.ticket({ exp: Math.floor(Date.now() / 1000) - 1, jti: newUuid7(1) });
  assert.is(
    await ask('collect', { peer: vt.oin, postbus: vt.oin, verzoek: { bewijs: later } }),
    'ticket-invalid',
  );
});

test('of two messages under one id that come at once over two pipelines, one is taken, whole', async () => {
  const other = await house.pipeline();
  for (let round = 0; round < 8; round++) {
    const claims = police.claims();
    const pair = [claims, { ...claims, exp: claims.exp + 1 }];
    const jwss = await Promise.all(pair.map((one) => police.sign(one)));
    const offers = jwss.flatMap((jws) => [jws, jws, jws]);
    const jwes = await Promise.all(offers.map((jws) => police.seal(jws)));
    const answers = await Promise.all(jwes.map((jwe) => police.offer(jwe)));
    const winners = new Set(offers.filter((_, at) => answers[at]?.ok));
    assert.is(winners.size, 1);
    for (const answer of answers) if (!answer.ok) assert.is(answer.problem.code, 'id-reused');
    const { afleveringen } = await vt.collect({ maximum: 50 });
    const copies = afleveringen.filter(({ bericht }) => bericht === claims.jti);
    assert.is(copies.length, 1);
    assert.is((await vt.open(copies[0]?.inhoud ?? '')).jws, [...winners][0]);
  }
  await other.stop();
});

test('D10 no subscription is begun, ended, listed or read without the word of its owner', async () => {
  const halt = await house.agency('halt');
  const [owner, other] = [subscriberOf(house, vt), subscriberOf(house, halt)];
  const said = { regio: 'VT15', grondslag: 'bpg-4.2.1.i' };
  const begin = await owner.statement(said);
  const begun = await owner.offer(begin);
  assert.ok(typeof begun !== 'string');
  const abonnement = begun.id;
  const inHaltsHand = await other.statement({ ...said, iss: toUrn(vt.oin) });
  const ended = await other.statement({ abonnement, handeling: 'einde', iss: toUrn(vt.oin) });
  const none = `${begin.split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`;
  const old = await owner.statement({ ...said, iat: Math.floor(Date.now() / 1000) - 700 });
  const [mine, bewijs] = [await halt.ticket(), await vt.ticket()];
  const tries: [question: string, ask: object, code: string][] = [
    ['subscribe', { peer: vt.oin, verklaring: inHaltsHand }, 'issuer-mismatch'],
    ['subscribe', { peer: vt.oin, verklaring: ended }, 'issuer-mismatch'],
    ['subscribe', { peer: halt.oin, verklaring: begin }, 'issuer-mismatch'],
    ['subscribe', { peer: vt.oin, verklaring: none }, 'signature-invalid'],
    ['subscribe', { peer: vt.oin, verklaring: old }, 'statement-invalid'],
    ['subscriptions', { peer: vt.oin, bewijs: mine }, 'issuer-mismatch'],
    ['subscriptions', { peer: halt.oin, bewijs }, 'issuer-mismatch'],
    [
      'subscription',
      { peer: vt.oin, bewijs: await halt.ticket({ iss: toUrn(vt.oin) }), abonnement },
      'issuer-mismatch',
    ],
    ['subscription', { peer: halt.oin, bewijs: mine, abonnement }, 'not-found'],
    ['events', { peer: halt.oin, bewijs: mine, abonnement }, 'not-found'],
    ['events', { peer: halt.oin, bewijs: mine, abonnement, owner: vt.oin }, 'not-found'],
    ['events', { peer: vt.oin, abonnement }, 'ticket-invalid'],
  ];
  for (const [question, of, code] of tries) {
    assert.is(await ask(question, of), code, `${question} ${JSON.stringify(Object.keys(of))}`);
    saw('D10', code);
  }
  assert.is(await ask('events', { peer: vt.oin, bewijs, abonnement }), 'ok');
  const [left] = await owner.list();
  assert.equal([left?.id, left?.staat], [abonnement, 'loopt']);
  assert.equal(await other.list(), []);
});

test('D11 nobody is told of the messages of an agency without its ticket, whoever the thief says he is', async () => {
  const halt = await house.agency('halt');
  const sent = await police.send({});
  const receipt = await vt.receipt(sent.jws, 'afgeleverd');
  assert.is(await ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt }), 'ok');
  const { jti } = sent.claims;
  const end = Math.floor(Date.now() / 1000) - 1;
  const tickets: unknown[] = [
    ...[undefined, '', 'e30.e30.AAAA', { a: 1 }, receipt],
    ...[await halt.ticket(), await halt.ticket({ postbus: toUrn(police.oin) })],
    await halt.ticket({ iss: toUrn(police.oin), postbus: toUrn(police.oin) }),
    await police.ticket({ iat: end - 400, exp: end }),
    await police.ticket({ aud: toUrn(vt.oin) }),
    await police.ticket({ exp: end + 3600 }),
    await police.ticket({ postbus: toUrn(vt.oin) }),
  ];
  const history = { kant: 'verzonden', sinds: 0, na: 0 };
  for (const bewijs of tickets)
    for (const peer of [police.oin, vt.oin, halt.oin])
      for (const [question, more] of [
        ['status', { bericht: jti }],
        ['receipts', { bericht: jti }],
        ['history', history],
        ['history', { ...history, kant: 'ontvangen' }],
      ] as const) {
        const of = JSON.stringify({ peer, ...(bewijs !== undefined && { bewijs }), ...more });
        const reply = await thief.request(`ask.v1.${question}`, of, { timeout: 60_000 });
        assert.not.match(reply.string(), receipt);
        assert.not.match(reply.string(), sent.claims.conversatie);
        const code = codeIn(reply.string());
        // With its own ticket the bad agency is told what is its own: nothing of this.
        const isOwn = bewijs === tickets[5] && peer === halt.oin;
        if (!(isOwn && question === 'history')) assert.is.not(code, 'ok', `${question} ${of}`);
        if (!isOwn) saw('D11', code);
      }
  const bewijs = await police.ticket();
  assert.is(await ask('receipts', { peer: police.oin, bewijs, bericht: jti }), 'ok');
});

test.run();
