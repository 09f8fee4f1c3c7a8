import { readFileSync } from 'node:fs';
import { connect, nkeyAuthenticator } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Unanswered } from '../../../router/bus/bus.ts';
import { until } from '../../town/wait.ts';
import { startTestBroker, type TestBroker } from './broker.ts';

let broker: TestBroker;
test.before(async () => {
  broker = await startTestBroker();
});
test.after(() => broker.stop());

const bytes = (text: string) => Buffer.from(text);
const text = (data: Uint8Array) => Buffer.from(data).toString();
test('a question is answered by one of the group, with its headers', async () => {
  const [one, two] = [await broker.connect('pipeline'), await broker.connect('pipeline')];
  const counts = [0, 0];
  const stops = await Promise.all(
    [one, two].map((bus, at) =>
      bus.serve('ask.v1.peer', 'pipeline', async ({ data, headers, subject }) => {
        counts[at] = (counts[at] ?? 0) + 1;
        return bytes(`${subject} ${text(data)} ${headers['Ketenpost-Peer']}`);
      }),
    ),
  );
  for (let n = 0; n < 30; n++) {
    const reply = await broker.buses.door.ask('ask.v1.peer', bytes('x'), {
      timeoutMs: 60_000,
      headers: { 'Ketenpost-Peer': '1' },
    });
    assert.is(text(reply), 'ask.v1.peer x 1');
  }
  assert.is((counts[0] ?? 0) + (counts[1] ?? 0), 30);
  assert.ok(counts.every((count) => count > 0));
  await Promise.all(stops.map((stop) => stop()));
});

test('when nobody serves, the asker learns it at once', async () => {
  const started = performance.now();
  const asked = broker.buses.door.ask('ask.v1.status', bytes(''), { timeoutMs: 120_000 });
  assert.instance(await asked.catch((error) => error), Unanswered);
  assert.ok(performance.now() - started < 60_000);
});

test('when the answerer fails, the asker learns it at once and nothing of why', async () => {
  const stop = await broker.buses.pipeline.serve('ask.v1.collect', 'p', async () => {
    throw new Error('secret');
  });
  const asked = broker.buses.door.ask('ask.v1.collect', bytes(''), { timeoutMs: 60_000 });
  const failure = await asked.catch((error) => error);
  assert.instance(failure, Unanswered);
  assert.not.match(failure.message, 'secret');
  await stop();
});

test('a slow answer is given up after the time limit', async () => {
  let release = () => {};
  const held = new Promise<void>((next) => {
    release = next;
  });
  const stop = await broker.buses.pipeline.serve('ask.v1.receipt', 'p', async () => {
    await held;
    return bytes('late');
  });
  const asked = broker.buses.door.ask('ask.v1.receipt', bytes(''), { timeoutMs: 100 });
  assert.instance(await asked.catch((error) => error), Unanswered);
  release();
  await stop();
});

test('stopping takes no new requests and answers those under way', async () => {
  let [taken, release] = [0, () => {}];
  const held = new Promise<void>((next) => {
    release = next;
  });
  const stop = await broker.buses.pipeline.serve('route.v1.spoed', 'p', async () => {
    taken++;
    await held;
    return bytes('done');
  });
  const under = broker.buses.door.ask('route.v1.spoed', bytes(''), { timeoutMs: 60_000 });
  await until('the question to be taken', () => taken === 1);
  const stopping = stop();
  // One turn to the broker and back on the same connection: it knows by now that we stopped.
  await broker.buses.pipeline.log('ID').state();
  const after = broker.buses.door.ask('route.v1.spoed', bytes(''), { timeoutMs: 300 });
  assert.instance(await after.catch((error) => error), Unanswered);
  release();
  assert.is(text(await under), 'done');
  await stopping;
  assert.is(taken, 1);
});

test('a sign reaches whoever listens, until it stops', async () => {
  const seen: string[] = [];
  const { door, pipeline } = broker.buses;
  const stop = door.listen('notice.v1.*', (subject) => seen.push(subject));
  while (seen.length === 0) {
    pipeline.notify('notice.v1.r');
    await new Promise((next) => setTimeout(next, 10));
  }
  assert.is(seen[0], 'notice.v1.r');
  stop();
});

test('a thief of the door cannot have the pipeline write its answer where the thief may not', async () => {
  let asked = 0;
  const stop = await broker.buses.pipeline.serve('ask.v1.organisations', 'p', async () => {
    asked++;
    return bytes('forged');
  });
  const seed = new Uint8Array(readFileSync(broker.seed('door')));
  const thief = await connect({
    servers: [...broker.servers],
    authenticator: nkeyAuthenticator(seed),
    tls: { ca: readFileSync(broker.ca, 'utf8') },
    inboxPrefix: '_INBOX_door',
  });
  for (const reply of [
    'id.v1.a.b',
    'mailbox.v1.a.spoed.b.c',
    '$JS.API.STREAM.MSG.DELETE.MAILBOX',
  ]) {
    thief.publish('ask.v1.organisations', '', { reply });
  }
  await thief.flush();
  // An honest question after those: when it is answered, those have been seen.
  await broker.buses.door.ask('ask.v1.organisations', bytes(''), { timeoutMs: 60_000 });
  assert.is(asked, 1);
  assert.is(await broker.buses.pipeline.log('ID').count('id.v1.>'), 0);
  assert.is(await broker.buses.pipeline.log('MAILBOX').count('mailbox.v1.>'), 0);
  await thief.close();
  await stop();
});

test('when the broker dies under a question, the asker need not wait for its time to end', async () => {
  const stop = await broker.buses.pipeline.serve('route.v1.normaal', 'p', async () => {
    await broker.kill();
    return bytes('nobody will hear this');
  });
  const started = performance.now();
  const asked = broker.buses.door.ask('route.v1.normaal', bytes(''), { timeoutMs: 120_000 });
  assert.instance(await asked.catch((error) => error), Unanswered);
  assert.ok(performance.now() - started < 60_000);
  await broker.start();
  await stop();
});

test.run();
