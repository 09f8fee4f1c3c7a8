/**
 * One SQLite file, one writer. Reads happen at once; writes are gathered and committed together, so
 * that many writers share one fsync and each still knows, when its promise resolves, that its work
 * is on the disk.
 */
import { closeSync, openSync } from 'node:fs';
import Libsql from 'libsql';
import { Refusal } from '../../schemas/refusal.ts';
import { checked, clean, type Params } from './values.ts';

export type { Params };

type None = Readonly<Record<never, never>>;

/** A prepared statement; parameters are named in the SQL as `:name`. */
export interface Statement<P, Row> {
  /** @returns how many rows were changed */
  run(params: P): number;
  get(params: P): Row | undefined;
  all(params: P): Row[];
}

interface Job {
  readonly work: () => unknown;
  readonly done: (value: never) => void;
  readonly fail: (cause: unknown) => void;
}

/** As SQLite makes them, and as many as it can have. */
const PAGE = 4096;
const MOST_PAGES = 4_294_967_294;

/** A commit stops everything else until the disk has answered, so that much again is left between two. */
const LONGEST_REST = 10;

export class Database {
  readonly #raw: InstanceType<typeof Libsql>;
  #jobs: Job[] = [];
  #open = true;
  #full = false;
  /** Called when the room runs out, and when there is some again. */
  onSpace: (room: boolean) => void = () => undefined;
  /** Not before this (performance.now) does the next commit begin. */
  #restsUntil = 0;

  /** Opens the file, made for its owner alone when it is not there. */
  constructor(path: string) {
    closeSync(openSync(path, 'a', 0o600));
    this.#raw = new Libsql(path);
    for (const line of ['journal_mode=WAL', 'synchronous=FULL', 'secure_delete=ON']) {
      this.#raw.pragma(line);
    }
    this.#raw.exec('PRAGMA cache_size=-2000; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000');
  }

  prepare<P extends Params = None, Row = never>(sql: string): Statement<P, Row> {
    const statement = this.#raw.prepare(sql);
    return {
      run: (params) => statement.run(checked(params)).changes,
      get: (params) => clean<Row>(statement.get(checked(params))),
      all: (params) =>
        statement.all(checked(params)).flatMap((row) => {
          const value = clean<Row>(row);
          return value === undefined ? [] : [value];
        }),
    };
  }

  /** Runs statements that give nothing back, outside the queue: for migrations and upkeep. */
  exec(sql: string): void {
    this.#raw.exec(sql);
  }

  get version(): number {
    const row = clean<{ user_version: number }>(this.#raw.prepare('PRAGMA user_version').get({}));
    return row?.user_version ?? 0;
  }

  /**
   * Does the work in a transaction; resolves when it has been synced to disk. When the work throws,
   * its own writes are undone and those of others are not. The work must not wait for anything, and
   * may be done twice: it touches nothing but the store.
   */
  write<T>(work: () => T): Promise<T> {
    if (!this.#open) return Promise.reject(new Error('the store is closed'));
    return new Promise<T>((done, fail) => {
      if (this.#jobs.push({ work, done, fail }) === 1) this.#commitSoon();
    });
  }

  /** At once when the last commit was a while ago; under load many writes share the next one. */
  #commitSoon(): void {
    const rest = this.#restsUntil - performance.now();
    if (rest > 0) setTimeout(() => this.#commit(), rest);
    else setImmediate(() => this.#commit());
  }

  #commit(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    const began = performance.now();
    const settle = this.#run(jobs);
    const ended = performance.now();
    this.#restsUntil = ended + Math.min(ended - began, LONGEST_REST);
    for (const tell of settle) tell();
  }

  /** @returns how to tell each job what became of it */
  #run(jobs: readonly Job[]): (() => void)[] {
    return this.#all(jobs) ?? this.#each(jobs);
  }

  /** All or nothing, which is what nearly always happens. @returns undefined when one failed */
  #all(jobs: readonly Job[]): (() => void)[] | undefined {
    try {
      const values = this.#transact(() => jobs.map((job) => job.work() as never));
      return jobs.map((job, at) => () => job.done(values[at] as never));
    } catch {
      return undefined;
    }
  }

  /** Once more, each apart, so that those that are good are not undone with the one that is not. */
  #each(jobs: readonly Job[]): (() => void)[] {
    try {
      return this.#transact(() => jobs.map((job) => this.#attempt(job)));
    } catch {
      return jobs.map((job) => this.#alone(job));
    }
  }

  #attempt(job: Job): () => void {
    this.#raw.exec('SAVEPOINT job');
    try {
      const value = job.work() as never;
      this.#raw.exec('RELEASE job');
      return () => job.done(value);
    } catch (cause) {
      // A full disk has undone all of it: there is nothing to go back to.
      if (isFull(cause)) throw cause;
      this.#raw.exec('ROLLBACK TO job; RELEASE job');
      return () => job.fail(cause);
    }
  }

  /** In a transaction of its own: what is small may still fit. */
  #alone(job: Job): () => void {
    try {
      const value = this.#transact(job.work) as never;
      return () => job.done(value);
    } catch (cause) {
      const told = isFull(cause) ? this.#noteFull() : cause;
      return () => job.fail(told);
    }
  }

  #transact<T>(work: () => T): T {
    try {
      this.#raw.exec('BEGIN IMMEDIATE');
      const value = work();
      this.#raw.exec('COMMIT');
      return value;
    } catch (cause) {
      this.#rollback();
      throw cause;
    }
  }

  #noteFull(): Refusal {
    if (!this.#full) this.onSpace(false);
    this.#full = true;
    return new Refusal('storage-full');
  }

  /** Whether the last write that failed did so for want of room. */
  get full(): boolean {
    return this.#full;
  }

  /** Finds out whether there is room again, by writing as much as a small message and undoing it. */
  async probe(): Promise<void> {
    if (!this.#full) return;
    const room = 'INSERT INTO meta VALUES (:name, hex(zeroblob(65536)))';
    await this.write(() => {
      this.prepare<{ name: string }>(room).run({ name: 'probe' });
      this.prepare<{ name: string }>('DELETE FROM meta WHERE name = :name').run({ name: 'probe' });
    });
    this.#full = false;
    this.onSpace(true);
  }

  /** Empties the write-ahead log, and what was deleted with it. @returns false when somebody still reads from it */
  scrub(): boolean {
    const row = clean<{ busy: number }>(
      this.#raw.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get({}),
    );
    return row?.busy === 0;
  }

  /** Bounds the file. @param bytes undefined for as far as the disk goes */
  limit(bytes: number | undefined): void {
    const pages = bytes === undefined ? MOST_PAGES : Math.ceil(bytes / PAGE);
    this.#raw.exec(`PRAGMA max_page_count=${pages}`);
  }

  /** A full disk may have ended the transaction already. */
  #rollback(): void {
    try {
      this.#raw.exec('ROLLBACK');
    } catch {
      // Nothing was open.
    }
  }

  /** Commits what waits, empties the write-ahead log and lets go of the file. */
  close(): void {
    if (!this.#open) return;
    this.#commit();
    this.#open = false;
    this.#raw.pragma('wal_checkpoint(TRUNCATE)');
    this.#raw.close();
  }
}

/** The file, or the memory that is shared through a file beside it, cannot grow. */
const isFull = (error: unknown): boolean =>
  ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'].includes(
    String((error as { code?: unknown } | null)?.code),
  );
