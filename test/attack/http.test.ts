/** What comes over TLS and HTTP to wear the door out, to get past it, or to make its log say something else (attacks.md §6.3). */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addressGroup } from '../../router/door/address.ts';
import { otherPki } from '../router/door/pki.ts';
import { say } from '../router/door/socket.ts';
import { AGENCIES } from '../town/agencies.ts';
import { until } from '../town/wait.ts';
import { codeOf, type Fortress, openFortress, type Visitor } from './fortress.ts';
import { saw } from './saw.ts';

const TIMES = { handshakeSeconds: 1, headersSeconds: 1, requestSeconds: 2 };
const LIMITS = {
  connectionsPerAddress: 12,
  strangers: 1000,
  handshakes: { perSecond: 1000, burst: 1000 },
};
let fortress: Fortress;
let police: Visitor;
test.before(async () => {
  fortress = await openFortress({ door: { times: TIMES, limits: LIMITS } });
  police = await fortress.visitor('politie');
});
test.after(() => fortress.stop());

const send = (who = police) => who.player.sign(who.player.claims()).then((jws) => who.offer(jws));
const raw = (): Promise<Socket> =>
  new Promise((done, fail) => {
    const socket = connect({ host: 'localhost', port: fortress.door.port }, () => done(socket));
    socket.once('error', fail);
  });
const gone = (socket: Socket) =>
  new Promise<void>((done) => {
    if (socket.closed) done();
    socket.on('error', () => undefined);
    socket.once('close', () => done());
    socket.resume();
  });
/** Fails when it has not come after a minute and a half, instead of waiting on. */
async function inTime<T>(what: Promise<T>): Promise<void> {
  const late = pause(90_000, 'late', { ref: false });
  assert.is.not(await Promise.race([what, late]), 'late');
}
const crowded = async (why: string) =>
  Number(
    new RegExp(`crowded_total\\{why="${why}"\\} (\\d+)`).exec(await fortress.metrics.text())?.[1] ??
      0,
  );

test('S1 a client that says nothing, or says it drop by drop, is cut off; others are served meanwhile', async () => {
  const silent = [await raw(), await raw()];
  const idle = await fortress.socket(police.tls);
  const slow = await fortress.socket(police.tls);
  const body = await fortress.socket(police.tls);
  const drip = (socket: Socket, first: string) => {
    socket.on('error', () => undefined).write(first);
    const timer = setInterval(() => socket.write('a'), 100);
    socket.once('close', () => clearInterval(timer));
  };
  drip(slow, 'GET /v1/organisaties HTTP/1.1\r\nhost: a\r\nx: ');
  drip(
    body,
    'POST /v1/berichten HTTP/1.1\r\nhost: a\r\ncontent-type: application/jose\r\ncontent-length: 9999\r\n\r\n',
  );
  const from = performance.now();
  const ends = Promise.all([...silent, idle, slow, body].map(gone));
  assert.is(codeOf(await send()), 'aanvaard');
  await inTime(ends);
  const seconds = (performance.now() - from) / 1000;
  assert.ok(seconds < 60, `${seconds} s`);
  saw(
    'S1',
    'request-timeout',
    `the last was cut off after ${seconds.toFixed(1)} s, with limits of 1 and 2 s`,
  );
});

test('S1 a client that does not read what it asked for holds up nobody', async () => {
  const get = 'GET /v1/openapi.json HTTP/1.1\r\nhost: a\r\n\r\n';
  const deaf = await fortress.socket(police.tls);
  deaf.on('error', () => undefined).pause();
  deaf.write(get.repeat(400));
  for (let turn = 0; turn < 3; turn++) assert.is(codeOf(await send()), 'aanvaard');
  deaf.destroy();
});

test('S2 one stranger with many connections leaves room for agencies', async () => {
  const before = await crowded('address');
  assert.is(codeOf(await send()), 'aanvaard');
  const held = await Promise.all(Array.from({ length: 60 }, () => raw().catch(() => undefined)));
  const ends = held.map((socket) => socket && gone(socket));
  await until('the surplus to be cut off', async () => (await crowded('address')) - before >= 40);
  assert.is(codeOf(await send()), 'aanvaard', 'on a connection that was there');
  await inTime(Promise.all(ends));
  saw(
    'S2',
    '(cut off)',
    `60 connections from one address, 12 allowed: ${(await crowded('address')) - before} cut off at once`,
  );
});

