/** Three brokers: who may join them, and what a leader that goes away means for those who ask. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bus, BusFault, isConflict } from '../../../router/bus/bus.ts';
import { inspectBroker } from '../../../router/bus/inspect.ts';
import { certificateFile, configFile, keyFile } from '../../../router/bus/places.ts';
import { prepareStreams } from '../../../router/bus/prepare.ts';
import { STREAMS } from '../../../router/bus/streams.ts';
import { openLease } from '../../../router/lease.ts';
import { systemClock } from '../../../schemas/clock.ts';
import { until } from '../../town/wait.ts';
import { brokerTls } from './broker.ts';
import { startTestCluster, type TestCluster } from './cluster.ts';

let cluster: TestCluster;
let bus: Bus;
test.before(async () => {
  cluster = await startTestCluster({ replicas: 1 });
  bus = await cluster.connect('pipeline');
});
test.after(() => cluster.stop());

const COUNT = Object.keys(STREAMS).length;
const bytes = (text: string) => Buffer.from(text);
const inspect = () => inspectBroker(cluster.options('admin'), { replicas: 3 });
/** Every stream answers, on three servers that have all of it. */
const untilWhole = () =>
  until(
    'three whole copies of each stream',
    async () => {
      const { streams, servers } = await inspect();
      const whole = streams.every(
        ({ answers, leader, copies }) =>
          answers && leader && copies.filter(({ current }) => current).length === 2,
      );
      return whole && servers.length === 3;
    },
    60,
  );
const leaderOf = async (stream: string): Promise<number> => {
  const { streams } = await inspect();
  return Number(streams.find((one) => one.stream === stream)?.leader?.at(-1));
};

test('streams that were kept once are kept three times when asked, and it is told', async () => {
  assert.equal((await bus.differences(1)).length, 0);
  assert.is((await bus.differences(3)).filter(({ thin }) => thin).length, COUNT);
  const { changes, differences } = await prepareStreams(cluster.options('admin'), {
    replicas: 3,
    update: true,
  });
  assert.is(changes.length, COUNT);
  assert.ok(
    changes.every(
      ({ setting, found, wanted }) => setting === 'num_replicas' && found === 1 && wanted === 3,
    ),
  );
  assert.equal(differences, []);
  await untilWhole();
});

test('every server of the cluster tells its variables', async () => {
  const variables = await bus.variables();
  assert.equal(variables.map(({ name }) => name).sort(), ['broker-0', 'broker-1', 'broker-2']);
  assert.ok(variables.every(({ clusterSize, room }) => clusterSize === 3 && room > 0));
});

/** Speaks to the port of the routes as another server would. @returns whether it is taken for one */
async function joinAs(given: { cert?: string; key?: string; user: string; password: string }) {
  const { user, password, ...tls } = given;
  const ca = readFileSync(cluster.ca);
  const socket = tlsConnect({
    port: cluster.routes[0] ?? 0,
    host: '127.0.0.1',
    servername: 'localhost',
    ca,
    ...tls,
  });
  const info = {
    server_id: 'NTEST',
    server_name: 'intruder',
    cluster: 'test',
    headers: true,
    nonce: '',
  };
  const hello = {
    echo: true,
    verbose: false,
    pedantic: false,
    user,
    pass: password,
    tls_required: true,
    name: 'NTEST',
    cluster: 'test',
  };
  return new Promise<string>((done) => {
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
      if (said.includes('PONG')) {
        socket.destroy();
        done('taken');
      }
    });
    socket.on('secureConnect', () =>
      socket.write(`CONNECT ${JSON.stringify(hello)}\r\nINFO ${JSON.stringify(info)}\r\nPING\r\n`),
    );
    socket.on('error', () => undefined);
    socket.on('close', () =>
      done(said.includes('Authorization') ? 'no credentials' : 'no certificate'),
    );
  });
}

