/** The store of one agency: all its tables, over one file and one vault. */
import { existsSync } from 'node:fs';
import type { Grounds } from '../../certs/grounds.ts';
import { CommandError } from '../../schemas/command.ts';
import { Actions } from './actions.ts';
import { Alarms } from './alarms.ts';
import { Clocks } from './clocks.ts';
import { Contacts } from './contacts.ts';
import { Database } from './database.ts';
import { Destructions } from './destructions.ts';
import { Disclosures } from './disclosures.ts';
import { Events } from './events.ts';
import { Evidence } from './evidence.ts';
import { fileOldMessages } from './filing.ts';
import { Handovers } from './handovers.ts';
import { History } from './history.ts';
import { Inbox } from './inbox.ts';
import { newKey, readKeys, type StoreKey, writeKeys } from './keyfile.ts';
import { type Lock, lockStore } from './lock.ts';
import { Marks } from './marks.ts';
import { migrate } from './migrations.ts';
import { Missing } from './missing.ts';
import { Outbox } from './outbox.ts';
import { Problems } from './problems.ts';
import { Proofs } from './proofs.ts';
import { Questions } from './questions.ts';
import { Receipts } from './receipts.ts';
import { Reminders } from './reminders.ts';
import { Replies } from './replies.ts';
import { Stands } from './stands.ts';
import { Subscriptions } from './subscriptions.ts';
import { Summaries } from './summaries.ts';
import { Threads } from './threads.ts';
import { Vault } from './vault.ts';
import { Witnesses, type WitnessRow } from './witnesses.ts';

export interface StoreConfig {
  readonly path: string;
  readonly keyFile: string;
  /** The file does not grow beyond this. */
  readonly maxBytes?: number;
  /** Whether this is the only store of its agency; true when absent. */
  readonly alone?: boolean;
}

export interface Space {
  readonly full: boolean;
  /** Called when the room runs out (false), and when there is some again (true). */
  onChange(heard: (room: boolean) => void): void;
  probe(): Promise<void>;
  limit(bytes: number | undefined): void;
}

export interface Store {
  readonly outbox: Outbox;
  readonly problems: Problems;
  readonly receipts: Receipts;
  readonly witnesses: Witnesses;
  readonly inbox: Inbox;
  readonly replies: Replies;
  readonly actions: Actions;
  readonly handovers: Handovers;
  readonly evidence: Evidence;
  readonly proofs: Proofs;
  readonly alarms: Alarms;
  readonly clocks: Clocks;
  readonly reminders: Reminders;
  readonly questions: Questions;
  readonly summaries: Summaries;
  readonly contacts: Contacts;
  readonly destructions: Destructions;
  readonly missing: Missing;
  readonly subscriptions: Subscriptions;
  readonly events: Events;
  readonly stands: Stands;
  readonly disclosures: Disclosures;
  readonly history: History;
  readonly threads: Threads;
  readonly marks: Marks;
  /** Does the work in one transaction; resolves when it is on the disk. */
  write<T>(work: () => T): Promise<T>;
  /** Whether there was no room at the last look, and a new look. */
  readonly space: Space;
  /** Empties the write-ahead log. @returns false when another process still reads it */
  scrub(): boolean;
  /** The files that hold what is stored. */
  readonly files: readonly string[];
  close(): void;
}

/**
 * Opens the store of an agency, makes it when it is not there, and locks out other processes.
 * @throws CommandError when it belongs to another agency, its key is gone, or another process has it
 */
