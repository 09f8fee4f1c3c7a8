/**
 * The id records: what became of each (sender, id). One outlives the mailbox and the body, so that
 * a message is never taken for a new one, nor a new one for an old.
 */
import { LRUCache } from 'lru-cache';
import type { Digest, Oin, Uuid7 } from '../schemas/ids.ts';
import { type Bus, isConflict } from './bus/bus.ts';
import { type Prio, subjects } from './bus/subjects.ts';

export interface MessageFacts {
  /** SHA-256 of the JWS. */
  readonly dig: Digest;
  readonly prio: Prio;
  readonly conversatie: Uuid7;
  readonly iat: number;
  readonly exp: number;
  /** Absent in records of versions that did not keep it, and of what was refused before it was known. */
  readonly berichttype?: string;
  /** The earlier message of this sender that it corrects, or takes back. */
  readonly vervangt?: Uuid7;
  readonly trektIn?: Uuid7;
}

/** An answer to a consultation (consultations/find-asked.ts). */
export interface Answering {
  /** Milliseconds since 1970. */
  readonly gegeven: number;
  /** Those recipients that asked, and to whom of them it comes after the end. */
  readonly vragers: readonly Oin[];
  readonly teLaat: readonly Oin[];
}

/** What is decided before the first copy is stored, and stays so. */
interface Frozen extends MessageFacts {
  readonly recipients: readonly Oin[];
  readonly antwoord?: Answering;
  /** Of an event of a case: when the router first got it; milliseconds since 1970. */
  readonly sinds?: number;
}
/** Copies are being stored: a re-offer goes on from here. */
export interface Intended extends Frozen {
  readonly verdict: 'intended';
}
/** Every copy was stored and the receipt `aanvaard` is in the stream of receipts. */
export interface Accepted extends Frozen {
  readonly verdict: 'accepted';
}
/** Refused for good. The record holds its receipt, so that verdict and proof are one write. */
export interface Refused extends MessageFacts {
  readonly verdict: 'refused';
  readonly receipt: string;
}
export type Verdict = Intended | Accepted | Refused;
/** A verdict as it is stored: `seq` is what a later verdict must replace. */
export type IdRecord = Verdict & { readonly seq: number };
/** Of a message that was not refused. */
export type Opened = (Intended | Accepted) & { readonly seq: number };

export interface Ids {
  find(sender: Oin, jti: Uuid7): Promise<IdRecord | undefined>;
  /**
   * As find, for an agency that says something about the message. To one that has nothing to do with
   * it, it takes as long whether there is such a record or not: the clock must not tell.
   */
  findFor(agency: Oin, sender: Oin, jti: Uuid7): Promise<IdRecord | undefined>;
  /** The first verdict on an id. @returns undefined when there is one already */
  begin<V extends Verdict>(
    sender: Oin,
    jti: Uuid7,
    verdict: V,
  ): Promise<(V & { readonly seq: number }) | undefined>;
  /** Replaces exactly this verdict by a later one. @returns false when another did so first */
  advance(sender: Oin, jti: Uuid7, from: IdRecord, to: Verdict): Promise<boolean>;
}

/** So many messages wait for the receipts of their recipients, as a rule. */
const KEPT = 10_000;

export function openIds(bus: Bus): Ids {
  const log = bus.log('ID');
  // An acceptance is never taken back or changed, so what was seen of one is true for good.
  const accepted = new LRUCache<string, Accepted & { readonly seq: number }>({ max: KEPT });
  const put = (sender: Oin, jti: Uuid7, verdict: Verdict, expect: number) =>
    log.put(subjects.id(sender, jti), Buffer.from(JSON.stringify(verdict)), { expect });
  async function read(subject: string): Promise<IdRecord | undefined> {
    const stored = await log.last(subject);
    if (stored === null) return undefined;
    // The router wrote it; a record that cannot be read is a fault, never a missing record.
    const verdict = JSON.parse(Buffer.from(stored.data).toString()) as Verdict;
    const record = { ...verdict, seq: stored.seq };
    if (record.verdict === 'accepted') accepted.set(subject, record);
    return record;
  }
  return {
    async find(sender, jti) {
      const subject = subjects.id(sender, jti);
      return accepted.get(subject) ?? (await read(subject));
    },
    async findFor(agency, sender, jti) {
      const subject = subjects.id(sender, jti);
      const known = accepted.get(subject);
      return known?.recipients.includes(agency) ? known : await read(subject);
    },
    async begin(sender, jti, verdict) {
      const result = await put(sender, jti, verdict, 0);
      return isConflict(result) ? undefined : { ...verdict, seq: result.seq };
    },
    async advance(sender, jti, { seq }, to) {
      const result = await put(sender, jti, to, seq);
      if (isConflict(result)) return false;
      if (to.verdict === 'accepted')
        accepted.set(subjects.id(sender, jti), { ...to, seq: result.seq });
      return true;
    },
  };
}
