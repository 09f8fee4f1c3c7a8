/**
 * What the radar and the case thread of an adapter cost in a store with many reports: families of four at
 * an address, every fourth report about a family that is there already. `node dist/bench/radar.js [reports]`.
 * No network, no signatures: a store, as deliver.ts fills it.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marksOf } from '../adapters/radar/marks.ts';
import { groupsOf, matchesOf } from '../adapters/radar/view.ts';
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
    naam: { geslachtsnaam: `Proef${family % 5_000}` },
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

/** @returns how long only the radar's part of storing one took, in ms */
function add(store: Store, n: number): number {
  const jti = newUuid7(1_700_000_000_000 + n * 60_000);
  const inhoud = bodyOf(familyOf(n));
  store.inbox.add(
    rowOf(n, jti),
    `x.${Buffer.from(JSON.stringify({ inhoud })).toString('base64url')}.x`,
  );
  const began = performance.now();
  noteOnRadar(store, SENDER, { jti }, marksOf(inhoud));
  return performance.now() - began;
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(2);
  process.stdout.write(
    `${what.padEnd(46)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms\n`,
  );
}

function timed(work: (n: number) => unknown, count: number): number[] {
  return Array.from({ length: count }, (_, n) => {
    const began = performance.now();
    work(n);
    return performance.now() - began;
  });
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-radar-'));
  const path = join(folder, 'store.db');
  const store = openStore({ path, keyFile: join(folder, 'store.key') }, OWN);
  try {
    const adding: number[] = [];
    for (let n = 0; n < REPORTS; ) {
      const many = n < REPORTS - ALONE ? Math.min(BATCH, REPORTS - ALONE - n) : 1;
      await store.write(() => {
        for (let i = 0; i < many; i += 1) adding.push(add(store, n + i));
      });
      n += many;
    }
    const megabytes = Math.round(statSync(path).size / 1_000_000);
    process.stdout.write(`${REPORTS} reports, ${megabytes} MB\n`);
    tell('the radar, adding one', adding.slice(-ALONE));
    const rooms = { store, oin: OWN, clock: systemClock } as Rooms;
    const page = store.inbox.list({ state: null, type: null, limit: ASKED, offset: 0 });
    tell(
      'the radar, asking for one',
      timed((n) => matchesOf(rooms, page[n] ?? (page[0] as never)), page.length),
    );
    tell(
      'the radar, 20 groups',
      timed(() => groupsOf(rooms, 20, 0), 20),
    );
    tell(
      'the thread of one',
      timed((n) => showThread(rooms, page[n]?.conversation ?? ''), page.length),
    );
    tell(
      '30 threads',
      timed(() => listThreads(rooms, 30, 0), 20),
    );
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

await main();
