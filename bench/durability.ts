/**
 * What it costs that the broker has on the disk what it acknowledges, and has it more than once: a
 * message of 2 kB put into a mailbox, under each setting that the nats-server at hand knows. Another
 * one is named in NATS_SERVER_BIN.
 *
 *   node dist/bench/durability.js [--json]
 */
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { knowsSyncInterval } from '../router/bus/durability.ts';
import { serverVersion } from '../router/bus/server.ts';
import { openTerminal, table } from '../terminal.ts';
import { startTestCluster } from '../test/router/bus/cluster.ts';
import { median, quantile } from './figures.ts';
import { clock, delaysOf, rateOf, saturate } from './load.ts';

interface Setting {
  readonly name: string;
  readonly count: number;
  readonly syncAlways: boolean;
}

interface Measured {
  readonly name: string;
  /** Milliseconds until it was acknowledged, one at a time. */
  readonly p50: number;
  readonly p99: number;
  /** Messages a second, so many at once. */
  readonly rate: number;
  /** Of the machine, before it was measured. */
  readonly load: number;
}

const BODY = randomBytes(2048);
const ALONE = 400;
const WINDOW = 64;
const MANY = 4000;

const version = serverVersion();
const settings: readonly Setting[] = [
  { name: 'one server, default', count: 1, syncAlways: false },
  ...(knowsSyncInterval(version)
    ? [{ name: 'one server, sync_interval: always', count: 1, syncAlways: true }]
    : []),
  { name: 'three servers (R3), default', count: 3, syncAlways: false },
  ...(knowsSyncInterval(version)
    ? [{ name: 'three servers (R3), sync_interval: always', count: 3, syncAlways: true }]
    : []),
];

async function measure({ name, count, syncAlways }: Setting): Promise<Measured> {
  const load = loadavg()[0] ?? 0;
  const cluster = await startTestCluster({ count, replicas: count, syncAlways });
  try {
    const mailbox = (await cluster.connect('pipeline')).log('MAILBOX');
    let id = 0;
    const put = async () => {
      await mailbox.put(`mailbox.v1.b.normaal.a.${id++}`, BODY, { expect: 0 });
      return clock();
    };
    await saturate(put, { window: WINDOW, count: MANY / 4 });
    const alone = delaysOf(await saturate(put, { window: 1, count: ALONE }));
    const rate = rateOf(await saturate(put, { window: WINDOW, count: MANY }));
    return { name, p50: median(alone), p99: quantile(alone, 0.99), rate, load };
  } finally {
    await cluster.stop();
  }
}

const terminal = openTerminal({ json: process.argv.includes('--json') });
const rows: Measured[] = [];
for (const setting of settings) {
  terminal.progress(`${version}: ${setting.name}`);
  rows.push(await measure(setting));
}
const head = ['setting', 'p50 ms', 'p99 ms', `messages/s (${WINDOW} at once)`, 'load'];
const cells = rows.map(({ name, p50, p99, rate, load }) => [
  ...[name, p50.toFixed(2), p99.toFixed(2), rate.toFixed(0), load.toFixed(1)],
]);
terminal.line(
  process.argv.includes('--json')
    ? JSON.stringify({ version, rows }, null, 2)
    : `nats-server ${version}\n${table(head, cells, terminal.out)}`,
);
