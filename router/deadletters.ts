/**
 * Submissions that could not be worked on, kept apart in three piles (deadletters/piles.ts) with the
 * story of what happened and the sealed bytes. Nobody can read them here; they can be offered again.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../schemas/clock.ts';
import type { Uuid7 } from '../schemas/ids.ts';
import { type Digest, type Oin, parseDigest, parseOin, parseUuid7 } from '../schemas/ids.ts';
import { type Bus, isConflict, type Stored } from './bus/bus.ts';
import { type Prio, subjects } from './bus/subjects.ts';
import type { Pile } from './deadletters/piles.ts';
import type { Ledger } from './ledger.ts';

export interface Story {
  readonly pile: Pile;
  /** Who sent it, once the signature has been verified. */
  readonly sender?: Oin | undefined;
  readonly jti?: Uuid7 | undefined;
  /** Which agency the door saw, and in which lane: what a redrive must say again. */
  readonly peer: Oin;
  readonly prio: Prio;
  /** Where it went wrong and how: a stage, and a code or the name of an error. Never its text. */
  readonly stage: string;
  readonly cause: string;
  readonly attempts: number;
}

export interface DeadLetter extends Story {
  /** The jti, or the SHA-256 of the sealed bytes in hex while the jti is not known. */
  readonly id: string;
  /** SHA-256 of the sealed bytes. */
  readonly dig: Digest;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly parkedAt: number;
  /** Its number in the stream. */
  readonly seq: number;
}

export interface DeadLetters {
  /** Stores the submission; the same one parked twice is there once. Also told in the ledger. */
  park(story: Story, submission: Uint8Array): Promise<void>;
  /** What is parked, oldest first, without the bytes. */
  list(pile?: Pile): AsyncIterable<DeadLetter>;
  /** The sealed bytes, or nothing when it is gone. */
  submission(letter: DeadLetter): Promise<Uint8Array | undefined>;
  /** Removes it and overwrites its bytes. */
  remove(letter: DeadLetter): Promise<void>;
}

/** One header holds the story: ids, codes and numbers. */
const STORY = 'Ketenpost-Verhaal';

export function openDeadLetters(options: {
  readonly bus: Bus;
  readonly ledger: Ledger;
  readonly clock: Clock;
}): DeadLetters {
  const { bus, ledger, clock } = options;
  const log = bus.log('DEADLETTER');
  return {
    async park(story, submission) {
      const hash = createHash('sha256').update(submission).digest();
      const id = story.jti ?? hash.toString('hex');
      const dig = parseDigest(hash.toString('base64url'));
      const told = { ...story, dig, bytes: submission.length, parkedAt: clock.now() };
      const subject = subjects.deadLetter(story.pile, story.sender ?? 'unknown', id);
      const headers = { [STORY]: JSON.stringify(told) };
      if (isConflict(await log.put(subject, submission, { headers, expect: 0 }))) return;
      await ledger.append({
        kind: 'dode-letter',
        stapel: story.pile,
        id,
        dig,
        pogingen: story.attempts,
        afzender: story.sender,
        bericht: story.jti,
        oorzaak: asWord(story.cause),
      });
    },
    list: (pile) => list(log.list(subjects.deadLettersOf(pile ?? '*'), 1, { headersOnly: true })),
    submission: async ({ seq }) => (await log.get(seq))?.data,
    remove: async ({ seq }) => void (await log.erase(seq)),
  };
}

/** The ledger takes words only. */
const asWord = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9._-]/g, '').slice(0, 80) || 'onbekend';

async function* list(stored: AsyncIterable<Stored>): AsyncGenerator<DeadLetter> {
  for await (const one of stored) yield read(one);
}

/** The subject ends in pile, sender and id; the header holds the story. */
function read({ subject, headers, seq }: Stored): DeadLetter {
  const [pile, sender, id = ''] = subject.split('.').slice(2);
  const told = JSON.parse(headers[STORY] ?? '{}') as DeadLetter;
  return {
    pile: pile as Pile,
    id,
    seq,
    stage: told.stage,
    cause: told.cause,
    prio: told.prio,
    attempts: told.attempts,
    bytes: told.bytes,
    parkedAt: told.parkedAt,
    peer: parseOin(told.peer),
    dig: parseDigest(told.dig),
    ...(sender !== 'unknown' && { sender: parseOin(sender) }),
    ...(told.jti !== undefined && { jti: parseUuid7(told.jti) }),
  };
}