test('a server joins with a certificate of our root and the word of the cluster, and not otherwise', async () => {
  const own = {
    cert: readFileSync(certificateFile(cluster.dir(1)), 'utf8'),
    key: readFileSync(keyFile(cluster.dir(1)), 'utf8'),
  };
  const user = 'route';
  const password = readFileSync(join(cluster.dir(1), 'route.secret'), 'utf8');
  assert.is(await joinAs({ ...own, user, password }), 'taken');
  assert.is(await joinAs({ ...own, user, password: 'guessed' }), 'no credentials');
  assert.is(await joinAs({ user, password }), 'no certificate');
  const strange = await brokerTls({ anew: true });
  assert.is(
    await joinAs({ cert: strange.cert, key: strange.key, user, password }),
    'no certificate',
  );
});

test('a leader that is killed stops nobody for longer than it takes to choose another', async () => {
  const mailbox = bus.log('MAILBOX');
  const subject = (id: number) => `mailbox.v1.b.spoed.a.${id}`;
  const queue = await bus.queue('MAILBOX', 'b-spoed', 'mailbox.v1.b.spoed.>', 2000);
  const lease = openLease({
    bucket: await bus.bucket('lease'),
    ...{ key: 'one', holder: 'us', lengthMs: 60_000, clock: systemClock },
  });
  assert.ok(await lease.hold());
  assert.not.ok(isConflict(await mailbox.put(subject(0), bytes('0'), { expect: 0 })));

  const fallen = await leaderOf('MAILBOX');
  await cluster.kill(fallen);
  const put = (id: number) =>
    until(
      `put ${id}`,
      () => mailbox.put(subject(id), bytes(`${id}`), { expect: 0 }).catch(() => undefined),
      40,
    );
  for (const id of [1, 2, 3]) await put(id);
  // Whatever was answered or not: each is there once, and a second one is a conflict.
  for (const id of [0, 1, 2, 3]) {
    assert.ok(isConflict(await mailbox.put(subject(id), bytes('other'), { expect: 0 })));
    assert.is(Buffer.from((await mailbox.last(subject(id)))?.data ?? []).toString(), `${id}`);
  }
  const seen = new Set<string>();
  await until(
    'all of them in the queue',
    async () => {
      for (const one of await queue.take(10).catch(() => [])) seen.add(one.subject);
      return seen.size === 4;
    },
    40,
  );
  assert.ok(await until('the lease', () => lease.hold().catch(() => false)));

  await cluster.start(fallen);
  await untilWhole();
  assert.is((await mailbox.state()).count, 4);
});

test('a list is whole also when it is read on a server that has not caught up', async () => {
  const ledger = bus.log('LEDGER');
  const slow = (await leaderOf('LEDGER')) === 0 ? 1 : 0;
  const [large, asked] = [Buffer.alloc(4000), 100];
  // With one server asleep, or just awake, another may become the leader: who was not answered asks again.
  const answered = <T>(what: string, ask: () => Promise<T>) =>
    until(what, () =>
      ask().catch((error) => {
        if (error instanceof BusFault) return undefined;
        throw error;
      }),
    );
  const put = () => answered('stored', () => ledger.put('ledger.v1.test', large));
  const list = async (from: number) => {
    const found: number[] = [];
    for await (const one of ledger.list('ledger.v1.*', from, { headersOnly: true }))
      found.push(one.seq);
    return found;
  };
  for (let round = 0; round < 2; round++) {
    process.kill(cluster.pid(slow), 'SIGSTOP');
    try {
      for (let at = 0; at < 20; at++) await Promise.all(Array.from({ length: 50 }, put));
    } finally {
      process.kill(cluster.pid(slow), 'SIGCONT');
    }
    const { last: stored } = await answered('the state', () => ledger.state());
    for (let look = 0; look < 8; look++) {
      const found = await answered('a list', () => list(stored - asked + 1));
      assert.equal([found.length, found.at(-1)], [asked, stored]);
    }
  }
});

test('settings say nothing of the other listeners, and lists no address to clients', () => {
  const text = readFileSync(configFile(cluster.dir(0)), 'utf8');
  assert.not.match(text, /websocket|leafnode|gateway|mqtt|no_auth_user|verify_and_map/);
  assert.match(text, 'no_advertise: true');
  assert.match(text, 'verify: true');
});

test.run();
