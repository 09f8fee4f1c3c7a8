/**
 * How much lies in each mailbox, kept by counters and never counted on a message's path. Each
 * pipeline counts what it stores and takes away, and tells the others twice a second. Once at start,
 * and now and then, a census over the headers of all that lies there puts right what was missed:
 * signs that got lost, pipelines that died, removals during the census itself.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Oin } from '../../schemas/ids.ts';
import type { Bus } from '../bus/bus.ts';
import { readMailbox, subjects } from '../bus/subjects.ts';

export interface Level {
  readonly items: number;
  readonly bytes: number;
}

const NOTHING: Level = { items: 0, bytes: 0 };
/** How often changes are told, and how often all is counted anew. */
const TELL_MS = 500;
const CENSUS_MS = 10 * 60_000;
/** How long the others are given to tell what they have not told, before a census. */
const ANSWER_MS = 200;

/** What one pipeline tells the others. */
interface Told {
  readonly van: string;
  readonly erbij: Readonly<Record<string, readonly [items: number, bytes: number]>>;
  /** Whoever sent this is about to count anew: tell at once what was not told yet. */
  readonly telt?: true;
}

export class Tally {
  readonly #bus: Bus;
  readonly #self = randomUUID();
  #levels = new Map<Oin, Level>();
  /** What changed here since the others were told. */
  #untold = new Map<Oin, Level>();
  #counted = false;
  /** What changed, here or elsewhere, since the census that runs now began. */
  #during: Map<Oin, Level> | undefined;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  of(recipient: Oin): Level {
    return this.#levels.get(recipient) ?? NOTHING;
  }

  all(): ReadonlyMap<Oin, Level> {
    return this.#levels;
  }

  /** One item was stored (1) or taken away (-1) by this process. */
  note(recipient: Oin, by: 1 | -1, bytes: number): void {
    this.#apply(recipient, by, by * bytes);
    move(this.#untold, recipient, by, by * bytes);
  }

  /**
   * Counts what lies there and listens to the others, until the returned function is called.
   * Resolves when the first census is done.
   * @param onChange told now and then that levels may have changed
   */
  async start(onChange: (levels: ReadonlyMap<Oin, Level>) => void): Promise<() => void> {
    const forget = this.#bus.listen(subjects.tally, (_, data) => this.#hear(data));
    const telling = setInterval(() => {
      this.#tell();
      onChange(this.#levels);
      // The broker was away: until it is back, what was there before is not known.
      if (!this.#counted) void count();
    }, TELL_MS);
    const count = () => this.census().catch(() => undefined);
    const counting = setInterval(count, CENSUS_MS);
    telling.unref();
    counting.unref();
    await count();
    return () => {
      this.#tell();
      clearInterval(telling);
      clearInterval(counting);
      forget();
    };
  }

  /** Counts anew. What comes and goes meanwhile may be off by itself, until the next one. */
  async census(): Promise<void> {
    if (this.#during !== undefined) return;
    // What they counted before must not come after, and be added to what is found.
    this.#say({}, true);
    await pause(ANSWER_MS);
    const during = new Map<Oin, Level>();
    this.#during = during;
    try {
      const found = new Map<Oin, Level>();
      const all = this.#bus.log('MAILBOX').list(subjects.mailboxes, 1, { headersOnly: true });
      for await (const { subject, size } of all)
        move(found, readMailbox(subject).recipient, 1, size);
      for (const [oin, { items, bytes }] of during) move(found, oin, items, bytes);
      this.#levels = found;
      this.#counted = true;
    } finally {
      this.#during = undefined;
    }
  }

  #apply(recipient: Oin, items: number, bytes: number): void {
    move(this.#levels, recipient, items, bytes);
    if (this.#during !== undefined) move(this.#during, recipient, items, bytes);
  }

  #tell(): void {
    if (this.#untold.size === 0) return;
    const erbij = Object.fromEntries(
      [...this.#untold].map(([oin, { items, bytes }]) => [oin, [items, bytes] as const]),
    );
    this.#untold = new Map();
    this.#say(erbij);
  }

  #say(erbij: Told['erbij'], telt?: true): void {
    const told: Told = { van: this.#self, erbij, ...(telt && { telt }) };
    this.#bus.notify(subjects.tally, Buffer.from(JSON.stringify(told)));
  }

  #hear(data: Uint8Array): void {
    const { van, erbij, telt } = JSON.parse(Buffer.from(data).toString()) as Told;
    if (van === this.#self) return;
    if (telt) this.#tell();
    for (const [oin, [items, bytes]] of Object.entries(erbij)) {
      this.#apply(oin as Oin, items, bytes);
    }
  }
}

function move(levels: Map<Oin, Level>, oin: Oin, items: number, bytes: number): void {
  const before = levels.get(oin) ?? NOTHING;
  const after = { items: before.items + items, bytes: before.bytes + bytes };
  if (after.items === 0 && after.bytes === 0) levels.delete(oin);
  else levels.set(oin, after);
}
