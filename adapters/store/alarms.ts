/** Urgent messages that took too long, and whether they are over. Traffic data only. */
import type { Alarm as WireAlarm } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';
import { NEEDLESS, type Needless } from './needless.ts';

export type AlarmKind = WireAlarm['soort'];

export type AlarmRow = {
  readonly id: Uuid7;
  readonly sender: Oin;
  readonly message: Uuid7;
  /** Whose copy it is about; empty while it is not known who will get one. */
  readonly recipient: Oin | '';
  readonly kind: AlarmKind;
  /** Since when the message waits, and when the alarm was first raised; milliseconds, as all times here. */
  readonly since: number;
  readonly raised: number;
  /** When our own clock raised it, and when the router did; null when it did not. */
  readonly own: number | null;
  readonly router: number | null;
  /** Of the other party, when somebody knew it. */
  readonly phone: string | null;
  /** When a person said to have seen it. */
  readonly seen: number | null;
  /** When it was over, and what made it so. */
  readonly ended: number | null;
  readonly ending: string | null;
  /** When the webhook must be told next; null when there is nothing to tell. */
  readonly webhookAt: number | null;
  readonly attempts: number;
  /** 1 when the folder must be told. */
  readonly folder: number;
};

/** A message that waits for longer than it may. */
export type Overdue = {
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly recipient: Oin | '';
  readonly since: number;
  /** The OINs that the sender named, as JSON; null when it did not. */
  readonly audience: string | null;
};

/** A later message of ours that withdraws an earlier one, or corrects it. */
export type TakenBack = {
  readonly jti: Uuid7;
  /** As in the outbox. */
  readonly audience: string | null;
  readonly withdraws: 0 | 1;
};

export type Raised = Omit<
  AlarmRow,
  'seen' | 'ended' | 'ending' | 'webhookAt' | 'attempts' | 'folder'
>;

/** Where alarms are told, besides in the lists. */
export interface Told {
  readonly webhook: boolean;
  readonly folder: boolean;
}

const COLUMNS = `id, sender, message, recipient, kind, since, raised, own, router, phone, seen,
  ended, ending, webhookAt, attempts, folder`;
const AT_ONCE = 200;

