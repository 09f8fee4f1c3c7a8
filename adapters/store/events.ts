/**
 * Events of cases: the number of each of our own, whom we told of a case, and which numbers of
 * others came in. Numbers run from 1 within a case and the system (CloudEvents `source`) that tells.
 */
import type { Oin, Uuid, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';

/** The case of an event, by the system that tells of it. */
export type CaseOf = { readonly source: string; readonly zaak: Uuid };
export type EventOf = CaseOf & { readonly event: Uuid };

export type SeenEvent = CaseOf & {
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly number: number;
  /** The VT region of the event, else that of its sender; empty when neither is known. */
  readonly region: string;
  /** The legal basis on which it came. */
  readonly basis: string;
  /** Milliseconds since 1970. */
  readonly received: number;
};

/** Numbers that did not come, between two that did. */
export type Hole = CaseOf & {
  readonly sender: Oin;
  /** The last number before the hole and the first after it; when each came. */
  readonly before: number;
  readonly beforeAt: number;
  readonly after: number;
  readonly region: string;
  readonly afterAt: number;
  /** On which bases the events around it came, with commas between them; one is empty where it is not known. */
  readonly bases: string;
};

type Narrow = { readonly sender: string | null };
const MOST = 1000;

/** Numbers that do not follow on one another, but for what was asked after at the source. */
const holesWhere = (condition: string): string => `WITH came AS (
    SELECT sender, source, zaak, region, number AS after, received AS afterAt,
      lag(number) OVER one AS last, lag(received) OVER one AS beforeAt
    FROM seen_events WHERE ${condition}
    WINDOW one AS (PARTITION BY source, zaak ORDER BY number))
  SELECT came.sender, came.source, came.zaak, region, after, afterAt, beforeAt,
    max(last, coalesce(caught_up.number, 0)) AS before,
    (SELECT group_concat(DISTINCT basis) FROM seen_events AS around WHERE around.zaak = came.zaak
      AND around.source = came.source AND around.number IN (last, after)) AS bases
  FROM came LEFT JOIN caught_up ON caught_up.source = came.source AND caught_up.zaak = came.zaak
  WHERE after - max(last, coalesce(caught_up.number, 0)) > 1
  ORDER BY afterAt LIMIT ${MOST}`;

const statements = (database: Database) => ({
  numberOf: database.prepare<EventOf, { number: number }>(`SELECT number FROM event_numbers
    WHERE source = :source AND zaak = :zaak AND event = :event`),
  last: database.prepare<CaseOf, { number: number | null; at: number | null }>(`SELECT number, at
    FROM event_numbers WHERE source = :source AND zaak = :zaak ORDER BY number DESC LIMIT 1`),
  give: database.prepare<Params>(`INSERT INTO event_numbers (source, zaak, event, number, at)
    VALUES (:source, :zaak, :event, :number, :at)`),
  take: database.prepare<Params>(`INSERT INTO event_numbers (source, zaak, event, number, at)
    VALUES (:source, :zaak, :event, :number, :at) ON CONFLICT DO NOTHING`),
  lasts: database.prepare<{ zaak: string }, { source: string; number: number }>(
    `SELECT source, max(number) AS number FROM event_numbers WHERE zaak = :zaak GROUP BY source`,
  ),
  // A copy that never could be read told nobody anything; nor does an event that was taken back, or
  // whose correction was, nor the message that takes it back.
  told: database.prepare<Params, { n: number }>(`SELECT count(*) AS n FROM outbox
    JOIN recipients ON recipients.message = outbox.jti
    WHERE casefile = :zaak AND type = 'zaak-gebeurtenis' AND stored >= :since AND oin = :oin
    AND coalesce(recipients.state, '') NOT IN ('onbestelbaar', 'onleesbaar', 'afgewezen')
    AND withdraws IS NULL AND NOT EXISTS (
      WITH RECURSIVE version (jti) AS (SELECT outbox.jti UNION
        SELECT later.jti FROM version JOIN outbox AS later ON later.replaces = version.jti)
      SELECT 1 FROM version JOIN outbox AS back ON back.withdraws = version.jti
      WHERE back.state <> 'geweigerd'
      AND (back.audience IS NULL OR instr(back.audience, :oin) > 0))`),
  seen: database.prepare<Params>(`INSERT INTO seen_events
    (sender, message, source, zaak, number, region, basis, received)
    VALUES (:sender, :message, :source, :zaak, :number, :region, :basis, :received) ON CONFLICT DO NOTHING`),
  holes: database.prepare<Narrow, Hole>(holesWhere('(:sender IS NULL OR sender = :sender)')),
  holesInCase: database.prepare<Narrow & { zaak: string }, Hole>(
    holesWhere('zaak = :zaak AND (:sender IS NULL OR sender = :sender)'),
  ),
  caughtUp: database.prepare<Params>(`INSERT INTO caught_up (source, zaak, number, at)
    VALUES (:source, :zaak, :number, :at) ON CONFLICT DO UPDATE
    SET number = max(number, :number), at = :at`),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Events {
  readonly #sql: ReturnType<typeof statements>;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  /** One at a time for each case, in the order of asking: the next begins when the one before has ended. */
  async inTurn<T>({ source, zaak }: CaseOf, work: () => Promise<T>): Promise<T> {
    const key = `${source} ${zaak}`;
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work, work);
    this.#turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  /** The number that an event of ours has already. */
  numberOf({ source, zaak, event }: EventOf): number | undefined {
    return this.#sql.numberOf.get({ source, zaak, event })?.number;
  }

  /** The last number of a case and when it was given. */
  last({ source, zaak }: CaseOf): { number: number; at: number } | undefined {
    const found = this.#sql.last.get({ source, zaak });
    if (found === undefined || found.number === null || found.at === null) return undefined;
    return { number: found.number, at: found.at };
  }

  /** Gives an event its number. @throws when another event of the case has it */
  give({ source, zaak, event }: EventOf, number: number, at: number): void {
    this.#sql.give.run({ source, zaak, event, number, at });
  }

  /** Notes a number that the agency's own system gave. */
  take({ source, zaak, event }: EventOf, number: number, at: number): void {
    this.#sql.take.run({ source, zaak, event, number, at });
  }

  /** The last number of each system that tells of a case. */
  lasts(zaak: string): { source: string; number: number }[] {
    return this.#sql.lasts.all({ zaak });
  }

  /** Whether this agency was told of a case since a moment, by an event of ours that still stands. */
  wasTold(oin: Oin, zaak: string, since: number): boolean {
    return (this.#sql.told.get({ oin, zaak, since })?.n ?? 0) > 0;
  }

  seen(event: SeenEvent): void {
    this.#sql.seen.run(event);
  }

  /** Where numbers are missing, the oldest first; at most a thousand. */
  holes(narrow: { readonly sender?: string | null; readonly zaak?: string | null } = {}): Hole[] {
    const { sender = null, zaak = null } = narrow;
    if (zaak === null) return this.#sql.holes.all({ sender });
    return this.#sql.holesInCase.all({ sender, zaak });
  }

  /** The case was asked after at its source, which had told up to this number. */
  catchUp({ source, zaak }: CaseOf, number: number, at: number): void {
    this.#sql.caughtUp.run({ source, zaak, number, at });
  }
}
