/**
 * What became of every report, counted from both ends: what agencies handed in, what the systems of
 * the recipients were given, and what the senders were told. Arithmetic only, so that it can be shown
 * to count a loss and a double.
 */

/** A report that a system of an agency handed in, or tried to. */
export interface Offered {
  readonly jti: string;
  /** The number that stands in the body: it stays the report's own whatever id carries it. */
  readonly report: string;
  readonly sender: string;
  readonly to: readonly string[];
  /** Milliseconds (performance.now). */
  readonly offeredAt: number;
  /** When the adapter answered 202; absent while it has not. */
  acceptedAt?: number;
}

/** One hand-over to the system of a recipient. */
export interface Effect {
  readonly agency: string;
  readonly report: string;
  readonly jti: string;
  /** By which the system knows a repeat: the Idempotency-Key, or the name of the file. */
  readonly key: string;
  readonly at: number;
}

/** What the sender knows of one copy. */
export type Known = 'arrived' | 'failed' | 'nothing';

export interface Row {
  readonly agency: string;
  readonly sender: string;
  readonly jti: string;
}

export interface Counts {
  /** Messages. */
  readonly offered: number;
  readonly accepted: number;
  /** Copies of accepted messages, one for each recipient. */
  readonly copies: number;
  /** Copies that the recipient's own system has. */
  readonly delivered: number;
  /** Copies that it has not, and of which the sender knows that, or the recipient itself. */
  readonly told: number;
  /** Copies that it has not, and nobody knows that. */
  readonly lost: number;
  /** Reports that came again as if they were others: under a second key, id, or row of the inbox. */
  readonly twice: number;
  /** Hand-overs with a key that the system had seen: allowed, and known by it as such. */
  readonly repeats: number;
  /** Copies that were delivered, and of which the sender has not been told so. */
  readonly unknown: number;
}

export interface Evidence {
  readonly offered: readonly Offered[];
  readonly effects: readonly Effect[];
  /** The rows of all inboxes. */
  readonly inbox: readonly Row[];
  known(jti: string, recipient: string): Known;
  /** The recipient itself lists that it lacks this, after a backup was put back. */
  missed?(jti: string, recipient: string): boolean;
}

/** Copies that are lost or of which the sender has not heard: who wants to look needs their ids. */
export function unsettled(evidence: Omit<Evidence, 'inbox'>): string[] {
  const { offered, effects, known, missed = () => false } = evidence;
  const there = new Set(effects.map(({ agency, report }) => place(agency, report)));
  return offered.flatMap(({ acceptedAt, jti, report, to }) =>
    to.flatMap((agency) => {
      const [has, knows] = [there.has(place(agency, report)), known(jti, agency)];
      const isTold = !has && missed(jti, agency);
      const fine = acceptedAt === undefined || isTold || knows === (has ? 'arrived' : 'failed');
      return fine
        ? []
        : [`${jti} to ${agency}: ${has ? 'delivered' : 'missing'}, sender knows ${knows}`];
    }),
  );
}

const place = (agency: string, report: string): string => `${agency} ${report}`;

export function count(evidence: Evidence): Counts {
  const { offered, effects, inbox, known, missed = () => false } = evidence;
  const accepted = offered.filter(({ acceptedAt }) => acceptedAt !== undefined);
  const copies = accepted.flatMap((one) => one.to.map((agency) => ({ ...one, agency })));
  const there = new Set(effects.map(({ agency, report }) => place(agency, report)));
  const isThere = ({ agency, report }: { agency: string; report: string }) =>
    there.has(place(agency, report));
  const missing = copies.filter((copy) => !isThere(copy));
  const told = missing.filter(
    ({ jti, agency }) => known(jti, agency) === 'failed' || missed(jti, agency),
  );
  return {
    offered: offered.length,
    accepted: accepted.length,
    copies: copies.length,
    delivered: copies.length - missing.length,
    told: told.length,
    lost: missing.length - told.length,
    twice: doubles(effects) + sum(inbox.map(rowKey)),
    repeats: effects.length - new Set(effects.map(({ agency, key }) => place(agency, key))).size,
    unknown: copies.filter((copy) => isThere(copy) && known(copy.jti, copy.agency) !== 'arrived')
      .length,
  };
}

/** A report with two keys, or with two ids, came twice; so many more than one. */
function doubles(effects: readonly Effect[]): number {
  const ways = new Map<string, { keys: Set<string>; ids: Set<string> }>();
  for (const { agency, report, key, jti } of effects) {
    const at = place(agency, report);
    const way = ways.get(at) ?? { keys: new Set(), ids: new Set() };
    ways.set(at, { keys: way.keys.add(key), ids: way.ids.add(jti) });
  }
  return [...ways.values()].reduce(
    (total, { keys, ids }) => total + Math.max(keys.size, ids.size) - 1,
    0,
  );
}

const rowKey = ({ agency, sender, jti }: Row): string => `${agency} ${sender} ${jti}`;
/** How many of these were there before. */
const sum = (keys: readonly string[]): number => keys.length - new Set(keys).size;

/**
 * The longest time from the end of a fault until the last of what was handed in before it, and after
 * the end of the fault before, came to its recipient.
 * @param heals when faults ended, in order
 * @returns milliseconds; zero when all was there already
 */
export function recovery(
  offered: readonly Offered[],
  effects: readonly Effect[],
  heals: readonly number[],
): number {
  const came = new Map<string, number>();
  for (const { agency, report, at } of effects) {
    const key = place(agency, report);
    if (!came.has(key)) came.set(key, at);
  }
  const waits = offered.flatMap(({ offeredAt, report, to }) => {
    const heal = heals.find((at) => at >= offeredAt);
    if (heal === undefined) return [];
    return to.map((agency) => (came.get(place(agency, report)) ?? heal) - heal);
  });
  return Math.max(0, ...waits);
}
