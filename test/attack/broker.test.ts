/** Every role tries everything that is not its own, on a real broker; and what the advisories are about is not there. */
import { readFileSync } from 'node:fs';
import { connect, type NatsConnection, nkeyAuthenticator, PermissionViolationError } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ADVISORIES, advisoriesFor } from '../../router/bus/advisories.ts';
import { configFile } from '../../router/bus/settings.ts';
import { STREAMS } from '../../router/bus/streams.ts';
import { BUS_ROLES, type BusRole, RIGHTS } from '../../router/bus/users.ts';
import { startTestBroker, type TestBroker } from '../router/bus/broker.ts';
import type { RowId } from './catalogue.ts';
import { saw } from './saw.ts';

let broker: TestBroker;
let settings: string;
const roles = new Map<string, NatsConnection>();
test.before(async () => {
  broker = await startTestBroker();
  settings = readFileSync(configFile(broker.dir), 'utf8');
  for (const role of [...BUS_ROLES, 'system'] as const) roles.set(role, await login(role));
});
test.after(async () => {
  await Promise.all([...roles.values()].map((nc) => nc.close()));
  await broker.stop();
});

const tls = () => ({ ca: readFileSync(broker.ca, 'utf8') });
const login = (role: BusRole | 'system'): Promise<NatsConnection> =>
  connect({
    ...{ servers: [...broker.servers], tls: tls(), inboxPrefix: `_INBOX_${role}` },
    authenticator: nkeyAuthenticator(new Uint8Array(readFileSync(broker.seed(role)))),
  });
const client = (role: string): NatsConnection => {
  const found = roles.get(role);
  if (found === undefined) throw new Error(role);
  return found;
};

function fits(pattern: string, subject: string): boolean {
  const [want, have] = [pattern.split('.'), subject.split('.')];
  const open = want.at(-1) === '>';
  const alike = want.every((token, at) =>
    token === '>' ? have.length > at : token === have[at] || (token === '*' && at in have),
  );
  return alike && (open || want.length === have.length);
}
/** One subject that a pattern allows. */
const example = (pattern: string) => pattern.replaceAll('*', 'x').replace(/>$/, 'x.y.z');

/** Every verb of JetStream's API, as its documentation names them, with the streams it is about. */
const STREAM_VERBS = [
  ...['STREAM.CREATE', 'STREAM.UPDATE', 'STREAM.INFO', 'STREAM.DELETE', 'STREAM.PURGE'],
  ...['STREAM.MSG.GET', 'STREAM.MSG.DELETE', 'STREAM.SNAPSHOT', 'STREAM.RESTORE'],
  ...[
    'STREAM.PEER.REMOVE',
    'STREAM.LEADER.STEPDOWN',
    'STREAM.TEMPLATE.CREATE',
    'STREAM.TEMPLATE.DELETE',
  ],
  ...['CONSUMER.NAMES', 'CONSUMER.LIST', 'DIRECT.GET'],
];
const CONSUMER_VERBS = [
  ...['CONSUMER.CREATE', 'CONSUMER.DURABLE.CREATE', 'CONSUMER.INFO', 'CONSUMER.DELETE'],
  ...[
    'CONSUMER.MSG.NEXT',
    'CONSUMER.LEADER.STEPDOWN',
    'CONSUMER.PAUSE',
    'CONSUMER.UNPIN',
    'CONSUMER.RESET',
  ],
];
const ACCOUNT_VERBS = [
  ...['INFO', 'STREAM.NAMES', 'STREAM.LIST', 'STREAM.TEMPLATE.NAMES', 'META.LEADER.STEPDOWN'],
  ...['SERVER.REMOVE', 'ACCOUNT.PURGE.KETENPOST', 'ACCOUNT.STREAM.MOVE.KETENPOST.MAILBOX'],
];

