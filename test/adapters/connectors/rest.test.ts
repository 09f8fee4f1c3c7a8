import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../../adapters/agency.ts';
import { ROUTES } from '../../../adapters/connectors/rest/server.ts';
import { bearerCheck } from '../../../adapters/connectors/rest/token.ts';
import type { Problem } from '../../../schemas/problem.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { openStand, report, type Stand, sample, until } from '../stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
let stand: Stand;
let police: Agency;
let vt: Agency;
let tokens: Record<'politie' | 'vt', string>;
test.before(async () => {
  stand = await openStand();
  const start = (name: 'politie' | 'vt') =>
    stand.start(name, {
      rest: { host: '127.0.0.1', port: 0, tokenFile: join(stand.folder, name, 'token') },
    });
  police = await start('politie');
  vt = await start('vt');
  const token = (name: string) => readFileSync(join(stand.folder, name, 'token'), 'utf8').trim();
  tokens = { politie: token('politie'), vt: token('vt') };
});
test.after(() => stand.close());

interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

async function ask(
  of: 'politie' | 'vt',
  method: string,
  path: string,
  body?: unknown,
  headers = {},
): Promise<Reply> {
  const url = (of === 'politie' ? police : vt).rest ?? '';
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[of]}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
}

async function delivered(more: object = {}): Promise<string> {
  const { status, body } = await ask('politie', 'POST', '/v1/berichten', report(more));
  assert.is(status, 202);
  const jti = String(body['bericht']);
  await until(
    'delivery',
    async () => (await ask('vt', 'GET', `/v1/postvak/${POLICE}/${jti}`)).status === 200,
  );
  return jti;
}

test('without the right token there is nothing but the document', async () => {
  const url = police.rest ?? '';
  for (const authorization of [
    '',
    'Bearer',
    'Bearer x',
    `Basic ${tokens.politie}`,
    `Bearer ${tokens.vt}`,
  ]) {
    for (const { method, path } of ROUTES) {
      const response = await fetch(`${url}${path}`, { method, headers: { authorization } });
      assert.is(response.status, 401);
      assert.is(((await response.json()) as Problem).code, 'token-invalid');
    }
  }
  assert.is((await fetch(`${url}/v1/openapi.json`)).status, 200);
  assert.is((await fetch(`${url}/healthz`)).status, 200);
  assert.is(statSync(join(stand.folder, 'politie', 'token')).mode & 0o077, 0);
});

test('a token is right or wrong, whatever its length', () => {
  const isGood = bearerCheck('geheim');
  assert.ok(isGood('Bearer geheim'));
  for (const header of [undefined, '', 'geheim', 'Bearer geheim ', 'bearer geheim'])
    assert.not.ok(isGood(header));
});

test('a report is handed in, followed, opened, acknowledged', async () => {
  const jti = await delivered();
  const opened = await ask('vt', 'GET', `/v1/postvak/${POLICE}/${jti}`, undefined, {
    'ketenpost-medewerker': encodeURIComponent('Renée Ünal'),
  });
  assert.equal((opened.body['bericht'] as { inhoud: unknown }).inhoud, report()['inhoud']);
  assert.is((opened.body['afzender'] as { geverifieerd: unknown }).geverifieerd, true);
  const acties = opened.body['acties'] as { actie: string; medewerker?: string }[];
  assert.is(acties.at(-1)?.medewerker, 'Renée Ünal');
  assert.is(opened.headers.get('cache-control'), 'no-store');

  const done = await ask('vt', 'POST', `/v1/postvak/${POLICE}/${jti}/_bevestig`, {
    medewerker: 'R. Ünal',
  });
  assert.equal(done.body, { staat: 'verwerkt' });
  const again = await ask('vt', 'POST', `/v1/postvak/${POLICE}/${jti}/_bevestig`, {
    medewerker: 'R. Ünal',
  });
  assert.is(again.status, 200);
  const other = await ask('vt', 'POST', `/v1/postvak/${POLICE}/${jti}/_wijsaf`, {
    medewerker: 'R. Ünal',
    code: 'not-processable',
  });
  assert.is(other.status, 409);
  assert.is(other.body['code'], 'state-conflict');

  const told = await until('verwerkt', async () => {
    const { body } = await ask('politie', 'GET', `/v1/berichten/${jti}`);
    return (body['ontvangers'] as { staat: string }[])[0]?.staat === 'verwerkt' ? body : undefined;
  });
  const staten = (told['ontvangers'] as { staten: object }[])[0]?.staten;
  assert.equal(Object.keys(staten ?? {}).sort(), ['afgeleverd', 'verwerkt']);
});

