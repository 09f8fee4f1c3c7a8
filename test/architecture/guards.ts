/**
 * The rules of the house. Each guard is given files and returns what breaks its rule, one line
 * each, so that the test can show with a bad example that the guard is able to fail.
 */
import { posix } from 'node:path';
import { importsOf, roomOf, type Source } from './source.ts';

export type Guard = (sources: readonly Source[]) => string[];

/** Which rooms a room may import. Tests, the benchmark and the command line may import all. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  schemas: ['schemas'],
  certs: ['schemas', 'certs'],
  router: ['schemas', 'certs', 'router'],
  adapters: ['schemas', 'certs', 'adapters'],
};
const ROOMS = Object.keys(ARROWS);
const isOurs = (path: string): boolean => ROOMS.includes(roomOf(path));
const isCode = ({ path }: Source): boolean => /\.(ts|mjs)$/.test(path);

const findings = (
  sources: readonly Source[],
  finding: (source: Source) => readonly (string | false | undefined)[],
): string[] =>
  sources.flatMap((source) =>
    finding(source)
      .filter((line) => typeof line === 'string')
      .map((line) => `${source.path}: ${line}`),
  );

const importing = (
  sources: readonly Source[],
  bad: (target: string, source: Source) => string | false,
): string[] =>
  findings(sources.filter(isCode), (source) =>
    importsOf(source).map((target) => bad(target, source)),
  );

/** schemas ← certs ← router and adapters, which never import each other. */
export const arrows: Guard = (sources) =>
  importing(
    sources.filter(({ path }) => isOurs(path)),
    (target, { path }) => {
      const isPackage = !target.includes('.ts');
      const allowed = isPackage || (ARROWS[roomOf(path)] ?? []).includes(roomOf(target));
      return !allowed && `may not import ${target}`;
    },
  );

/** Only router/bus knows NATS, so that the broker can change behind one door. */
export const natsOnlyInBus: Guard = (sources) =>
  importing(
    sources.filter(({ path }) => isOurs(path) && !path.startsWith('router/bus/')),
    (target) => /^(nats|@nats-io\/.*)$/.test(target) && `may not import ${target}`,
  );

/** schemas does no I/O: it can be read and run anywhere. Its generator runs at development time. */
export const schemasArePure: Guard = (sources) =>
  importing(
    sources.filter(
      ({ path }) => roomOf(path) === 'schemas' && !path.startsWith('schemas/generate'),
    ),
    (target) => target.startsWith('node:') && `does I/O through ${target}`,
  );

/** No import runs in a circle; each circle is told once, from its first file on. */
export const noCircles: Guard = (sources) => {
  const graph = new Map(sources.filter(isCode).map((source) => [source.path, importsOf(source)]));
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.add(fromFirst(trail.slice(at)));
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return [...found];
};

function fromFirst(circle: readonly string[]): string {
  const first = circle.indexOf([...circle].sort()[0] ?? '');
  const turned = [...circle.slice(first), ...circle.slice(0, first)];
  return [...turned, turned[0]].join(' → ');
}

export const WALL = 250;
export const filesAreShort: Guard = (sources) =>
  findings(
    sources.filter(
      (source) => isCode(source) && (isOurs(source.path) || roomOf(source.path) === ''),
    ),
    ({ path, text }) => {
      const lines = text.split('\n').length - 1;
      return [
        !path.includes('/generated/') && lines > WALL && `${lines} lines, the wall is ${WALL}`,
      ];
    },
  );

/** Every subject is made in one table: nobody writes one by hand. */
export const subjectsInOneTable: Guard = (sources) =>
  findings(
    sources.filter(
      (source) => isCode(source) && isOurs(source.path) && !/^router\/bus\//.test(source.path),
    ),
    ({ text }) =>
      [
        ...text.matchAll(
          /['"`](route|ask|notice|mailbox|receipt|id|ledger|chain|deadletter)\.v1\./g,
        ),
      ].map(([subject]) => `writes the subject ${subject} by hand; use router/bus/subjects.ts`),
  );

/** Time is injected: only the system clock reads the time of the machine. */
export const timeIsInjected: Guard = (sources) =>
  findings(
    sources.filter(
      (source) => isCode(source) && isOurs(source.path) && source.path !== 'schemas/clock.ts',
    ),
    ({ text }) =>
      [...text.matchAll(/\bDate\.now\(\)|\bnew Date\(\)/g)].map(
        ([reads]) => `reads the machine's time by ${reads}; ask the clock`,
      ),
  );

/** No drawers: a name says what is inside. */
export const noDrawers: Guard = (sources) =>
  findings(sources, ({ path }) => [
    /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/.test(path) && 'the name says nothing',
  ]);

export const noPrivateKeys: Guard = (sources) =>
  findings(sources, ({ path, text }) => [
    /\.(p12|pfx|jks|keystore|nk|seed|creds)$/.test(path) && 'a key store',
    /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n[A-Za-z0-9+/=\s:,-]{60}/.test(text) && 'a private key',
    /\bS[ACNOUX][A-Z2-7]{56}\b/.test(text) && 'the seed of an nkey',
  ]);

/** Written so that the patterns do not find themselves. */
const MACHINES = [
  /\/w[o]rk\//,
  /\/f[a]rm\//,
  /\/home\/[a-z]+\//,
  /registry\.n[p]mjs/,
  /deb\.deb[i]an\./,
  /py[p]i\.org/,
];
export const noMachinePaths: Guard = (sources) =>
  findings(sources, ({ text }) =>
    MACHINES.map((pattern) => pattern.exec(text)?.[0]).map((hit) => hit && `names ${hit}`),
  );

/** The lock file holds versions and digests, and no address of whoever installed. */
export const noDownloadAddresses: Guard = (sources) =>
  findings(
    sources.filter(({ path }) => path.endsWith('package-lock.json')),
    ({ text }) => [/"resolved":\s*"http/.test(text) && 'records download addresses'],
  );

/** Links to files, and files named in `code`, exist. Addresses on the web are not fetched. */
export const linksAlive =
  (exists: (path: string) => boolean): Guard =>
  (sources) =>
    findings(
      sources.filter(({ path }) => path.endsWith('.md')),
      ({ path, text }) => {
        const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
          .map((hit) => (hit[1] ?? '').replace(/#.*$/, ''))
          .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
          .map((link) => posix.join(posix.dirname(path), link));
        const named = [...text.matchAll(/`([a-z]+\/[\w./-]+\.(?:ts|mjs|json|md|csv|yaml))`/g)]
          .map((hit) => hit[1] ?? '')
          .filter((file) => [...ROOMS, 'test', 'docs', 'bench'].includes(roomOf(file)));
        return [...links, ...named]
          .filter((file) => !exists(file))
          .map((file) => `dead link to ${file}`);
      },
    );

export const topFolders: Guard = (sources) => {
  const known = [...ROOMS, 'test', 'bench', 'docs', '.ci', ''];
  const found = new Set(sources.map(({ path }) => roomOf(path)));
  return [...found]
    .filter((room) => !known.includes(room))
    .map((room) => `a new top folder: ${room}`);
};
