/** The door before the real pipeline: agencies with their own keys, over TLS, HTTP and the real bus. */
import { type CloudEvent, HTTP } from 'cloudevents';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCertificate } from '../../../certs/certificate.ts';
import { loadTls } from '../../../certs/keystore.ts';
import { readAuthorities } from '../../../router/door/tls.ts';
import { type Door, openDoor } from '../../../router/door.ts';
import { openLog } from '../../../router/log.ts';
import { createMetrics } from '../../../router/metrics.ts';
import { newUuid7 } from '../../../schemas/ids.ts';
import { bodySchema, messageTypes } from '../../../schemas/validate.ts';
import { AGENCIES, type AgencyName, OPERATOR } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { type House, openHouse } from '../house.ts';
import type { Player } from '../player.ts';
import { newCase, subscriberOf, tell } from '../subscriptions/subscriber.ts';
import { type Client, newClient, settingsOf } from './stand.ts';

let house: House;
let door: Door;
const log: string[] = [];
const metrics = createMetrics();
const clients: Client[] = [];

test.before(async () => {
  house = await openHouse();
  const { roots, issuers } = house.keys.authority.trust;
  door = await openDoor({
    settings: settingsOf({}),
    tls: await loadTls(house.keys.identity(OPERATOR.oin).tls),
    authorities: await readAuthorities([...roots, ...issuers]),
    bus: house.broker.buses.door,
    types: { list: messageTypes, schemaOf: bodySchema },
    metrics,
    log: openLog('info', 'door', { write: (line) => void log.push(line) }),
    clock: house.clock,
  });
});
test.after(async () => {
  await Promise.all(clients.map(({ agent }) => agent.destroy()));
  await door.stop();
  await house.stop();
});

/** An agency: its keys for messages, and its connection to the door. */
async function agency(name: AgencyName): Promise<{ player: Player; http: Client }> {
  const tls = await loadTls(house.keys.identity(AGENCIES[name].oin).tls);
  const { roots, issuers } = house.keys.authority.trust;
  const http = newClient(door.url, tls, await readAuthorities([...roots, ...issuers]));
  clients.push(http);
  return { player: await house.agency(name), http };
}

const submit = (http: Client, body: string, prio = 'spoed') =>
  http.ask('/v1/berichten', {
    ...{ method: 'POST', body },
    headers: { 'content-type': 'application/jose', 'ketenpost-prio': prio },
  });
const collect = async (http: Client, player: Player, more: object = {}, of = player.oin) =>
  http.ask(`/v1/postbus/${of}/_ophalen`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ bewijs: await player.ticket(), ...more }),
  });

test('a report goes in, wakes the recipient that waits, and its receipt comes back', async () => {
  const [police, vt] = [await agency('politie'), await agency('vt')];
  const waiting = collect(vt.http, vt.player, { wachten: 60 });
  await until('the poll', async () => /in_flight\{lane="poll"\} 1/.test(await metrics.text()));
  const jws = await police.player.sign(police.player.claims());
  const sent = await submit(police.http, await police.player.seal(jws));
  assert.is(sent.status, 202);
  assert.equal(sent.body.ontvangers, [vt.player.oin]);

  const { afleveringen } = (await waiting).body;
  assert.is(afleveringen.length, 1);
  const opened = await vt.player.open(afleveringen[0].inhoud);
  assert.is(opened.jws, jws);

  const back = collect(police.http, police.player, { wachten: 60 });
  const receipt = await vt.player.receipt(jws, 'afgeleverd');
  const given = await collect(vt.http, vt.player, { ontvangstbewijzen: [receipt] });
  assert.equal(
    given.body.uitslagen.map((one: { aangenomen: boolean }) => one.aangenomen),
    [true],
  );
  const { ontvangstbewijzen } = (await back).body;
  assert.ok(ontvangstbewijzen.includes(receipt));

  const status = await police.http.ask(
    `/v1/berichten/${sent.body.bericht}`,
    await police.player.showing(),
  );
  assert.is(status.body.ontvangers[0].staat, 'afgeleverd');
  const receipts = await police.http.ask(
    `/v1/berichten/${sent.body.bericht}/ontvangstbewijzen`,
    await police.player.showing(),
  );
  assert.ok(receipts.body.ontvangstbewijzen.includes(receipt));
});

test('of another agency one gets nothing: not its mailbox, not its messages, no word whether they exist', async () => {
  const [police, halt] = [await agency('politie'), await agency('halt')];
  const jws = await police.player.sign(police.player.claims());
  const sent = await submit(police.http, await police.player.seal(jws));
  const strip = ({ status, body: { instance: _, ...rest } }: Awaited<typeof sent>) => [
    status,
    rest,
  ];
  const theirs = await halt.http.ask(
    `/v1/berichten/${sent.body.bericht}`,
    await halt.player.showing(),
  );
  const none = await halt.http.ask(
    `/v1/berichten/${newUuid7(Date.now())}`,
    await halt.player.showing(),
  );
  assert.is(theirs.status, 404);
  assert.equal(strip(theirs), strip(none));
  const { status, body } = await collect(halt.http, halt.player, {}, police.player.oin);
  assert.is(status, 403);
  assert.is(body.code, 'ticket-invalid');
});

test('a message under the name of another agency is refused, with a receipt', async () => {
  const [police, halt] = [await agency('politie'), await agency('halt')];
  const jws = await police.player.sign(police.player.claims());
  const { status, body } = await submit(halt.http, await police.player.seal(jws));
  assert.is(status, 403);
  assert.is(body.code, 'issuer-mismatch');
});