test('a rejection carries code, explanation and the right agency to the sender', async () => {
  const jti = await delivered();
  const rejected = await ask('vt', 'POST', `/v1/postvak/${POLICE}/${jti}/_wijsaf`, {
    medewerker: 'R. Ünal',
    code: 'wrongly-addressed',
    toelichting: 'Andere regio',
    doorverwijzing: AGENCIES.rvdk.oin,
  });
  assert.is(rejected.status, 200);
  const copy = await until('afgewezen', async () => {
    const { body } = await ask('politie', 'GET', `/v1/berichten/${jti}`);
    const [one] = body['ontvangers'] as { staat: string; code: string; doorverwijzing: string }[];
    return one?.staat === 'afgewezen' ? one : undefined;
  });
  assert.equal([copy.code, copy.doorverwijzing], ['wrongly-addressed', AGENCIES.rvdk.oin]);
});

test('a BSN does not get into a receipt', async () => {
  const jti = await delivered();
  const answer = await ask('vt', 'POST', `/v1/postvak/${POLICE}/${jti}/_wijsaf`, {
    medewerker: 'R. Ünal',
    code: 'not-processable',
    toelichting: 'gaat over 999999990',
  });
  assert.is(answer.status, 400);
  assert.not.match(JSON.stringify(answer.body), '999999990');
});

test('every fault of a report comes back by pointer, and no value with it', async () => {
  const inhoud = { ...sample('vt-melding', 'heusden-spoed') };
  const [required = ''] = Object.keys(inhoud);
  delete inhoud[required];
  const { status, headers, body } = await ask(
    'politie',
    'POST',
    '/v1/berichten',
    report({ prio: 'Jansen', inhoud }),
  );
  assert.is(status, 400);
  assert.match(headers.get('content-type') ?? '', 'application/problem+json');
  const places = (body['errors'] as { plaats: string }[]).map(({ plaats }) => plaats);
  assert.ok(places.includes('/prio') && places.includes(`/inhoud/${required}`));
  assert.not.match(JSON.stringify(body), 'Jansen');
});

test('JSON that can be read in two ways, or is none, is refused', async () => {
  for (const text of ['{"grondslag":"a","grondslag":"b"}', '{', '[1', '{"a":1e999}']) {
    const { status, body } = await ask('politie', 'POST', '/v1/berichten', text);
    assert.is(status, 400);
    assert.is(body['code'], 'malformed');
  }
  const xml = await ask('politie', 'POST', '/v1/berichten', '<a/>', { 'content-type': 'text/xml' });
  assert.is(xml.body['code'], 'unsupported-media-type');
  const large = await ask('politie', 'POST', '/v1/berichten', `"${'x'.repeat(4_000_001)}"`);
  assert.is(large.body['code'], 'too-large');
});

test('actions need somebody who does them', async () => {
  const jti = await delivered();
  for (const action of ['_bevestig', '_wijsaf', '_opnieuw']) {
    const { status, body } = await ask('vt', 'POST', `/v1/postvak/${POLICE}/${jti}/${action}`, {});
    assert.is(status, 400, action);
    assert.ok(
      (body['errors'] as { plaats: string }[]).some(({ plaats }) => plaats === '/medewerker'),
    );
  }
});

test('lists give traffic data, page by page', async () => {
  for (let n = 0; n < 3; n += 1) await delivered({ prio: 'normaal' });
  const first = await ask('politie', 'GET', '/v1/berichten?aantal=2');
  assert.is((first.body['berichten'] as unknown[]).length, 2);
  const next = await ask('politie', 'GET', `/v1/berichten?aantal=2&voor=${first.body['volgende']}`);
  const ids = [first, next].flatMap(({ body }) =>
    (body['berichten'] as { bericht: string }[]).map((it) => it.bericht),
  );
  assert.is(new Set(ids).size, 4);
  const inbox = await ask('vt', 'GET', '/v1/postvak?aantal=200');
  const places = (inbox.body['berichten'] as { prio: string; staat: string }[]).map(
    ({ prio, staat }) => `${staat === 'afgeleverd' ? 'waits' : 'done'} ${prio}`,
  );
  assert.equal(places, [...places].sort().reverse(), 'what waits first, then urgent');
  assert.not.match(JSON.stringify(inbox.body), 'inhoud');
  const settled = await ask('vt', 'GET', '/v1/postvak?staat=verwerkt');
  assert.ok(
    (settled.body['berichten'] as { staat: string }[]).every(({ staat }) => staat === 'verwerkt'),
  );
  const misspelt = await ask('vt', 'GET', '/v1/postvak?staat=verwerk');
  assert.equal([misspelt.status, misspelt.body['code']], [400, 'bad-request']);
});

