/**
 * What the radar and the case thread of an adapter cost in a store with many reports: families of four at
 * an address, every fourth report about a family that is there already. `node dist/bench/radar.js [reports]`.
 * No network, no signatures: a store, as deliver.ts fills it. On a machine that others use a hundredth of all
 * mostly waited for a core: told with that wait and without.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marksOf } from '../adapters/radar/marks.ts';
import { groupsOf, hintOf, matchesOf } from '../adapters/radar/view.ts';
import { noteOnRadar } from '../adapters/radar.ts';
import type { Rooms } from '../adapters/rooms.ts';
import type { InboxRow } from '../adapters/store/inbox.ts';
import { openStore, type Store } from '../adapters/store/store.ts';
import { listThreads, showThread } from '../adapters/thread.ts';
import { projectFolder } from '../project.ts';
import { systemClock } from '../schemas/clock.ts';
import { newUuid7, type Oin } from '../schemas/ids.ts';

const [OWN, SENDER] = ['00000099000000020000', '00000099000000010000'] as [Oin, Oin];
const REPORTS = Number(process.argv[2] ?? 100_000);
const ASKED = 500;
const BATCH = 200;
/** So many at the end are stored by themselves, as they arrive. */
const ALONE = 200;

const sample = JSON.parse(
  readFileSync(
    join(projectFolder(), 'schemas', 'messages', 'samples', 'vt-melding', 'heusden-spoed.json'),
    'utf8',
  ),
) as { readonly betrokkenen: readonly Record<string, unknown>[] };

/** The body of the sample, of a family with this number. */
const bodyOf = (family: number) => ({
  ...sample,
  betrokkenen: sample.betrokkenen.map((one, place) => ({
    ...one,
    burgerservicenummer: String(999_900_000_000 + family * 10 + place).slice(-9),
    naam: { voornamen: `Kind${place}`, geslachtsnaam: `Proef${family % 5_000}` },
    geheimhoudingPersoonsgegevens: false,
    verblijfplaats: {
      type: 'Adres',
      verblijfadres: {
        ...{ officieleStraatnaam: `Proefdijk ${family % 3_000}`, woonplaats: 'Heusden' },
        ...{ huisnummer: 1 + (family % 90_000), postcode: '5256ZZ' },
      },
    },
  })),
});

const rowOf = (n: number, jti: InboxRow['jti']): InboxRow => ({
  ...{ sender: SENDER, jti, digest: 'd' as never, senderName: 'Politie', type: 'vt-melding' },
  ...{ version: '1.0', prio: 'normaal', conversation: newUuid7(1_700_000_000_000 + n * 60_000) },
  ...{ refers: null, replaces: null, withdraws: null, casefile: null, answerBy: null, late: 0 },
  ...{ reminded: null, issued: 1, expires: 2, received: 1_700_000_000_000 + n * 60_000 },
  ...{ state: 'verwerkt', changed: 1, certificate: Buffer.alloc(1_200) },
});

const familyOf = (n: number): number => (n % 4 === 3 ? Math.floor(n / 7) : n);

/** @returns how long only the radar's part of storing one took */
function add(store: Store, n: number): Time {
  const jti = newUuid7(1_700_000_000_000 + n * 60_000);
  const inhoud = bodyOf(familyOf(n));
  store.inbox.add(
    rowOf(n, jti),
    `x.${Buffer.from(JSON.stringify({ inhoud })).toString('base64url')}.x`,
  );
  const [time] = timed(() => noteOnRadar(store, SENDER, { jti }, marksOf(inhoud)), 1);
  return time ?? { passed: 0, own: 0 };
}

/** Milliseconds: what passed, and what of it this process did not wait for a core. */
interface Time {
  readonly passed: number;
  readonly own: number;
}

/** How long this process has stood in line for a core; 0 where the system does not tell. */
function waited(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

function timed(work: (n: number) => unknown, count: number): Time[] {
  return Array.from({ length: count }, (_, n) => {
    const [line, began] = [waited(), performance.now()];
    work(n);
    const passed = performance.now() - began;
    return { passed, own: passed - (waited() - line) };
  });
}

function tell(what: string, times: readonly Time[]): void {
  const line = (of: keyof Time) => {
    const sorted = times.map((one) => one[of]).sort((a, b) => a - b);
    const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(2);
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`;
  };
  process.stdout.write(`${what.padEnd(46)} ${line('passed')}\n`);
  process.stdout.write(`${'  but for waiting for a core'.padEnd(46)} ${line('own')}\n`);
}

/** @returns what the radar's part of those took that came alone, at the end */
async function fill(store: Store): Promise<Time[]> {
  const alone: Time[] = [];
  for (let n = 0; n < REPORTS; ) {
    const many = n < REPORTS - ALONE ? Math.min(BATCH, REPORTS - ALONE - n) : 1;
    await store.write(() => {
      const times = Array.from({ length: many }, (_, i) => add(store, n + i));
      if (many === 1) alone.push(...times);
    });
    n += many;
  }
  return alone;
}

function ask(rooms: Rooms): void {
  const page = rooms.store.inbox.list({ state: null, type: null, limit: ASKED, offset: 0 });
  const each = (work: (row: InboxRow) => unknown) =>
    timed((n) => page[n] && work(page[n]), page.length);
  tell(
    'the radar, asking for one',
    each((row) => matchesOf(rooms, row)),
  );
  tell(
    'the radar, one line of a list',
    each((row) => hintOf(rooms, row)),
  );
  tell(
    'the radar, 20 groups',
    timed(() => groupsOf(rooms, 20, 0), 20),
  );
  tell(
    'the thread of one',
    each(({ conversation }) => showThread(rooms, conversation)),
  );
  tell(
    '30 threads',
    timed(() => listThreads(rooms, 30, 0), 20),
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-radar-'));
  const path = join(folder, 'store.db');
  const store = openStore({ path, keyFile: join(folder, 'store.key') }, OWN);
  try {
    const adding = await fill(store);
    process.stdout.write(`${REPORTS} reports, ${Math.round(statSync(path).size / 1_000_000)} MB\n`);
    tell('the radar, adding one', adding);
    ask({ store, oin: OWN, clock: systemClock } as Rooms);
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

await main();