const everything = (): string[] => {
  const streams = [...Object.keys(STREAMS), 'OTHER'];
  return [
    ...ACCOUNT_VERBS.map((verb) => `$JS.API.${verb}`),
    ...streams.flatMap((stream) => [
      ...STREAM_VERBS.map((verb) => `$JS.API.${verb}.${stream}`),
      ...CONSUMER_VERBS.map((verb) => `$JS.API.${verb}.${stream}.q`),
      ...[
        `$JS.ACK.${stream}.q.1.1.1.1.1`,
        `$JS.FC.${stream}.q.x`,
        `$JS.API.DIRECT.GET.${stream}.a`,
      ],
      `$JS.SNAPSHOT.RESTORE.${stream}.x`,
    ]),
    ...BUS_ROLES.flatMap((role) =>
      [...RIGHTS[role].publish, ...RIGHTS[role].subscribe].map(example),
    ),
    ...['$SYS.REQ.SERVER.PING', '$SYS.REQ.SERVER.PING.VARZ', '$SYS.REQ.SERVER.PING.JSZ'],
    ...['$SYS.REQ.ACCOUNT.KETENPOST.CONNZ', '$SYS.REQ.SERVER.x.RELOAD', '$SYS.REQ.SERVER.x.KICK'],
    ...[
      '$SYS.REQ.ACCOUNT.PING.CONNZ',
      '$SYS.REQ.USER.INFO',
      '$SYS.REQ.CLAIMS.UPDATE',
      '$SYS.DEBUG.x',
    ],
    ...[
      '$JSC.R.x',
      '$NRG.x',
      '$GNR.x',
      '$KV.other.key',
      '$O.bucket.C.x',
      'anything',
      '_INBOX.x',
      '_R_.x',
    ],
  ];
};

/** What the broker refuses of these, said by itself. */
async function refusedTo(nc: NatsConnection, work: () => void): Promise<string[]> {
  const refused: string[] = [];
  const status = nc.status();
  const listening = (async () => {
    for await (const one of status)
      if (one.type === 'error' && one.error instanceof PermissionViolationError)
        refused.push(one.error.subject);
  })();
  work();
  await nc.flush();
  await nc.flush();
  (status as AsyncIterable<unknown> & { stop?: () => void }).stop?.();
  await Promise.race([listening, new Promise((done) => setTimeout(done, 50))]);
  return refused;
}

test('B1 each role publishes to every subject that is not its own, and to every verb of JetStream', async () => {
  const subjects = [...new Set(everything())];
  for (const role of BUS_ROLES) {
    const others = subjects.filter((one) => !RIGHTS[role].publish.some((own) => fits(own, one)));
    assert.ok(others.length > 150, role);
    const nc = client(role);
    const refused = new Set(
      await refusedTo(nc, () => {
        for (const subject of others) nc.publish(subject, '');
      }),
    );
    assert.equal(
      others.filter((one) => !refused.has(one)),
      [],
      role,
    );
    saw('B1', '(permissions violation)', `${role}: ${others.length} subjects, all refused`);
  }
});

test('B2 each role listens to what is not its own, with wildcards and in queues', async () => {
  const wild = [
    '>',
    '*',
    '*.>',
    '*.*.>',
    '_INBOX.>',
    '_INBOX_*.>',
    '$SYS.>',
    '$JS.>',
    '$JS.API.>',
    '$JS.EVENT.>',
    '$KV.>',
    '$JS.ACK.>',
    '_R_.>',
  ];
  const streams = Object.values(STREAMS).flatMap(({ subjects }) => subjects);
  const owned = BUS_ROLES.flatMap((role) => [...RIGHTS[role].subscribe, ...RIGHTS[role].publish]);
  for (const role of BUS_ROLES) {
    const others = [...new Set([...wild, ...streams, ...owned])].filter(
      (one) => !RIGHTS[role].subscribe.some((own) => own === one || fits(own, example(one))),
    );
    const nc = client(role);
    for (const queue of [undefined, 'pipeline', 'q']) {
      const refused: string[] = [];
      const subscriptions = others.map((subject) =>
        nc.subscribe(subject, {
          ...(queue !== undefined && { queue }),
          callback: (error) => {
            if (error instanceof PermissionViolationError) refused.push(subject);
          },
        }),
      );
      await nc.flush();
      await nc.flush();
      assert.equal(
        others.filter((one) => !refused.includes(one)),
        [],
        `${role} ${queue}`,
      );
      for (const one of subscriptions) one.unsubscribe();
    }
    saw(
      'B2',
      '(permissions violation)',
      `${role}: ${others.length} subjects, alone and in two queues, all refused`,
    );
  }
});

