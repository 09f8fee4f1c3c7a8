/** What the thief of the door's place on the bus tries there, and that the pipeline goes on. */
import { readFileSync } from 'node:fs';
import { connect, type NatsConnection, nkeyAuthenticator } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { QUESTIONS } from '../../router/bus/subjects.ts';
import { toUrn } from '../../schemas/ids.ts';
import { type House, openHouse } from '../router/house.ts';
import { accepted, type Player } from '../router/player.ts';

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

test('an answer that is to go to the inbox of another role stops nothing', async () => {
  for (const inbox of ['_INBOX_pipeline.a', '_INBOX_pipeline.a.b', '_INBOX_admin.a', '_INBOX_door'])
    for (const subject of ['route.v1.spoed', ...QUESTIONS.map((one) => `ask.v1.${one}`)])
      thief.publish(subject, '{}', { reply: inbox });
  await thief.flush();
  await goesThrough();
});

test('questions of any shape are answered without a word of what was in them', async () => {
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
      const reply = await thief.request(`ask.v1.${question}`, shape, { timeout: 5000 });
      assert.not.match(reply.string(), secret, question);
    }
  assert.not.match(JSON.stringify(house.lines), secret);
  await goesThrough();
});

test('a ticket of one agency does not open the mailbox of another, whoever the thief says he is', async () => {
  const bewijs = await police.ticket();
  const forged = await police.ticket({ postbus: toUrn(vt.oin) });
  for (const peer of [police.oin, vt.oin])
    for (const ticket of [bewijs, forged]) {
      const verzoek = { bewijs: ticket };
      const answer = await police.ask('collect', { peer, postbus: vt.oin, verzoek });
      assert.is(answer.ok, false);
    }
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

test.run();