test('what a route does not take after ? is a slip, and told with what it takes', async () => {
  const slip = await ask('vt', 'GET', '/v1/termijnen?verstreken=true');
  assert.equal([slip.status, slip.body['code']], [400, 'bad-request']);
  assert.match(String(slip.body['detail']), 'this route takes staat');
  const none = await ask('vt', 'GET', '/v1/toestand?aantal=2');
  assert.match(String(none.body['detail']), 'this route takes nothing after ?');
});

test('whatever the address holds, the answer is ours and the adapter stays', async () => {
  const odd = [
    'staat=a&staat=b',
    'berichttype=a&berichttype=b',
    'voor=a&voor=b',
    'aantal=1&aantal=2',
    'vanaf=99999999999999999999',
    'vanaf=1e400&aantal=-7',
    "staat=' OR 1=1 --&voor=%00",
    '__proto__=1&constructor=2',
  ];
  for (const query of odd) {
    for (const path of ['/v1/berichten', '/v1/postvak']) {
      const { status, body } = await ask('vt', 'GET', `${path}?${query}`);
      assert.ok(status === 200 || status === 400, `${path}?${query}: ${status}`);
      if (status === 400) assert.is(body['code'], 'bad-request');
    }
  }
  for (const id of ['..%2f..%2fetc', '%00', "'--", '__proto__', 'a'.repeat(5000)]) {
    const { status } = await ask('vt', 'GET', `/v1/postvak/${POLICE}/${id}`);
    assert.ok([400, 404, 414].includes(status), `${id.slice(0, 20)}: ${status}`);
  }
  assert.is((await ask('vt', 'GET', '/v1/postvak')).status, 200);
});

test('what is not there is not there', async () => {
  for (const path of ['/v1/berichten/x', `/v1/postvak/${VT}/x`, '/v1/nergens', '/']) {
    const { status, body } = await ask('vt', 'GET', path);
    assert.is(status, 404);
    assert.is(body['code'], 'not-found');
  }
});

test('it tells what can be sent, with the schema of each type', async () => {
  const { body } = await ask('vt', 'GET', '/v1/berichttypen');
  const types = body['berichttypen'] as { berichttype: string; versies: string[] }[];
  assert.ok(types.some(({ berichttype }) => berichttype === 'vt-melding'));
  for (const { berichttype, versies } of types) {
    const path = `/v1/berichttypen/${berichttype}/${versies[0]}/schema`;
    assert.is((await ask('vt', 'GET', path)).body['type'], 'object', path);
  }
  const unknown = await ask('vt', 'GET', '/v1/berichttypen/liefdesbrief/1.0/schema');
  assert.is(unknown.status, 404);
  assert.is(unknown.body['stadium'], 'adapter');
});

test('the document describes every route, and its examples of problems are the codes', async () => {
  const { body } = await ask('vt', 'GET', '/v1/openapi.json');
  assert.is(body['openapi'], '3.1.0');
  const paths = body['paths'] as Record<string, Record<string, { responses: object }>>;
  for (const { method, path, status } of ROUTES) {
    const operation = paths[path]?.[method.toLowerCase()];
    assert.ok(operation && String(status) in operation.responses, `${method} ${path}`);
    assert.ok('401' in (operation?.responses ?? {}));
  }
  const { bericht } = body['webhooks'] as Record<string, unknown>;
  assert.match(JSON.stringify(bericht), '"radar"', 'what its own system is handed over');
});

test('it serves HTTPS when it is given a certificate', async () => {
  const tokenFile = join(stand.folder, 'halt', 'token');
  const tls = stand.keys.identity(AGENCIES.halt.oin).tls;
  const halt = await stand.start('halt', { rest: { host: '127.0.0.1', port: 0, tokenFile, tls } });
  const ca = readFileSync(stand.keys.authority.trust.roots[0] ?? '', 'utf8');
  const agent = new Agent({ connect: { ca, servername: 'localhost' } });
  const { statusCode, body } = await request(`${halt.rest}/healthz`, { dispatcher: agent });
  await body.dump();
  await agent.destroy();
  assert.is(statusCode, 200);
  assert.match(halt.rest ?? '', /^https:/);
});

test('a fault of ours is told without a word of what it was about', async () => {
  const jti = await delivered();
  const { jws } = vt.rooms.store.inbox;
  vt.rooms.store.inbox.jws = () => {
    throw new Error('Zevenaar-de-Canarie 999999990');
  };
  const { status, body } = await ask('vt', 'GET', `/v1/postvak/${POLICE}/${jti}`);
  vt.rooms.store.inbox.jws = jws.bind(vt.rooms.store.inbox);
  assert.is(status, 503);
  assert.not.match(JSON.stringify(body) + stand.log.join(''), 'Canarie');
});

test.run();
