/** `ketenpost broker check`: whether a broker is fit for what is entrusted to it. */
import type { Command, Report } from '../../../schemas/command.ts';
import { type Advisory, advisoriesFor } from '../../bus/advisories.ts';
import type { ServerVariables } from '../../bus/bus.ts';
import { isAtLeast, LEAST } from '../../bus/durability.ts';
import { type Inspected, inspectBroker, type StreamState } from '../../bus/inspect.ts';
import { describe } from '../../bus/streams.ts';
import { readRouterConfig } from '../../config.ts';
import { CONFIG_OPTION, text } from '../admin.ts';
import { number } from './options.ts';
import { asAdmin, notReached } from './streams.ts';

export const check: Command = {
  name: 'broker check',
  summary: 'tell whether the broker is fit: versions, writes, copies, disk, advisories',
  options: [
    CONFIG_OPTION,
    ['--replicas <number>', 'servers that should keep each stream; broker.replicas when absent'],
  ],
  example: 'ketenpost broker check --config router.yaml',
  run: async (_args, options) => {
    const { broker } = await readRouterConfig(text(options, 'config') ?? 'router.yaml');
    const replicas = number(options, 'replicas') ?? broker.replicas;
    return tell(await inspectBroker(asAdmin(broker), { replicas }).catch(notReached));
  },
};

export interface Row {
  readonly of: string;
  readonly check: string;
  readonly found: string;
  readonly ok: boolean;
}

/** Above this share of its room a server should be given more, or keep less. */
const FULL = 0.8;

export function tell(found: Inspected): Report {
  const rows = [
    ...found.servers.flatMap(ofServer),
    ...missing(found.servers),
    ...found.streams.map(ofStream),
    ...found.differences.map((one) =>
      row(`stream ${one.stream}`, 'settings', describe(one), false),
    ),
    ...advisories(found.servers),
  ];
  const failed = rows.filter(({ ok }) => !ok);
  const good = failed.length === 0;
  return {
    json: { ok: good, ...found, checks: rows },
    text: good ? 'The broker is as it should be.' : summary(failed),
    table: {
      head: ['of', 'check', 'found', ''],
      rows: rows.map(({ of, check, found, ok }) => [of, check, found, ok ? 'ok' : 'FAILED']),
    },
    exit: good ? 'ok' : 'failed',
  };
}

/** What failed, first and by itself: the table has a line for all that is well, too. */
const summary = (failed: readonly Row[]): string =>
  [
    failed.length === 1 ? '1 check failed:' : `${failed.length} checks failed:`,
    ...failed.map(({ of, check, found }) => `  ${of}, ${check}: ${found}`),
    '',
  ].join('\n');

const row = (of: string, check: string, found: string, ok: boolean): Row => ({
  ...{ of, check, found, ok },
});

function ofServer(server: ServerVariables): Row[] {
  const { name, version, syncAlways, stored, room } = server;
  const of = `server ${name}`;
  const share = room === 0 ? 0 : stored / room;
  const current = isAtLeast(version, LEAST);
  const sync = syncAlways ? 'always' : 'now and then: a power cut can lose what was acknowledged';
  return [
    row(of, 'version', current ? version : `${version}, older than ${LEAST.join('.')}`, current),
    row(of, 'writes to disk', sync, syncAlways),
    row(of, 'disk', `${megabytes(stored)} of ${megabytes(room)} MB`, share < FULL),
  ];
}

function missing(servers: readonly ServerVariables[]): Row[] {
  const size = Math.max(1, ...servers.map(({ clusterSize }) => clusterSize));
  if (size === 1) return [];
  const found = `${servers.length} of ${size} servers answer`;
  return [row('cluster', 'servers', found, servers.length >= size)];
}

function ofStream(state: StreamState): Row {
  const { stream, answers, replicas, leader, copies, messages, bytes } = state;
  const of = `stream ${stream}`;
  if (!answers) return row(of, 'copies', 'no leader: it takes nothing now', false);
  const behind = copies.filter(({ current }) => !current).map(({ server }) => server);
  const whole = replicas === 1 ? 1 : (leader === undefined ? 0 : 1) + copies.length - behind.length;
  const where = leader === undefined ? '' : `, led by ${leader}`;
  const lag = behind.length === 0 ? '' : `, behind or away: ${behind.join(', ')}`;
  const what = `${whole} of ${replicas}, ${messages} messages, ${megabytes(bytes)} MB${where}${lag}`;
  return row(of, 'copies', what, whole >= replicas);
}

function advisories(servers: readonly ServerVariables[]): Row[] {
  const versions = [...new Set(servers.map(({ version }) => version))];
  return versions.flatMap((version) =>
    advisoriesFor(version).map((one) => ofAdvisory(version, one)),
  );
}

function ofAdvisory(version: string, { id, what, score, fixed, closedBy }: Advisory): Row {
  const mend = `${what} (CVSS ${score ?? 'not found'}; fixed in ${fixed.join(', ')})`;
  const found = closedBy === undefined ? mend : `${mend}; closed: ${closedBy}`;
  return row(`nats-server ${version}`, id, found, closedBy !== undefined);
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0);
