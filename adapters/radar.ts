/**
 * The radar of a Veilig Thuis: reports about the same people that reach the same VT are pointed out to its
 * own people, by what the reports themselves say. It works here, where reports are opened, and nowhere else:
 * the router knows nothing of it. On by the register, unless the configuration says otherwise.
 */
import type { Bericht } from '../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { member } from '../schemas/rules/look.ts';
import { MOST_CORRECTIONS } from '../schemas/terms.ts';
import { kindOf as kindOfError, type Log } from './log.ts';
import { type Mark, marksOf } from './radar/marks.ts';
import { claimsIn } from './store/claims.ts';
import type { InboxRow } from './store/inbox.ts';
import type { Seen } from './store/marks.ts';
import type { Store } from './store/store.ts';

/** The type of message that it looks at. */
const TYPE = 'vt-melding';
const ROLE = 'vt';
const BATCH = 50;

export interface RadarConfig {
  readonly store: Store;
  readonly log: Log;
  /** As the configuration says; undefined: as the register does. */
  readonly wanted: boolean | undefined;
  /** The roles of this agency, by the register. */
  roles(): Promise<readonly string[]>;
}

export class Radar {
  readonly #config: RadarConfig;
  #work: Promise<void> = Promise.resolve();
  #complete = false;
  #open = true;

  constructor(config: RadarConfig) {
    this.#config = config;
  }

  /** Looks in the background at what came before the radar was there. */
  start(): void {
    this.#later(async () => void (await this.isOn()));
  }

  async stop(): Promise<void> {
    this.#open = false;
    await this.#work;
  }

  /**
   * What the register last said counts while it cannot be asked. Off it forgets all; and on it begins anew
   * where it was off, or went by other rules.
   */
  async isOn(): Promise<boolean> {
    const { store, wanted, roles } = this.#config;
    const on =
      wanted ??
      (await roles().then(
        (all) => all.includes(ROLE),
        () => store.marks.on,
      ));
    if (!store.marks.isTurned(on)) await this.#turn(on);
    if (on && !this.#complete) this.#fill();
    return on;
  }

  /** What is to be written down of a message that arrives. @returns undefined when nothing is */
  async look({ berichttype, inhoud }: Bericht): Promise<readonly Mark[] | undefined> {
    return berichttype === TYPE && (await this.isOn()) ? marksOf(inhoud) : undefined;
  }

  /** Waits until what came earlier has been looked at. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #turn(on: boolean): Promise<void> {
    const { marks } = this.#config.store;
    // Asked again: several that arrive at once each find that it is to be turned.
    await this.#config.store.write(() => {
      if (marks.isTurned(on)) return;
      marks.turn(on);
      this.#complete = false;
    });
  }

  #fill(): void {
    this.#complete = true;
    this.#later(() => this.#fillAll());
  }

  async #fillAll(): Promise<void> {
    const { store } = this.#config;
    for (let from: number | undefined = 0; this.#open && from !== undefined; ) {
      const since: number = from;
      from = await store.write(() => {
        if (!store.marks.on) return undefined;
        const some = store.marks.unseen(TYPE, since, BATCH);
        for (const one of some) store.marks.add(one, marksIn(store, one));
        return some.at(-1)?.received;
      });
    }
  }

  /** One thing after the other. What fails is tried again at the next start. */
  #later(work: () => Promise<void>): void {
    const { log } = this.#config;
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#complete = false;
      log.warn(kindOfError(error), 'the radar could not look at earlier reports');
    });
  }
}

/** One that does not open has none. */
function marksIn({ inbox }: Pick<Store, 'inbox'>, { sender, jti }: Seen): Mark[] {
  try {
    return marksOf(member(claimsIn(inbox.jws(sender, jti) ?? ''), 'inhoud'));
  } catch {
    return [];
  }
}

type Place = Pick<Store, 'inbox' | 'marks'>;

/**
 * Writes down what was seen in a message that is being stored. What it corrects or withdraws is no report of
 * its own any more. To be called inside `store.write`.
 */
export function noteOnRadar(
  { inbox, marks }: Place,
  sender: Oin,
  { jti, vervangt, trektIn }: Pick<Bericht, 'jti' | 'vervangt' | 'trektIn'>,
  seen: readonly Mark[] | undefined,
): void {
  for (const earlier of [vervangt, trektIn]) {
    if (earlier !== undefined) marks.forget({ sender, jti: earlier });
  }
  // What stood again, because the correction of it was rejected that is corrected now.
  const again = vervangt === undefined ? undefined : standingBefore(inbox, sender, vervangt);
  if (again !== undefined && again.jti !== jti) marks.forget(again);
  const { received } = inbox.get(sender, jti) ?? {};
  if (seen === undefined || received === undefined || marks.isOver({ sender, jti })) return;
  marks.add({ sender, jti, received }, seen);
}

/**
 * A message was rejected: it is not ours, or cannot be worked on, and is no report about anybody here. What
 * it corrected or withdrew stands as it did, unless a later correction has taken the place of both. To be
 * called inside `store.write`, when its state has changed.
 */
export function forgetRejected(
  store: Place,
  { sender, jti }: Pick<InboxRow, 'sender' | 'jti'>,
): void {
  const { inbox, marks } = store;
  marks.forget({ sender, jti });
  const { replaces, withdraws } = inbox.get(sender, jti) ?? {};
  for (const earlier of [replaces, withdraws]) {
    const row = earlier ? standingBefore(inbox, sender, earlier) : undefined;
    const stands = row?.type === TYPE && !marks.isOver(row);
    if (marks.on && stands && inbox.sealed(sender, row.jti)) marks.add(row, marksIn(store, row));
  }
}

/** The message of this id; when it was rejected, what it corrected, and so on. */
function standingBefore(inbox: Place['inbox'], sender: Oin, jti: Uuid7): InboxRow | undefined {
  let row = inbox.get(sender, jti);
  for (let n = 0; row?.state === 'afgewezen' && n < MOST_CORRECTIONS; n++)
    row = row.replaces === null ? undefined : inbox.get(sender, row.replaces);
  return row?.state === 'afgewezen' ? undefined : row;
}