const statements = (database: Database) => ({
  // The same alarm by the other clock makes the one that is there complete.
  add: database.prepare<Params>(`INSERT INTO alarms (id, sender, message, recipient, kind, since,
    raised, own, router, phone, webhookAt, folder) VALUES (:id, :sender, :message, :recipient, :kind,
    :since, :raised, :own, :router, :phone, :webhookAt, :folder) ON CONFLICT DO NOTHING`),
  join: database.prepare<Params>(`UPDATE alarms SET own = coalesce(own, :own),
    router = coalesce(router, :router), phone = coalesce(:phone, phone), folder = :folder
    WHERE sender = :sender AND message = :message AND recipient = :recipient AND kind = :kind`),
  get: database.prepare<{ id: string }, AlarmRow>(`SELECT ${COLUMNS} FROM alarms WHERE id = :id`),
  about: database.prepare<{ sender: string; message: string }, AlarmRow>(
    `SELECT ${COLUMNS} FROM alarms WHERE sender = :sender AND message = :message ORDER BY raised`,
  ),
  open: database.prepare<{ limit: number }, AlarmRow>(
    `SELECT ${COLUMNS} FROM alarms WHERE ended IS NULL ORDER BY raised LIMIT :limit`,
  ),
  over: database.prepare<{ limit: number }, AlarmRow>(
    `SELECT ${COLUMNS} FROM alarms WHERE ended IS NOT NULL ORDER BY raised DESC LIMIT :limit`,
  ),
  end: database.prepare<Params>(`UPDATE alarms SET ended = :ended, ending = :ending,
    webhookAt = :webhookAt, attempts = 0, folder = :folder WHERE id = :id AND ended IS NULL`),
  see: database.prepare<Params>(
    'UPDATE alarms SET seen = :seen, folder = :folder WHERE id = :id AND seen IS NULL',
  ),
  notSent: database.prepare<{ own: string; before: number }, Overdue>(`SELECT :own AS sender,
    outbox.jti AS message, coalesce(recipients.oin, '') AS recipient, stored AS since, audience
    FROM outbox INDEXED BY outbox_urgent LEFT JOIN recipients ON recipients.message = outbox.jti
    WHERE prio = 'spoed' AND outbox.state IN ('ingediend', 'aanvaard', 'verlopen')
    AND stored <= :before AND (recipients.oin IS NULL
      OR coalesce(recipients.state, '') NOT IN ('afgeleverd', 'verwerkt', 'afgewezen'))
    AND NOT EXISTS (SELECT 1 FROM alarms WHERE alarms.sender = :own
      AND alarms.message = outbox.jti AND kind = 'niet-afgeleverd'
      AND alarms.recipient = coalesce(recipients.oin, alarms.recipient) AND own IS NOT NULL)
    ORDER BY stored LIMIT ${AT_ONCE}`),
  notTaken: database.prepare<{ own: string; before: number }, Overdue>(`SELECT sender,
    jti AS message, :own AS recipient, received AS since, NULL AS audience
    FROM inbox INDEXED BY inbox_urgent
    WHERE prio = 'spoed' AND state = 'afgeleverd' AND received <= :before
    AND NOT EXISTS (SELECT 1 FROM alarms WHERE alarms.sender = inbox.sender
      AND alarms.message = inbox.jti AND kind = 'niet-verwerkt' AND own IS NOT NULL)
    AND ${NEEDLESS} IS NULL
    ORDER BY received LIMIT ${AT_ONCE}`),
  needless: database.prepare<{ sender: string; message: string }, { why: Needless | null }>(
    `SELECT ${NEEDLESS} AS why FROM inbox WHERE sender = :sender AND jti = :message`,
  ),
  takenBack: database.prepare<{ of: string }, TakenBack>(`SELECT jti, audience,
    withdraws IS NOT NULL AS withdraws FROM outbox
    WHERE (withdraws = :of OR replaces = :of) AND state <> 'geweigerd'`),
  toCall: database.prepare<{ now: number }, AlarmRow>(`SELECT ${COLUMNS} FROM alarms
    WHERE webhookAt <= :now ORDER BY webhookAt LIMIT 20`),
  nextCall: database.prepare<{ now: number }, { soonest: number | null }>(
    'SELECT min(webhookAt) AS soonest FROM alarms WHERE webhookAt > :now',
  ),
  // What changed since the row was read is still to be told.
  called: database.prepare<Params>(`UPDATE alarms SET webhookAt = :webhookAt,
    attempts = attempts + 1 WHERE id = :id AND ended IS :ended`),
  toWrite: database.prepare<Params, AlarmRow>(
    `SELECT ${COLUMNS} FROM alarms WHERE folder = 1 ORDER BY raised LIMIT 100`,
  ),
  written: database.prepare<Params>(
    'UPDATE alarms SET folder = 0 WHERE id = :id AND ended IS :ended AND seen IS :seen',
  ),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Alarms {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  /** @returns whether it is new; else what is there now knows of this raiser, too */
  raise(row: Raised, told: Told): boolean {
    const folder = told.folder ? 1 : 0;
    const webhookAt = told.webhook ? row.raised : null;
    if (this.#sql.add.run({ ...row, webhookAt, folder }) === 1) return true;
    const { sender, message, recipient, kind, own, router, phone } = row;
    this.#sql.join.run({ sender, message, recipient, kind, own, router, phone, folder });
    return false;
  }

  get(id: string): AlarmRow | undefined {
    return this.#sql.get.get({ id });
  }

  /** All alarms about one message, the first first. */
  about(sender: string, message: string): AlarmRow[] {
    return this.#sql.about.all({ sender, message });
  }

  /** Those that are not over, the oldest first. */
  open(limit: number): AlarmRow[] {
    return this.#sql.open.all({ limit });
  }

  /** Those that are, the newest first. */
  over(limit: number): AlarmRow[] {
    return this.#sql.over.all({ limit });
  }

  /** @returns false when it was over before */
  end(id: string, ended: number, ending: string, told: Told): boolean {
    const [webhookAt, folder] = [told.webhook ? ended : null, told.folder ? 1 : 0];
    return this.#sql.end.run({ id, ended, ending, webhookAt, folder }) === 1;
  }

  see(id: string, seen: number, told: Told): void {
    this.#sql.see.run({ id, seen, folder: told.folder ? 1 : 0 });
  }

  /** Urgent messages of ours, kept no later than `before`, that a recipient is not known to have. */
  notSent(own: Oin, before: number): Overdue[] {
    return this.#sql.notSent.all({ own, before });
  }

  /** Why nobody need take over what we received; undefined when somebody must. */
  needless(sender: Oin, message: string): Needless | undefined {
    return this.#sql.needless.get({ sender, message })?.why ?? undefined;
  }

  /** What withdraws or corrects a message of ours; not what was refused. */
  takenBack(of: string): TakenBack[] {
    return this.#sql.takenBack.all({ of });
  }

  /** Urgent messages to us, received no later than `before`, that nobody has taken over and somebody must. */
  notTaken(own: Oin, before: number): Overdue[] {
    return this.#sql.notTaken.all({ own, before });
  }

  /** Those that the webhook must be told of now. */
  toCall(now: number): AlarmRow[] {
    return this.#sql.toCall.all({ now });
  }

  nextCall(now: number): number | null {
    return this.#sql.nextCall.get({ now })?.soonest ?? null;
  }

  /** @param webhookAt when to try again; null when it was told, or will never be */
  called({ id, ended }: AlarmRow, webhookAt: number | null): void {
    this.#sql.called.run({ id, ended, webhookAt });
  }

  /** Those that the folder must be told of. */
  toWrite(): AlarmRow[] {
    return this.#sql.toWrite.all({});
  }

  written({ id, ended, seen }: AlarmRow): void {
    this.#sql.written.run({ id, ended, seen });
  }
}
