/**
 * What the router asks of its bus, and nothing of how NATS does it. Only router/bus/ knows NATS;
 * every other room is given these narrow verbs.
 */

/** The streams, each of which holds one kind of fact. Subjects and limits are in subjects.ts and streams.ts. */
export type LogName = 'MAILBOX' | 'RECEIPT' | 'ID' | 'LEDGER' | 'CHAIN' | 'DEADLETTER';
export type BucketName =
  | 'registry'
  | 'lease'
  | 'deadlines'
  | 'pins'
  | 'raadplegingen'
  | 'abonnementen';

export interface Stored {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  /** Bytes of the data, also where only the headers were asked for. */
  readonly size: number;
  /** Never personal data: ids, digests, types. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, by the broker's clock. */
  readonly at: number;
}

/** `expect: 0` on a subject that has a message already, or a stale expectation. Idempotence rests on it. */
export interface Conflict {
  readonly conflict: true;
}
export const isConflict = (result: { seq: number } | Conflict): result is Conflict =>
  'conflict' in result;

export interface PutOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The sequence that must be the last on this subject; 0 = the subject must be empty. */
  readonly expect?: number;
  /** The sequence that must be the last of the whole stream: a fence. */
  readonly expectStream?: number;
}

/**
 * One stream. Every `put` has been stored by the broker when it resolves, and whatever is read
 * includes it: reads are answered by the leader of the stream. Looking up one exact subject costs
 * the same however much is stored; a filter with wildcards walks over all subjects of the stream.
 * Every call is bounded in time. @throws BusFault when the broker cannot or may not do it
 */
export interface Log {
  put(subject: string, data: Uint8Array, options?: PutOptions): Promise<{ seq: number } | Conflict>;
  /** The last message on exactly this subject, or null. */
  last(subject: string): Promise<Stored | null>;
  get(seq: number): Promise<Stored | null>;
  /** The first message at or after `from` whose subject fits the filter, or null. Filters may hold wildcards. */
  next(from: number, filter?: string): Promise<Stored | null>;
  /** All messages now stored whose subjects fit, in order of sequence. For admin work, not for the path. */
  list(filter: string, from?: number, options?: { headersOnly: boolean }): AsyncIterable<Stored>;
  /** Removes a message and overwrites its bytes on disk, at the cost of an fsync. True when it was there. */
  erase(seq: number): Promise<boolean>;
  /** Removes a message whose bytes may lie on the disk until the broker cleans up: what is no secret. */
  remove(seq: number): Promise<boolean>;
  state(): Promise<{ first: number; last: number; count: number; bytes: number }>;
  /** The number of messages on each subject that fits the filter. */
  count(filter: string): Promise<number>;
}

/** A queue over part of a stream: what is taken is not given to anybody else until the lease is over or it is erased. */
export interface Queue {
  /**
   * Up to `max` messages that nobody holds, at once, which with their subjects and headers weigh no
   * more than `maxBytes`; fewer or none when there are no more, or the next does not fit.
   */
  take(max: number, maxBytes?: number): Promise<Stored[]>;
}

export interface Bucket {
  get(key: string): Promise<{ value: Uint8Array; revision: number } | null>;
  keys(): Promise<string[]>;
  /** Sets the value if the revision is still this one (0 = absent). */
  swap(key: string, value: Uint8Array, revision: number): Promise<number | Conflict>;
  put(key: string, value: Uint8Array): Promise<number>;
  remove(key: string): Promise<void>;
  /**
   * Calls back for the present value of every key (all of them before it resolves) and for each
   * change (null = removed), also across a restart of the broker, until the returned function is called.
   */
  watch(onChange: (key: string, value: Uint8Array | null) => void): Promise<() => void>;
}

export interface Ask {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Bus {
  log(name: LogName): Log;
  bucket(name: BucketName): Promise<Bucket>;
  /** A durable queue over the messages of a stream that fit the filter; made when it does not exist. */
  queue(log: LogName, name: string, filter: string, leaseMs: number): Promise<Queue>;
  /** Request and reply. @throws Unanswered after the time limit or when nobody serves the subject */
  ask(
    subject: string,
    data: Uint8Array,
    options: { timeoutMs: number; headers?: Readonly<Record<string, string>> },
  ): Promise<Uint8Array>;
  /** Serves a subject as one of a group; each request goes to one of the group. Returns how to stop: no new requests, those under way are answered. */
  serve(
    subject: string,
    group: string,
    answer: (ask: Ask) => Promise<Uint8Array>,
  ): Promise<() => Promise<void>>;
  /** A sign to whoever listens now; not stored. */
  notify(subject: string, data?: Uint8Array): void;
  listen(subject: string, onSign: (subject: string, data: Uint8Array) => void): () => void;
  /** What the broker is, as it says itself. */
  readonly server: { readonly name: string; readonly version: string };
  /** What every server of the broker says of its settings. See durability.ts. */
  variables(): Promise<readonly ServerVariables[]>;
  /** What is not as streams.ts says. @param replicas how many servers should keep each stream */
  differences(replicas: number): Promise<readonly StreamDifference[]>;
  /** Resolves with the reason when the connection is gone for good. */
  readonly closed: Promise<Error | undefined>;
  close(): Promise<void>;
}

export interface StreamDifference {
  /** One line, for people. */
  readonly text: string;
  /** Nothing may be entrusted to the broker before it is mended. */
  readonly grave: boolean;
  /** Fewer servers keep it than should. */
  readonly thin: boolean;
}

/** The part of a server's variables (nats-server: VARZ) on which something depends. */
export interface ServerVariables {
  readonly name: string;
  readonly version: string;
  /** JetStream writes each message through to the disk before it acknowledges it. */
  readonly syncAlways: boolean;
  readonly storeDirectory: string | undefined;
  /** Bytes that are stored, and that may be. */
  readonly stored: number;
  readonly room: number;
  /** How many servers the cluster has, those that are away too; 1 = it stands alone. */
  readonly clusterSize: number;
}

/**
 * The broker did not do what was asked: gone, too slow, full, or not allowed. What was asked may
 * have been done all the same. Its text names the operation and never what is stored.
 */
export class BusFault extends Error {
  override readonly name = 'BusFault';
  /** The broker's own error number, when it gave one. */
  readonly code: number | undefined;
  constructor(message: string, options?: { code?: number; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = options?.code;
  }
}

/** Nobody answered in time. A fault to whoever asked, to be tried again. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}
