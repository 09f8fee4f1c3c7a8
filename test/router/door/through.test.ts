/** The door before the real pipeline: agencies with their own keys, over TLS, HTTP and the real bus. */
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

  const status = await police.http.ask(`/v1/berichten/${sent.body.bericht}`);
  assert.is(status.body.ontvangers[0].staat, 'afgeleverd');
  const receipts = await police.http.ask(`/v1/berichten/${sent.body.bericht}/ontvangstbewijzen`);
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
  const theirs = await halt.http.ask(`/v1/berichten/${sent.body.bericht}`);
  const none = await halt.http.ask(`/v1/berichten/${newUuid7(Date.now())}`);
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

test.run();