test('B3 nobody has a verb that can restore, purge, delete or snapshot a stream; the door has none at all', () => {
  assert.not.ok(RIGHTS.door.publish.some((one) => one.startsWith('$')));
  for (const role of BUS_ROLES)
    for (const pattern of RIGHTS[role].publish) {
      // A pipeline may take away a queue of its own that the broker lost count of; nobody else any.
      if (pattern.includes('CONSUMER.DELETE')) assert.is(role, 'pipeline', pattern);
      assert.not.match(
        pattern,
        /RESTORE|PURGE|STREAM\.DELETE|SNAPSHOT|DURABLE|DIRECT|^\$SYS|^>|^\*/,
      );
      if (pattern.startsWith('$JS.API.'))
        assert.match(pattern, new RegExp(`(${Object.keys(STREAMS).join('|')})(\\.[*>])?$`));
    }
  saw('B3', '(permissions violation)');
});

/** What the server says of itself. */
async function variables(): Promise<Record<string, unknown>> {
  const said = await client('system').request('$SYS.REQ.SERVER.PING.VARZ', '', { timeout: 60_000 });
  return (said.json() as { data: Record<string, unknown> }).data;
}
const refused = async (options: object): Promise<string> => {
  const attempt = connect({ servers: [...broker.servers], tls: tls(), ...options });
  const failure = await attempt.then(
    (nc) => nc.close().then(() => new Error('it got in')),
    (error: Error) => error,
  );
  return failure.message;
};

const NOT_THERE: readonly [id: RowId, advisory: string, check: () => Promise<void>][] = [
  [
    'N1',
    'CVE-2022-24450',
    async () => {
      const { version } = broker.buses.pipeline.server;
      assert.not.ok(
        advisoriesFor(version).some(({ id }) => id === 'CVE-2022-24450'),
        version,
      );
      const refusals = await refusedTo(client('pipeline'), () =>
        client('pipeline').publish('$SYS.REQ.ACCOUNT.SYSTEM.CONNZ', ''),
      );
      assert.is(refusals.length, 1);
    },
  ],
  [
    'N2',
    'CVE-2023-47090',
    async () => {
      assert.match(await refused({}), /auth/i);
      assert.match(await refused({ user: 'a', pass: 'b' }), /auth/i);
      const clients = settings.replace(/cluster \{[\s\S]*?\n\}/, '');
      assert.not.match(clients, 'authorization');
    },
  ],
  [
    'N3',
    'CVE-2025-30215',
    async () => {
      assert.is(settings.match(/jetstream: enabled/g)?.length, 1);
      for (const role of BUS_ROLES)
        for (const pattern of RIGHTS[role].publish)
          assert.not.match(pattern, /STREAM\.(PURGE|DELETE)/);
    },
  ],
  [
    'N4',
    'CVE-2026-27889',
    async () => {
      assert.not.match(settings, 'websocket');
      assert.equal(portOf((await variables())['websocket']), 0);
    },
  ],
  [
    'N5',
    'CVE-2026-29785',
    async () => {
      assert.not.match(settings, 'leafnode');
      assert.equal(portOf((await variables())['leaf']), 0);
    },
  ],
  [
    'N6',
    'CVE-2026-33222',
    async () => {
      for (const role of BUS_ROLES) {
        const nc = client(role);
        const restores = Object.keys(STREAMS).map((name) => `$JS.API.STREAM.RESTORE.${name}`);
        const refusals = await refusedTo(nc, () => {
          for (const one of restores) nc.publish(one, '{}');
        });
        assert.is(refusals.length, restores.length, role);
      }
    },
  ],
  [
    'N7',
    'CVE-2026-33248',
    async () => assert.not.match(settings, /verify_and_map|verify_cert_and_check/),
  ],
  [
    'N8',
    'NATS-2026-16',
    async () => {
      assert.not.match(settings, 'no_auth_user');
      assert.match(await refused({}), /auth/i);
    },
  ],
  [
    'N9',
    'NATS-2026-18',
    async () => {
      assert.not.match(settings, /deny/);
      assert.match(settings, 'allow');
    },
  ],
];
const portOf = (part: unknown): number =>
  Number((part as { port?: number } | undefined)?.port ?? 0);

for (const [id, advisory, check] of NOT_THERE)
  test(`${id} ${advisory}: what it is about is not in the generated settings`, async () => {
    assert.ok(
      ADVISORIES.some((one) => one.id === advisory),
      advisory,
    );
    await check();
    saw(id, '(not there)');
  });

test('the broker listens to nothing but TLS on one port', async () => {
  const said = await variables();
  assert.is(said['tls_required'], true);
  assert.is(portOf(said['gateway']), 0);
  assert.is(portOf(said['mqtt']), 0);
  assert.is(said['http_port'] ?? 0, 0);
});

test.run();
