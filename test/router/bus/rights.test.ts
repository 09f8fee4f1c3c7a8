/** Each role can do what it needs and nothing else, over real TLS; the broker decides, not we. */
import { readFileSync } from 'node:fs';
import { connect as tcp } from 'node:net';
import { join } from 'node:path';
import { connect, type NatsConnection, nkeyAuthenticator, PermissionViolationError } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectBus } from '../../../router/bus/connect.ts';
import { BUS_ROLES, type BusRole, inboxPrefix, RIGHTS } from '../../../router/bus/users.ts';
import { startTestBroker, type TestBroker } from './broker.ts';

let broker: TestBroker;
const raw = new Map<BusRole, NatsConnection>();
test.before(async () => {
  broker = await startTestBroker();
  for (const role of BUS_ROLES) raw.set(role, await login(role));
});
test.after(async () => {
  await Promise.all([...raw.values()].map((nc) => nc.close()));
  await broker.stop();
});

const tls = () => ({ ca: readFileSync(broker.ca, 'utf8') });
const login = (role: BusRole | 'system'): Promise<NatsConnection> =>
  connect({
    servers: [...broker.servers],
    tls: tls(),
    authenticator: nkeyAuthenticator(new Uint8Array(readFileSync(broker.seed(role)))),
    inboxPrefix: `_INBOX_${role}`,
  });
const client = (role: BusRole): NatsConnection => {
  const nc = raw.get(role);
  if (nc === undefined) throw new Error(role);
  return nc;
};

async function mayPublish(nc: NatsConnection, subject: string): Promise<boolean> {
  try {
    await nc.request(subject, '', { timeout: 250 });
    return true;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return !(cause instanceof PermissionViolationError);
  }
}

async function maySubscribe(nc: NatsConnection, subject: string): Promise<boolean> {
  let allowed = true;
  const sub = nc.subscribe(subject, {
    callback: (error) => {
      if (error instanceof PermissionViolationError) allowed = false;
    },
  });
  await nc.flush();
  await nc.flush();
  sub.unsubscribe();
  return allowed;
}

/** One subject that each pattern allows. */
const example = (pattern: string) => pattern.replaceAll('*', 'x').replace(/>$/, 'x.y.z');
function fits(pattern: string, subject: string): boolean {
  const [want, have] = [pattern.split('.'), subject.split('.')];
  return (
    want.every(
      (token, at) =>
        (token === '>' && have.length > at) || token === have[at] || (token === '*' && at in have),
    ) &&
    (want.at(-1) === '>' || want.length === have.length)
  );
}

const DANGEROUS = [
  ...['$JS.API.INFO', '$JS.API.STREAM.NAMES', '$JS.API.STREAM.LIST'],
  ...['STREAM.PURGE', 'STREAM.DELETE', 'STREAM.SNAPSHOT', 'STREAM.RESTORE'].map(
    (verb) => `$JS.API.${verb}.MAILBOX`,
  ),
  ...['$JS.API.DIRECT.GET.ID', '$JS.API.CONSUMER.DELETE.MAILBOX.q', '$JS.API.STREAM.CREATE.OTHER'],
  ...['$JS.API.STREAM.MSG.DELETE.LEDGER', '$JS.API.STREAM.MSG.DELETE.CHAIN'],
  ...['$JS.ACK.MAILBOX.q.1.1.1.1.1', '$SYS.REQ.SERVER.PING.VARZ', '$SYS.REQ.SERVER.PING'],
  ...['$SYS.REQ.ACCOUNT.KETENPOST.CONNZ', '$KV.other.key', 'anything', '_INBOX.x'],
];

