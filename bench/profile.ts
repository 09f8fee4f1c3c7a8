/**
 * Reads CPU profiles and says where the time of the main thread went: by kind of work, and by file
 * of ours. Work inside Node, a package or a native function is put under the file of ours that called it.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Frame {
  readonly functionName: string;
  readonly url: string;
}
interface RawNode {
  readonly id: number;
  readonly callFrame: Frame;
  readonly children?: readonly number[];
}
export interface RawProfile {
  readonly nodes: readonly RawNode[];
  readonly samples: readonly number[];
  /** Microseconds that each sample stands for. */
  readonly timeDeltas: readonly number[];
}

export interface Share {
  readonly name: string;
  readonly milliseconds: number;
}

export interface Summary {
  /** Milliseconds in which the main thread worked. */
  readonly busy: number;
  readonly idle: number;
  readonly kinds: readonly Share[];
  /** What no file of ours called stands under its kind, in parentheses. */
  readonly files: readonly Share[];
}

/** The build's root, above bench/: what lies below it and in no package is ours. */
const OURS = `${dirname(dirname(fileURLToPath(import.meta.url)))}/`;

/** Writing the profile down is no part of the path. */
const PROFILER = 'bench/profiler.ts';

/** The first that fits names the kind of work; the rest of Node is `node`. */
const KINDS: readonly (readonly [kind: string, url: RegExp])[] = [
  ['cryptography', /^node:internal\/crypto\//],
  ['TLS', /^node:(_tls|tls|internal\/tls)/],
  [
    'HTTP',
    /^node:(_http|http|internal\/http)|node_modules\/(undici|fastify|find-my-way|light-my-request|avvio)\//,
  ],
  [
    'sockets and streams',
    /^node:(net|internal\/stream|internal\/js_stream|stream|internal\/net|internal\/webstreams)/,
  ],
  ['SQLite', /node_modules\/(@libsql|libsql|@neon-rs)\//],
  ['NATS client', /node_modules\/(nats|@nats-io)\//],
  ['JSON Schema', /node_modules\/(ajv|ajv-formats)\/|^$/],
  ['log and metrics', /node_modules\/(pino|sonic-boom|thread-stream|prom-client|@pinojs)/],
  ['other packages', /node_modules\//],
  [
    'promises and timers',
    /^node:internal\/(process\/task_queues|timers|async_hooks|promise)|^node:(timers|async_hooks)/,
  ],
  ['node', /^node:/],
];

export const readProfile = (file: string): RawProfile =>
  JSON.parse(readFileSync(file, 'utf8')) as RawProfile;

export function summarise({ nodes, samples, timeDeltas }: RawProfile): Summary {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((c) => [c, id])));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const self = new Map<number, number>();
  samples.forEach((id, at) => {
    self.set(id, (self.get(id) ?? 0) + (timeDeltas[at] ?? 0) / 1000);
  });
  const [kinds, files] = [new Map<string, number>(), new Map<string, number>()];
  let idle = 0;
  for (const [id, ms] of self) {
    const path = framesUp(byId, parents, id);
    if (path[0]?.functionName === '(idle)') idle += ms;
    else if (fileOf(path) !== PROFILER) {
      const kind = kindOf(path);
      add(kinds, kind, ms);
      add(files, fileOf(path) ?? `(${kind})`, ms);
    }
  }
  const busy = [...kinds.values()].reduce((total, ms) => total + ms, 0);
  return { busy, idle, kinds: shares(kinds), files: shares(files) };
}

/** The frame itself, who called it, and so on. */
function framesUp(
  byId: ReadonlyMap<number, RawNode>,
  parents: ReadonlyMap<number, number>,
  id: number,
): Frame[] {
  const frames: Frame[] = [];
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const node = byId.get(at);
    if (node !== undefined) frames.push(node.callFrame);
  }
  return frames;
}

const isOurs = ({ url }: Frame): boolean =>
  url.startsWith(`file://${OURS}`) && !url.includes('node_modules');

function kindOf(path: readonly Frame[]): string {
  const [first] = path;
  if (first?.functionName === '(garbage collector)') return 'garbage collection';
  if (first?.functionName === '(program)') return 'native, outside JavaScript';
  // Native functions (JSON.parse, Buffer, a socket's write) count for whoever called them.
  const caller = path.find(({ url }) => url !== '') ?? first;
  if (caller === undefined || isOurs(caller)) return 'ours';
  return KINDS.find(([, url]) => url.test(caller.url))?.[0] ?? 'other';
}

const fileOf = (path: readonly Frame[]): string | undefined =>
  path.find(isOurs)?.url.slice(`file://${OURS}`.length).replace(/\.js$/, '.ts');

const add = (map: Map<string, number>, name: string, ms: number): void => {
  map.set(name, (map.get(name) ?? 0) + ms);
};

const shares = (map: ReadonlyMap<string, number>): Share[] =>
  [...map]
    .map(([name, milliseconds]) => ({ name, milliseconds }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
