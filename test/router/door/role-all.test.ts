/** The role all: door and pipeline in one process, from the configuration, and the stop under load. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadTls } from '../../../certs/keystore.ts';
import { readRouterConfig } from '../../../router/config.ts';
import { readAuthorities } from '../../../router/door/tls.ts';
import { openLog } from '../../../router/log.ts';
import { createMetrics } from '../../../router/metrics.ts';
import { type Router, startRouter } from '../../../router/start.ts';
import { AGENCIES, type AgencyName } from '../../town/agencies.ts';
import { routerYaml, writeYaml } from '../../town/files.ts';
import { type House, openHouse } from '../house.ts';
import { type Client, newClient } from './stand.ts';

let house: House;
let router: Router;
const folder = mkdtempSync(join(tmpdir(), 'ketenpost-all-'));
const metrics = createMetrics();
const log: Record<string, unknown>[] = [];
const clients: Client[] = [];

test.before(async () => {
  house = await openHouse({ serves: false });
  const file = join(folder, 'router.yaml');
  const ports = { broker: 0, door: 0, metrics: 0 };
  const yaml = routerYaml({ folder, ports }, house.keys);
  const { servers, ca, seed } = house.broker;
  const credentials = { door: seed('door'), pipeline: seed('pipeline') };
  writeYaml(file, { ...yaml, broker: { servers, ca, credentials, insecure: true } });
  const write = (line: string) => void log.push(JSON.parse(line));
  const options = { log: openLog('info', 'all', { write }), metrics };
  router = await startRouter(await readRouterConfig(file), 'all', options);
});
test.after(async () => {
  await Promise.all(clients.map(({ agent }) => agent.destroy()));
  await house.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(name: AgencyName): Promise<Client> {
  const { roots, issuers } = house.keys.authority.trust;
  const tls = await loadTls(house.keys.identity(AGENCIES[name].oin).tls);
  const client = newClient(router.door ?? '', tls, await readAuthorities([...roots, ...issuers]));
  clients.push(client);
  return client;
}

test('it is ready when door and pipeline are', async () => {
  assert.is(router.role, 'all');
  const answer = await fetch(`${router.metrics}/readyz`);
  assert.equal(await answer.json(), { ready: true, checks: { pipeline: true, door: true } });
});

test('stopped under load, it keeps every message that it accepted and accepts none that it does not keep', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const http = await connect('politie');
  const sealed = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const claims = police.claims();
      return { jti: claims.jti, jwe: await police.seal(await police.sign(claims)) };
    }),
  );
  const headers = { 'content-type': 'application/jose', 'ketenpost-prio': 'spoed' };
  let first: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    first = resolve;
  });
  const outcomes = sealed.map(async ({ jti, jwe }) => {
    const answer = await http
      .ask('/v1/berichten', { method: 'POST', body: jwe, headers })
      .catch(() => undefined);
    first();
    return { jti, status: answer?.status };
  });
  await begun;
  const from = performance.now();
  await router.stop();
  assert.ok(performance.now() - from < 10_000);
  const all = await Promise.all(outcomes);
  const accepted = all.filter(({ status }) => status === 202).map(({ jti }) => jti);
  assert.ok(accepted.length > 0);
  for (const { status } of all) assert.ok([202, 503, undefined].includes(status), String(status));

  // Another pipeline takes over where this one left, and offers what it accepted.
  const next = await house.pipeline();
  const found: string[] = [];
  for (let more = true; more; ) {
    const { afleveringen, meer } = await vt.collect({ maximum: 50 });
    found.push(...afleveringen.map(({ bericht }) => bericht));
    more = meer;
  }
  await next.stop();
  assert.equal(
    accepted.filter((jti) => !found.includes(jti)),
    [],
  );
  assert.is(new Set(found).size, found.length);
  assert.not.ok(
    log.some(({ msg }) => msg === 'fault'),
    JSON.stringify(log.slice(-5)),
  );
});

test.run();