for (const role of BUS_ROLES) {
  test(`${role} may publish what its table says, and the broker refuses it the rest`, async () => {
    const subjects = new Set(DANGEROUS);
    for (const one of BUS_ROLES) for (const p of RIGHTS[one].publish) subjects.add(example(p));
    for (const subject of subjects) {
      const expected = RIGHTS[role].publish.some((pattern) => fits(pattern, subject));
      // What is allowed may change the streams for the tests after it; the refusals count here.
      if (expected) continue;
      assert.is(await mayPublish(client(role), subject), false, `${role} → ${subject}`);
    }
  });

  test(`${role} may listen to what its table says, and to nobody's answers but its own`, async () => {
    const wanted = ['>', '*.>', '_INBOX_door.>', '_INBOX_pipeline.>', '_INBOX_admin.>', '_INBOX.>'];
    wanted.push('mailbox.v1.>', 'ledger.v1.>', '$JS.API.>', '$JS.EVENT.>', '$SYS.>', '$KV.>');
    wanted.push('route.v1.*', 'ask.v1.*', 'notice.v1.*');
    for (const subject of wanted) {
      const expected = RIGHTS[role].subscribe.includes(subject);
      assert.is(await maySubscribe(client(role), subject), expected, `${role} ← ${subject}`);
    }
  });
}

test('the door has nothing of JetStream: not even with a queue group or a made-up answer', async () => {
  const { door } = broker.buses;
  for (const attempt of [
    () => door.log('MAILBOX').put('mailbox.v1.a.spoed.b.c', Buffer.from('x')),
    () => door.log('ID').last('id.v1.a.b'),
    () => door.log('LEDGER').state(),
    () => door.queue('MAILBOX', 'q', 'mailbox.v1.>', 1000),
    () => door.variables(),
  ]) {
    const failure = await attempt().catch((error) => error);
    assert.is(failure.name, 'BusFault');
    assert.is(failure.code, 403, failure.message);
  }
  const sub = client('door').subscribe('route.v1.spoed', {
    queue: 'pipeline',
    callback: (error) => {
      refused ||= error instanceof PermissionViolationError;
    },
  });
  let refused = false;
  await client('door').flush();
  await client('door').flush();
  assert.ok(refused);
  sub.unsubscribe();
});

test('nobody gets in without a seed, with a strange seed, or without trusting the right authority', async () => {
  const servers = [...broker.servers];
  const refused = async (attempt: Promise<unknown>) => {
    const failure = await attempt.catch((error) => error);
    assert.instance(failure, Error);
    return failure as Error;
  };
  await refused(connect({ servers, tls: tls() }));
  const seedFile = broker.seed('pipeline');
  const wrongCa = connectBus({
    servers,
    ca: join(broker.dir, 'tls.pem'),
    role: 'door',
    seedFile,
    name: '',
  });
  assert.match((await refused(wrongCa)).message, 'cannot connect');
  // Another role's seed connects, but its answers cannot reach an inbox that it may not listen to.
  const mixed = await connectBus({ servers, ca: broker.ca, role: 'door', seedFile, name: 'mixed' });
  const asked = mixed.ask('ask.v1.peer', new Uint8Array(), { timeoutMs: 300 });
  await refused(asked);
  await mixed.close();
});

test('the broker speaks TLS only', async () => {
  const port = Number(new URL(broker.servers[0] ?? '').port);
  const answer = await new Promise<string>((resolve) => {
    let seen = '';
    const socket = tcp(port, '127.0.0.1', () => {
      socket.write('CONNECT {"verbose":true}\r\nPING\r\n');
    });
    socket.on('data', (chunk) => {
      seen += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
  });
  assert.match(answer, '"tls_required":true');
  assert.not.match(answer, 'PONG');
});

test('the system user looks after the server and has no part in any message', async () => {
  const nc = await login('system');
  const varz = await nc.request('$SYS.REQ.SERVER.PING.VARZ', '', { timeout: 60_000 });
  assert.match(varz.string(), 'server_id');
  let heard = 0;
  nc.subscribe('route.v1.>', { callback: () => void heard++ });
  await nc.flush();
  const stop = await broker.buses.pipeline.serve('route.v1.spoed', 'p', async ({ data }) => data);
  await broker.buses.door.ask('route.v1.spoed', Buffer.from('x'), { timeoutMs: 60_000 });
  await nc.flush();
  assert.is(heard, 0);
  await stop();
  await nc.close();
});

test('inboxes are named after the roles', () => {
  for (const role of BUS_ROLES) {
    assert.ok(RIGHTS[role].subscribe.includes(`${inboxPrefix(role)}.>`));
  }
});

test.run();
