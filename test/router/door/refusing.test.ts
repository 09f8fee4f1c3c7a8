/** Requests that are no requests: every one is answered in our own words. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ALWAYS } from '../../../router/door/headers.ts';
import { faultsOf } from './document.ts';
import { no, yes } from './memory-bus.ts';
import { openSocket, say as sayOn } from './socket.ts';
import { JTI, openStand, POLICE, VT } from './stand.ts';

let asked = 0;
function told() {
  asked += 1;
  return no('ticket-invalid');
}

const stand = await openStand(
  {
    organisations: () => yes({ organisaties: [] }),
    receipt: () => yes({ jti: JTI }),
    status: () => told(),
    receipts: () => told(),
    history: () => told(),
  },
  { times: { headersSeconds: 1, requestSeconds: 2 } },
);
test.after(stand.close);
const shown = await stand.pki.issue(POLICE);

const say = async (text: string) => sayOn(await openSocket(stand, shown), text);

/** A problem with all our headers and none of anybody else's words. */
function checkProblem(heard: string, status: number, code: string): void {
  const [head = '', body = ''] = heard.split('\r\n\r\n');
  assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
  for (const [name, value] of Object.entries(ALWAYS)) {
    assert.ok(head.toLowerCase().includes(`${name}: ${value}`.toLowerCase()), name);
  }
  assert.match(head, /content-type: application\/problem\+json/i);
  assert.is(JSON.parse(body).code, code);
  assert.equal(faultsOf({ $ref: '#/components/schemas/Probleem' }, JSON.parse(body)), []);
}

test('paths that do not exist, also with a slash behind or in capitals', async () => {
  const paths = [
    '/',
    '/v1',
    '/v1/organisaties/',
    '/v1/Organisaties',
    '/v2/organisaties',
    '/healthz',
  ];
  for (const path of [
    ...paths,
    '/v1//organisaties',
    '/v1/..%2forganisaties',
    `/v1/${'a'.repeat(5000)}`,
  ]) {
    const { status, body } = await stand.police.ask(path);
    assert.is(status, 404, path);
    assert.is(body.code, 'not-found');
  }
});

test('a path with an escape that means nothing', async () => {
  const { status, body } = await stand.police.ask('/v1/organisaties/%ff/certificaten');
  assert.is(status, 400);
  assert.is(body.code, 'bad-request');
});

test('methods that a path does not take', async () => {
  const put = await stand.police.ask('/v1/berichten', { method: 'PUT' });
  assert.is(put.status, 405);
  assert.is(put.headers['allow'], 'POST');
  assert.is(put.body.code, 'method-not-allowed');
  assert.is((await stand.police.ask('/v1/organisaties', { method: 'HEAD' })).status, 405);
});

test('ids that are none say what was expected, and never what was found', async () => {
  const headers = { authorization: 'Bearer e30.e30.AAAA' };
  const { status, body } = await stand.police.ask('/v1/berichten/geheim-999990019', { headers });
  assert.is(status, 400);
  assert.is(body.code, 'bad-request');
  assert.match(body.detail, /UUID of version 7/);
  const oin = await stand.police.ask('/v1/organisaties/geheim/certificaten');
  assert.is(oin.status, 400);
  assert.not.match(JSON.stringify([body, oin.body, stand.log]), /geheim|999990019/);
});

test('what is the own of an agency is asked with its ticket: without one the bus is not asked', async () => {
  const own = ['', '/ontvangstbewijzen'].map((more) => `/v1/berichten/${JTI}${more}`);
  const paths = [...own, '/v1/ontvangstbewijzen/ontvangen/0/0'];
  for (const path of paths)
    for (const authorization of [undefined, 'Bearer', 'Bearer geheim', 'Basic e30.e30.AAAA']) {
      const headers = authorization === undefined ? {} : { authorization };
      const { status, body } = await stand.police.ask(path, { headers });
      assert.equal([status, body.code], [403, 'ticket-invalid'], path);
      assert.not.match(JSON.stringify(body), 'geheim');
    }
  assert.is(asked, 0);
  const headers = { authorization: 'Bearer e30.e30.AAAA' };
  for (const path of paths) assert.is((await stand.police.ask(path, { headers })).status, 403);
  assert.is(asked, 3);
});

