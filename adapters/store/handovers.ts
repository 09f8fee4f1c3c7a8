/** Handing received messages over to the agency's own system: by webhook, or by folder. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { Database, Params } from './database.ts';
import type { Prio } from './outbox.ts';

export type Channel = 'webhook' | 'folder';
/** `wacht`: to be tried; `geschreven`: lies in the folder; `gelukt`: taken over; `mens`: waits for a person. */
export type HandoverState = 'wacht' | 'geschreven' | 'gelukt' | 'mens';

export type Handover = {
  readonly channel: Channel;
  readonly sender: Oin;
  readonly message: Uuid7;
  readonly prio: Prio;
  readonly state: HandoverState;
  readonly attempts: number;
  readonly nextAt: number;
  /** The last HTTP status, where there was one. */
  readonly status: number | null;
};

const COLUMNS = 'channel, sender, message, prio, state, attempts, nextAt, status';
type Id = { readonly sender: string; readonly message: string };

const statements = (database: Database) => ({
  add: database.prepare<Params>(`INSERT INTO handovers (${COLUMNS}) VALUES (:channel, :sender,
    :message, :prio, 'wacht', 0, :nextAt, NULL) ON CONFLICT DO NOTHING`),
  due: database.prepare<{ channel: string; now: number; limit: number }, Handover>(
    `SELECT ${COLUMNS} FROM handovers WHERE channel = :channel AND state = 'wacht'
     AND nextAt <= :now ORDER BY prio DESC, nextAt, message LIMIT :limit`,
  ),
  soonest: database.prepare<{ channel: string; now: number }, { soonest: number | null }>(
    `SELECT min(nextAt) AS soonest FROM handovers WHERE channel = :channel AND state = 'wacht'
     AND nextAt > :now`,
  ),
  progress: database.prepare<Params>(`UPDATE handovers SET state = :state, attempts = :attempts,
    nextAt = :nextAt, status = :status
    WHERE channel = :channel AND sender = :sender AND message = :message`),
  erase: database.prepare<Id>(
    'DELETE FROM handovers WHERE sender = :sender AND message = :message',
  ),
  inState: database.prepare<{ state: string; limit: number }, Handover>(
    `SELECT ${COLUMNS} FROM handovers WHERE state = :state ORDER BY prio DESC, nextAt LIMIT :limit`,
  ),
  of: database.prepare<Id, Handover>(
    `SELECT ${COLUMNS} FROM handovers WHERE sender = :sender AND message = :message`,
  ),
  written: database.prepare<{ limit: number }, Handover>(
    `SELECT ${COLUMNS} FROM handovers WHERE channel = 'folder' AND state = 'geschreven'
     LIMIT :limit`,
  ),
});

/** Methods that change rows are to be called inside `store.write`. */
export class Handovers {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: Database) {
    this.#sql = statements(database);
  }

  add(row: { channel: Channel; sender: Oin; message: Uuid7; prio: Prio; nextAt: number }): void {
    this.#sql.add.run(row);
  }

  due(channel: Channel, now: number, limit: number): Handover[] {
    return this.#sql.due.all({ channel, now, limit });
  }

  soonest(channel: Channel, now: number): number | null {
    return this.#sql.soonest.get({ channel, now })?.soonest ?? null;
  }

  progress(to: Omit<Handover, 'prio'>): void {
    const { channel, sender, message, state, attempts, nextAt, status } = to;
    this.#sql.progress.run({ channel, sender, message, state, attempts, nextAt, status });
  }

  /** Nothing more of this message is handed over. */
  erase(sender: string, message: string): void {
    this.#sql.erase.run({ sender, message });
  }

  /** Over all channels, urgent first. */
  inState(state: HandoverState, limit: number): Handover[] {
    return this.#sql.inState.all({ state, limit });
  }

  of(sender: string, message: string): Handover[] {
    return this.#sql.of.all({ sender, message });
  }

  /** What lies in the folder and was not taken away when last looked. */
  written(limit: number): Handover[] {
    return this.#sql.written.all({ limit });
  }
}
