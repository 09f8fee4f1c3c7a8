/** Who gets in, and what everybody may read. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OPERATIONS } from './document.ts';
import { no, yes } from './memory-bus.ts';
import { otherPki } from './pki.ts';
import { openSocket, say } from './socket.ts';
import { JTI, openStand, POLICE } from './stand.ts';

const asked: string[] = [];
const stand = await openStand(
  {
    organisations: () => yes({ organisaties: [] }),
    status: ({ peer }) => {
      asked.push(peer);
      return no('not-found');
    },
  },
  {
    types: {
      list: () => [{ type: 'vt-melding', versions: ['1.0'], summary: 'Report' }],
      schemaOf: (type, version) =>
        type === 'vt-melding' && version === '1.0' ? { type: 'object' } : undefined,
    },
  },
);
test.after(stand.close);

test('an agency of the register is let in, under the OIN that the register says', async () => {
  assert.is((await stand.police.ask('/v1/organisaties')).status, 200);
  const headers = { authorization: 'Bearer e30.e30.AAAA' };
  assert.is((await stand.police.ask(`/v1/berichten/${JTI}`, { headers })).status, 404);
  assert.equal(asked, [POLICE]);
});

test('who shows no certificate is asked for one, on every route that is not public', async () => {
  const fill = (path: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => EXAMPLE[name] ?? name);
  for (const { method, path, operation } of OPERATIONS) {
    const open = operation.security?.length === 0;
    const { status, body } = await stand.stranger.ask(`/v1${fill(path)}`, {
      method: method as 'GET',
    });
    assert.is(status, open ? 200 : 401, path);
    if (!open) assert.is(body.code, 'not-authenticated');
  }
});
const EXAMPLE: Record<string, string> = {
  ...{ jti: JTI, oin: POLICE, berichttype: 'vt-melding', versie: '1.0' },
};

test('a certificate of another authority is as none, and the bus is not asked about it', async () => {
  const other = await otherPki();
  const stranger = stand.client(await other.issue(POLICE), { ca: [...stand.pki.authorities] });
  const before = asked.length;
  const { status, body } = await stranger.ask(`/v1/berichten/${JTI}`);
  assert.is(status, 401);
  assert.is(body.code, 'not-authenticated');
  assert.is(asked.length, before);
});

test('a good certificate that the register does not list is told no more than a stranger', async () => {
  const unlisted = stand.client(await stand.pki.issue('00000099000000077000'));
  const [one, two] = [
    await unlisted.ask('/v1/organisaties'),
    await stand.stranger.ask('/v1/organisaties'),
  ];
  const { instance: _a, ...first } = one.body;
  const { instance: _b, ...second } = two.body;
  assert.is(one.status, 401);
  assert.equal(first, second);
});

test('a stranger that sends much is still answered, not cut off', async () => {
  const { status, body } = await stand.stranger.ask('/v1/berichten', {
    method: 'POST',
    body: 'x'.repeat(5_000_000),
    headers: { 'content-type': 'application/jose' },
  });
  assert.is(status, 401);
  assert.is(body.code, 'not-authenticated');
});

test('a session that is taken up again is still known by its certificate', async () => {
  const shown = await stand.pki.issue(POLICE);
  const get = 'GET /v1/organisaties HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const first = await openSocket(stand, shown, { maxVersion });
    let session: Buffer | undefined = first.getSession();
    first.on('session', (one: Buffer) => {
      session = one;
    });
    assert.match(await say(first, get), /^HTTP\/1.1 200 /);
    assert.ok(session);
    const second = await openSocket(stand, shown, { maxVersion, session });
    assert.ok(second.isSessionReused(), maxVersion);
    assert.match(await say(second, get), /^HTTP\/1.1 200 /);
    const empty = await openSocket(stand, undefined, { maxVersion });
    assert.match(await say(empty, get), /^HTTP\/1.1 401 /);
  }
});

test('anybody may read the interface and the schemas, from a page on any site', async () => {
  const { status, headers, body } = await stand.stranger.ask('/v1/openapi.json');
  assert.is(status, 200);
  assert.is(headers['access-control-allow-origin'], '*');
  assert.is(body.openapi, '3.1.0');
  const types = await stand.stranger.ask('/v1/berichttypen');
  assert.equal(types.body.berichttypen, [
    { berichttype: 'vt-melding', versies: ['1.0'], omschrijving: 'Report' },
  ]);
  const schema = await stand.stranger.ask('/v1/berichttypen/vt-melding/1.0/schema');
  assert.is(schema.headers['content-type'], 'application/schema+json; charset=utf-8');
  assert.is((await stand.stranger.ask('/v1/berichttypen/vt-melding/9.9/schema')).status, 404);
});

test('what an agency may read is not open to a page on any site', async () => {
  const { headers } = await stand.police.ask('/v1/organisaties');
  assert.is(headers['access-control-allow-origin'], undefined);
});

test.run();