test('S2 in a crowd of strangers from everywhere, an address of an agency is still let in', async () => {
  const small = await openFortress({ door: { limits: { ...LIMITS, strangers: 3 } } });
  const strangers: Socket[] = [];
  const hold = () =>
    new Promise<Socket>((done) => {
      const socket = connect({ host: 'localhost', port: small.door.port }, () => done(socket));
      socket.on('error', () => undefined);
      strangers.push(socket);
    });
  for (let at = 0; at < 3; at++) await hold();
  const late = await hold();
  await inTime(gone(late));
  for (const socket of strangers) socket.destroy();
  const known = await small.visitor('politie');
  await until(
    'room',
    async () => (await known.http.ask('/v1/organisaties').catch(() => undefined))?.status === 200,
  );
  for (let at = 0; at < 5; at++) await hold();
  const halt = await small.visitor('halt');
  assert.is(
    (await halt.http.ask('/v1/organisaties')).status,
    200,
    'from the address that is known',
  );
  for (const socket of strangers) socket.destroy();
  await small.stop();
  saw('S2', '(cut off)');
});

test('S3 behind a balancer many have one address: it is not limited by that, and strangers still are', async () => {
  const tight = { connectionsPerAddress: 2, strangers: 6, handshakes: { perSecond: 1, burst: 2 } };
  const small = await openFortress({
    door: { limits: { ...tight, balancers: ['127.0.0.1', '::1'] } },
  });
  const four = await Promise.all(
    (['politie', 'vt', 'halt', 'om'] as const).map((name) => small.visitor(name)),
  );
  for (const { http } of four) assert.is((await http.ask('/v1/organisaties')).status, 200);
  const crowd = await Promise.allSettled(Array.from({ length: 12 }, () => small.socket()));
  const entered = crowd.filter(({ status }) => status === 'fulfilled');
  assert.ok(entered.length <= 6, `${entered.length} strangers`);
  for (const { http } of four) assert.is((await http.ask('/v1/organisaties')).status, 200);
  for (const one of crowd) if (one.status === 'fulfilled') one.value.destroy();
  await small.stop();
});

test('S3 handshakes are limited by address', async () => {
  const limits = {
    ...LIMITS,
    connectionsPerAddress: 1000,
    handshakes: { perSecond: 1, burst: 10 },
  };
  const small = await openFortress({ door: { limits } });
  const police = await small.visitor('politie');
  assert.is((await police.http.ask('/v1/organisaties')).status, 200);
  const tries = await Promise.allSettled(Array.from({ length: 40 }, () => small.socket()));
  const entered = tries.filter(({ status }) => status === 'fulfilled').length;
  assert.ok(entered >= 5 && entered <= 15, `${entered} of 40`);
  assert.is((await police.http.ask('/v1/organisaties')).status, 200, 'who is in stays in');
  for (const one of tries) if (one.status === 'fulfilled') one.value.destroy();
  await small.stop();
  saw('S3', '(cut off)', `40 at once, 10 allowed: ${entered} were answered`);
});

test('S3 one network of IPv6 is one address; IPv4 is itself, however it is written', () => {
  assert.is(addressGroup('2001:db8:1:2:3:4:5:6'), addressGroup('2001:db8:1:2::9'));
  assert.is(addressGroup('2001:DB8:1:2::1'), '2001:db8:1:2');
  assert.is.not(addressGroup('2001:db8:1:3::1'), addressGroup('2001:db8:1:2::1'));
  assert.is(addressGroup('::1'), '0:0:0:0');
  assert.is(addressGroup('fe80::1%eth0'), 'fe80:0:0:0');
  assert.is(addressGroup('::ffff:10.1.2.3'), '10.1.2.3');
  assert.is(addressGroup('10.1.2.3'), '10.1.2.3');
});

test('H5 paths that climb, or mean something else to another reader', async () => {
  const shown = police.tls;
  const ask = async (path: string) =>
    say(
      await fortress.socket(shown),
      `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`,
    );
  const climbs = [
    ...['/v1/../v1/organisaties', '/v1/berichten/../organisaties', '/v1/%2e%2e/organisaties'],
    ...['/v1/organisaties%2f', '/v1/organisaties;x=1', '/v1/./organisaties', '//v1/organisaties'],
    ...['/v1/organisaties%00', '/v1\\organisaties', '/v1/organisaties/..%5c..'],
    ...[
      '/v1/berichttypen/../../../etc/passwd/1.0/schema',
      '/v1/berichttypen/%2e%2e%2f%2e%2e/1.0/schema',
    ],
  ];
  for (const path of climbs) {
    const heard = await ask(path);
    assert.match(heard, /^HTTP\/1\.1 (404|400) /, path);
    saw('H5', /"code":"([a-z-]+)"/.exec(heard)?.[1] ?? '');
  }
});