test('bytes that are no message, and a body with faults, each with its code', async () => {
  const police = await agency('politie');
  const broken = await submit(police.http, 'a.b.c.d.e');
  assert.is(broken.status, 400);
  assert.is(broken.body.stadium, 'receive');
  const claims = police.player.claims({ inhoud: { betrokkenen: 'geheim' } });
  const jws = await police.player.sign(claims);
  const faulty = await submit(police.http, await police.player.seal(jws));
  assert.is(faulty.body.code, 'schema-invalid');
  assert.ok(faulty.body.errors.length > 1);
  assert.ok(faulty.body.ontvangstbewijs);
  assert.not.match(log.join('') + JSON.stringify(faulty.body), /geheim/);
});

test('the register and the message types are there to be read', async () => {
  const vt = await agency('vt');
  const list = await vt.http.ask('/v1/organisaties');
  assert.ok(
    list.body.organisaties.some(({ oin }: { oin: string }) => oin === AGENCIES.politie.oin),
  );
  const entry = await vt.http.ask(`/v1/organisaties/${AGENCIES.politie.oin}/certificaten`);
  assert.is(entry.status, 200);
  const none = await vt.http.ask('/v1/organisaties/00000099000000099000/certificaten');
  assert.is(none.status, 404);
  const types = await vt.http.ask('/v1/berichttypen');
  for (const { berichttype, versies } of types.body.berichttypen) {
    const { status } = await vt.http.ask(`/v1/berichttypen/${berichttype}/${versies[0]}/schema`);
    assert.is(status, 200, berichttype);
  }
});

test('a TLS certificate that is revoked closes the door within seconds, on open connections too', async () => {
  const halt = await agency('halt');
  assert.is((await halt.http.ask('/v1/organisaties')).status, 200);
  const { cert } = await loadTls(house.keys.identity(AGENCIES.halt.oin).tls);
  await house.keys.authority.revoke(readCertificate(cert).x5t);
  await house.trust.revocations.refresh();
  const now = performance.now;
  performance.now = () => now.call(performance) + 11_000;
  const { status, body } = await halt.http.ask('/v1/organisaties');
  performance.now = now;
  assert.is(status, 401);
  assert.is(body.code, 'not-authenticated');
});

test('a subscription is begun, shown, read and receipted, as CloudEvents of the Dutch profile', async () => {
  const [vt, om, rvdk] = [await agency('vt'), await agency('om'), await agency('rvdk')];
  const [owner, zaak, grondslag] = [subscriberOf(house, om.player), newCase(), 'wmo-5.1.6.2'];
  const state = async (said: object) =>
    om.http.ask('/v1/subscriptions', {
      ...{ method: 'POST', headers: { 'content-type': 'application/jose' } },
      body: await owner.statement(said),
    });
  const begun = await state({ zaak, grondslag });
  assert.equal([begun.status, begun.body.staat, begun.body.zaak], [202, 'loopt', zaak]);
  const where = `/v1/subscriptions/${begun.body.id}`;
  assert.is(begun.headers['location'], where);
  assert.is(begun.body.endpoint, `${where}/events`);
  const refused = await state({ zaak, grondslag: 'wmo-4.1.1.2.e' });
  assert.equal([refused.status, refused.body.code], [403, 'not-authorised']);
  assert.match(refused.body.errors[0].melding, /only on the basis/);

  const ask = async ({ http, player }: typeof om, path: string) =>
    http.ask(path, { headers: { authorization: `Bearer ${await player.ticket()}` } });
  assert.equal((await ask(om, where)).body, begun.body);
  assert.equal((await ask(om, '/v1/subscriptions')).body, { abonnementen: [begun.body] });
  assert.is((await ask(rvdk, where)).body.code, 'not-found');
  assert.is((await ask(rvdk, `${where}/events`)).body.code, 'not-found');
  assert.is((await om.http.ask(where)).body.code, 'ticket-invalid');

  const sent = [];
  for (let n = 0; n < 3; n++) sent.push(await tell(vt.player, { zaak, grondslag }));
  const first = await ask(om, `${begun.body.endpoint}?limit=2`);
  assert.match(String(first.headers['content-type']), /^application\/cloudevents-batch\+json/);
  const [, last] = first.body;
  const rest = await ask(om, `${begun.body.endpoint}?since=${last.sequence}&limit=100`);
  const events = [...first.body, ...rest.body];
  assert.is(events.length, 3);
  const parsed = HTTP.toEvent({
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  }) as CloudEvent<string>[];
  for (const [at, event] of parsed.entries()) {
    assert.ok(event.validate());
    assert.is((await om.player.open(event.data ?? '')).jws, sent[at]?.jws);
  }
  for (const query of ['since=1', 'limit=0', 'limit=101', 'limit=2&limit=2', 'filter=x'])
    assert.is((await ask(om, `${begun.body.endpoint}?${query}`)).body.code, 'bad-request', query);

  const given = await om.http.ask('/v1/ontvangstbewijzen', {
    ...{ method: 'POST', headers: { 'content-type': 'application/secevent+jwt' } },
    body: await om.player.receipt(sent[0]?.jws ?? '', 'afgeleverd'),
  });
  assert.is(given.status, 202);
  const left = await ask(om, begun.body.endpoint);
  assert.equal(left.body, events.slice(1));
  const ended = await state({ abonnement: begun.body.id, handeling: 'einde' });
  assert.equal([ended.status, ended.body.reden], [202, 'opgezegd']);
  assert.is((await ask(om, begun.body.endpoint)).body.length, 2, 'what lies there may be read');
});

test.run();
