/** A backup is whole or it is nothing: what was added, changed, cut off or still written to is refused. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFiles } from '../../../router/backup/copy.ts';
import { MANIFEST } from '../../../router/backup/manifest.ts';
import { backUp, restore } from '../../../router/backup.ts';
import { CommandError } from '../../../schemas/command.ts';
import { freePort } from '../../town/ports.ts';

let folder: string;
let broker: string;
let store: string;
let port: number;
const STREAMS = 'jetstream/KETENPOST/streams';
test.before.each(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ketenpost-backup-'));
  broker = join(folder, 'broker');
  store = join(broker, 'store');
  port = await freePort();
  put(
    'broker/nats-server.conf',
    `listen: "127.0.0.1:${port}"\njetstream {\n  store_dir: ${JSON.stringify(store)}\n}\n`,
  );
  put('broker/admin.seed', 'seed');
  put('router.yaml', 'identity: {}');
  for (const name of ['LEDGER', 'MAILBOX', 'DEADLETTER'])
    put(`broker/store/${STREAMS}/${name}/msgs/1.blk`, `bytes of ${name}`);
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const clock = { now: () => Date.UTC(2026, 10, 22) };
const out = () => join(folder, 'backup');
const make = (given: { bodies?: boolean; store?: string } = {}) =>
  backUp({
    broker,
    out: out(),
    config: join(folder, 'router.yaml'),
    bodies: false,
    clock,
    ...given,
  });
const bringBack = (replace = false) => restore({ backup: out(), broker, replace, clock });
const held = (name: string) => existsSync(join(out(), 'store', STREAMS, name));

async function refusal(work: Promise<unknown>): Promise<CommandError> {
  const failure = await work.then(
    () => undefined,
    (error) => error,
  );
  assert.instance(failure, CommandError);
  return failure;
}

test('it holds streams, settings and configuration, and bodies only when asked for', async () => {
  const manifest = await make();
  assert.equal(
    manifest.files.map(({ path }) => path),
    [
      'broker/admin.seed',
      'broker/nats-server.conf',
      'router/router.yaml',
      `store/${STREAMS}/LEDGER/msgs/1.blk`,
    ],
  );
  assert.equal([held('LEDGER'), held('MAILBOX'), held('DEADLETTER')], [true, false, false]);
  rmSync(out(), { recursive: true });
  assert.is((await make({ bodies: true })).bodies, true);
  assert.equal([held('LEDGER'), held('MAILBOX'), held('DEADLETTER')], [true, true, true]);
});

test('a broker that runs is neither copied nor replaced; a snapshot of its store may be', async () => {
  const server = createServer().listen(port, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  assert.match((await refusal(make())).message, 'the broker runs');
  await make({ store });
  assert.match((await refusal(bringBack(true))).message, 'the broker runs');
  await new Promise((done) => server.close(done));
});

test('one server of a cluster is not taken for the whole', async () => {
  appendFileSync(join(broker, 'nats-server.conf'), 'cluster {\n}\n');
  assert.match((await refusal(make())).message, 'cluster');
});

test('what is in the way stays: an old backup, a store that holds something', async () => {
  await make();
  assert.match((await refusal(make())).message, 'not empty');
  assert.match((await refusal(bringBack())).message, 'not empty');
  const ledger = join(store, STREAMS, 'LEDGER/msgs/1.blk');
  writeFileSync(ledger, 'later bytes');
  const { aside } = await bringBack(true);
  assert.is(readFileSync(ledger, 'utf8'), 'bytes of LEDGER');
  assert.is(readFileSync(join(aside ?? '', STREAMS, 'LEDGER/msgs/1.blk'), 'utf8'), 'later bytes');
  assert.not.ok(existsSync(join(store, STREAMS, 'MAILBOX')));
});

const DAMAGE: readonly (readonly [why: RegExp, damage: () => void])[] = [
  [
    /LEDGER.*was changed/,
    () => appendFileSync(join(out(), 'store', STREAMS, 'LEDGER/msgs/1.blk'), 'x'),
  ],
  [/admin\.seed is missing/, () => rmSync(join(out(), 'broker/admin.seed'))],
  [/extra was added/, () => writeFileSync(join(out(), 'extra'), '')],
  [/no backup/, () => rmSync(join(out(), MANIFEST))],
  [/no backup/, () => writeFileSync(join(out(), MANIFEST), '{')],
  [
    /lies outside/,
    () => {
      const file = join(out(), MANIFEST);
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('broker/admin.seed', '../../admin.seed'),
      );
    },
  ],
];

test('a backup that is not whole is refused before anything is written', async () => {
  for (const [why, damage] of DAMAGE) {
    await make();
    damage();
    rmSync(store, { recursive: true, force: true });
    assert.match((await refusal(bringBack())).message, why);
    assert.equal(readdirSync(broker).sort(), ['admin.seed', 'nats-server.conf']);
    rmSync(out(), { recursive: true });
    put(`broker/store/${STREAMS}/LEDGER/msgs/1.blk`, 'bytes of LEDGER');
  }
});

test('a file that is written to while it is copied makes the copy torn', async () => {
  put('from/a', 'a');
  const big = Buffer.alloc(4_000_000);
  put('from/b', big.toString());
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  const copying = copyFiles(from, to, ['b', 'a']);
  // It has looked at the files, and is at the first of them, when this is written.
  const writing = setInterval(() => appendFileSync(join(from, 'b'), 'x'), 1);
  try {
    assert.match((await refusal(copying)).message, 'written to while it was copied: b');
  } finally {
    clearInterval(writing);
  }
});

test.run();