export function openStore(config: StoreConfig, oin: string): Store {
  const lock = lockStore(config.path);
  try {
    return open(config, oin, lock);
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

function open(config: StoreConfig, oin: string, lock: Lock): Store {
  const keys = keysOf(config);
  const database = new Database(config.path);
  if (config.maxBytes !== undefined) database.limit(config.maxBytes);
  migrate(database);
  claim(database, oin);
  // A destruction that was cut off has left its traces here.
  database.scrub();
  const vault = new Vault(keys);
  fileOldMessages(database, vault);
  return {
    outbox: new Outbox(database, vault),
    problems: new Problems(database, vault),
    receipts: new Receipts(database, vault),
    witnesses: new Witnesses(database),
    inbox: new Inbox(database, vault),
    replies: new Replies(database, vault),
    actions: new Actions(database, vault),
    handovers: new Handovers(database),
    evidence: new Evidence(database, vault),
    proofs: new Proofs(database),
    alarms: new Alarms(database),
    clocks: new Clocks(database),
    reminders: new Reminders(database),
    questions: new Questions(database),
    summaries: new Summaries(database),
    contacts: new Contacts(database),
    destructions: new Destructions(database),
    missing: new Missing(database),
    subscriptions: new Subscriptions(database, vault),
    events: new Events(database),
    stands: new Stands(database, vault),
    disclosures: new Disclosures(database),
    history: new History(database),
    threads: new Threads(database),
    marks: new Marks(database, vault),
    write: (work) => database.write(work),
    space: spaceOf(database),
    scrub: () => database.scrub(),
    files: ['', '-wal', '-shm'].map((end) => `${config.path}${end}`),
    close: () => {
      database.close();
      lock.release();
    },
  };
}

const spaceOf = (database: Database): Space => ({
  get full() {
    return database.full;
  },
  onChange: (heard) => {
    database.onSpace = heard;
  },
  probe: () => database.probe(),
  limit: (bytes) => database.limit(bytes),
});

/** A key is made only together with a new store: to an old one a new key is of no use. */
function keysOf(config: StoreConfig): StoreKey[] {
  if (!existsSync(config.keyFile) && !existsSync(config.path)) {
    writeKeys(config.keyFile, [newKey()]);
  }
  return readKeys(config.keyFile);
}

/** The first agency that opens a store owns it. */
function claim(database: Database, oin: string): void {
  const get = database.prepare<{ name: string }, { value: string }>(
    'SELECT value FROM meta WHERE name = :name',
  );
  const owner = get.get({ name: 'oin' })?.value;
  if (owner !== undefined && owner !== oin) {
    const message = `the store belongs to ${owner}, not to ${oin}`;
    throw new CommandError('usage', message, 'give each agency a store.path of its own');
  }
  database
    .prepare<{ name: string; value: string }>(
      'INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING',
    )
    .run({ name: 'oin', value: oin });
}

/** Reads a store's witnesses, the oldest first, beside a running adapter that keeps on writing. */
export function* readWitnesses({ path }: StoreConfig): Generator<WitnessRow> {
  if (!existsSync(path)) {
    throw new CommandError(
      'usage',
      `there is no store ${path}`,
      'check store.path in adapter.yaml',
    );
  }
  const database = new Database(path);
  try {
    yield* new Witnesses(database).all();
  } finally {
    database.close();
  }
}

export interface KeptMessage {
  readonly jws: string;
  readonly digest: string;
  readonly certificate: Buffer;
  readonly grounds: Grounds;
  readonly received: number;
}

/**
 * Reads a received message and what it rested on, beside a running adapter.
 * @throws CommandError when it is not there, or nothing was kept with it
 */
export function readKept(config: StoreConfig, sender: string, jti: string): KeptMessage {
  const vault = new Vault(readKeys(config.keyFile));
  const database = new Database(config.path);
  try {
    const inbox = new Inbox(database, vault);
    const row = inbox.get(sender, jti);
    const jws = row && inbox.jws(sender, jti);
    const grounds = new Proofs(database).of(sender, jti);
    const next = 'ketenpost inbox lists what was received';
    if (row === undefined || jws === undefined) {
      throw new CommandError('refused', 'there is no such message, or it was destroyed', next);
    }
    if (grounds === undefined) {
      throw new CommandError('refused', 'nothing was kept of what its signature rested on', next);
    }
    const { digest, received, certificate } = row;
    return { jws, digest, received, grounds, certificate: Buffer.from(certificate) };
  } finally {
    database.close();
  }
}