test('H7 too many headers, or too large ones, are the fault of the client, and said so', async () => {
  const ask = async (headers: string) =>
    say(
      await fortress.socket(police.tls),
      `GET /v1/organisaties HTTP/1.1\r\nhost: a\r\n${headers}\r\n`,
    );
  for (const headers of [`x: ${'y'.repeat(20_000)}\r\n`, 'x: y\r\n'.repeat(500)]) {
    const heard = await ask(headers);
    assert.match(heard, /^HTTP\/1\.1 431 /);
    assert.match(heard, '"code":"headers-too-large"');
    saw('H7', 'headers-too-large');
  }
});

test('H9 what nobody signed is not taken, sealed or not', async () => {
  const claims = JSON.stringify(police.player.claims());
  for (const text of [
    claims,
    `${claims}.`,
    '..',
    `e30.${Buffer.from(claims).toString('base64url')}.`,
  ]) {
    const sealed = await police.offer(text);
    assert.is(codeOf(sealed), 'malformed');
    assert.is(codeOf(await police.submit(text)), 'malformed');
    saw('H9', 'malformed');
  }
});

test('H10 control characters cannot write a line of the log or a header of an answer', async () => {
  const forged = '{"level":60,"msg":"forged"}';
  const lines = [
    `x: a\x00b\r\n`,
    `traceparent: 00-a\x0b${forged}\r\n`,
    `fsc-transaction-id: ${forged}\x1b[2J\r\n`,
    `x: a\rset-cookie: b\r\n`,
  ];
  for (const line of lines)
    await say(
      await fortress.socket(police.tls),
      `GET /v1/organisaties HTTP/1.1\r\nhost: a\r\n${line}connection: close\r\n\r\n`,
    );
  for (const path of [
    `/v1/berichten/a%0d%0aset-cookie:b`,
    `/v1/berichten/%0a${encodeURIComponent(forged)}`,
  ]) {
    const { headers, body } = await police.http.ask(path);
    assert.is(headers['set-cookie'], undefined);
    assert.not.match(JSON.stringify(body), 'forged');
  }
  for (const line of fortress.log) {
    assert.type(JSON.parse(line), 'object');
    assert.not.match(line, 'forged');
    for (const char of line.trimEnd()) assert.ok(char >= ' ', line);
  }
  saw('H10', 'bad-request');
});

test('H10 two lengths, two hosts, or a length and chunks: no two readers, no smuggling', async () => {
  const post = 'POST /v1/berichten HTTP/1.1\r\n';
  const heads = [
    `${post}host: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/x HTTP/1.1\r\n\r\n`,
    `${post}host: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd`,
    `${post}host: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
    `${post}host: a\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    `${post}host: a\r\ncontent-length: +3\r\n\r\nabc`,
    `${post}host: a\r\nhost: b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    `${post}host: a\r\ncontent-type: application/jose\r\n content-length: 3\r\n\r\nabc`,
  ];
  for (const head of heads) {
    const heard = await say(await fortress.socket(police.tls), head);
    assert.match(heard, /^HTTP\/1\.1 4\d\d /, head);
    assert.is(heard.match(/HTTP\/1\.1 /g)?.length, 1, head);
    saw('H10', /"code":"([a-z-]+)"/.exec(heard)?.[1] ?? '');
  }
});

test('H11 one id with two senders is two messages', async () => {
  const claims = police.player.claims();
  const halt = await fortress.visitor('halt');
  const other = { ...halt.player.claims({ grondslag: 'bpg-4.2.1.i' }), jti: claims.jti };
  const first = await police.offer(await police.player.sign(claims));
  assert.is(codeOf(first), 'aanvaard');
  const second = await halt.offer(await halt.player.sign(other));
  assert.is.not(codeOf(second), 'id-reused');
  const path = `/v1/berichten/${claims.jti}`;
  const asked = await halt.http.ask(path, await halt.player.showing());
  const own = await police.http.ask(path, await police.player.showing());
  assert.is.not(asked.body.dig, own.body.dig);
  saw('H11', codeOf(second));
});

test('T1 a stranger with a certificate of its own making is told what one without any is told', async () => {
  const other = await otherPki();
  const get = 'GET /v1/organisaties HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
  const forged = await other.issue(AGENCIES.politie.oin);
  const said = [await fortress.socket(), await fortress.socket(forged)].map((socket) =>
    say(socket, get),
  );
  const [none, bad] = (await Promise.all(said)).map((text) =>
    text.replace(/urn:uuid:[0-9a-f-]+/, '').replace(/date: .*/i, ''),
  );
  assert.match(none ?? '', /^HTTP\/1\.1 401 /);
  assert.is(bad, none);
  saw('T1', 'not-authenticated');
});

test.run();