test('a body where none is taken', async () => {
  const { status } = await stand.police.ask('/v1/organisaties', {
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  assert.is(status, 400);
});

const poll = (body: string) =>
  stand.police.ask(`/v1/postbus/${POLICE}/_ophalen`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });

test('JSON that can be read in two ways, or not at all', async () => {
  const texts = [
    '',
    '{',
    '[]',
    'null',
    '{"bewijs":"a.b.c","bewijs":"a.b.c"}',
    '{"a":1e999}',
    '\ufeff{}',
  ];
  for (const text of texts) {
    const { status, body } = await poll(text);
    assert.is(status, 400, text);
    assert.is(body.code, 'malformed', text);
  }
});

test('JSON with every fault named by its place', async () => {
  const { status, body } = await poll('{"maximum":0,"wachten":99,"bewijs":"geheim"}');
  assert.is(status, 400);
  assert.is(body.code, 'schema-invalid');
  const places = body.errors.map(({ plaats }: { plaats: string }) => plaats);
  assert.equal(places, ['/bewijs', '/maximum', '/wachten']);
  assert.not.match(JSON.stringify(body), /geheim/);
});

test('a receipt that is not a compact JWS; a good one is passed on', async () => {
  const give = (body: string) =>
    stand.vt.ask('/v1/ontvangstbewijzen', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/secevent+jwt' },
    });
  for (const text of ['', 'a.b', 'a.b.c.d.e', 'a.b.c\n', 'á.b.c']) {
    assert.is((await give(text)).body.code, 'malformed');
  }
  const { status, body } = await give('e30.e30.AAAA');
  assert.is(status, 202);
  assert.equal(body, { jti: JTI });
});

test('what is not HTTP at all', async () => {
  checkProblem(await say('hallo\r\n\r\n'), 400, 'bad-request');
  checkProblem(await say('GET /v1/organisaties HTTP/1.1\r\n\r\n'), 400, 'bad-request');
  const smuggled = 'POST /v1/berichten HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n';
  checkProblem(
    await say(`${smuggled}transfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    400,
    'bad-request',
  );
});

test('headers larger than the door takes', async () => {
  const large = `GET /v1/organisaties HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`;
  checkProblem(await say(large), 431, 'headers-too-large');
});

test('an expectation that nobody can meet', async () => {
  const text =
    'GET /v1/organisaties HTTP/1.1\r\nhost: a\r\nexpect: wonders\r\nconnection: close\r\n\r\n';
  checkProblem(await say(text), 400, 'bad-request');
});

test('a client that never ends its headers, or its body, is cut off', async () => {
  const slow = 'POST /v1/ontvangstbewijzen HTTP/1.1\r\nhost: a\r\n';
  const body = 'content-type: application/secevent+jwt\r\ncontent-length: 100\r\n\r\ne30';
  const [headers, rest] = await Promise.all([say(slow), say(slow + body)]);
  checkProblem(headers, 408, 'request-timeout');
  checkProblem(rest, 408, 'request-timeout');
});

test('no answer and no log line holds a word of the framework', () => {
  assert.not.match(JSON.stringify(stand.log), /FST_|fastify|HPE_|llhttp/);
});

test('a log line knows the pattern of a path and the ids of traces, never an address', async () => {
  await stand.vt.ask(`/v1/berichten/${JTI}`, {
    headers: { 'fsc-transaction-id': 'Jan Jansen', traceparent: 'x' },
  });
  await stand.vt.ask(`/v1/berichten/${JTI}`, { headers: { 'fsc-transaction-id': JTI } });
  const lines = stand.log.filter(({ route }) => route === 'GET /v1/berichten/{jti}').slice(-2);
  assert.equal(
    lines.map(({ fsc }) => fsc),
    [undefined, JTI],
  );
  assert.is(lines[1]?.['peer'], VT);
  assert.not.match(JSON.stringify(lines[0]), new RegExp(`Jansen|${JTI}`));
});

test.run();
