/**
 * What the router itself says to us: alarms and reminders. Believed when the router signed it, for us;
 * what does not verify is kept as evidence and shown to nobody as true.
 */
import { digestOf } from '../certs/digest.ts';
import { readJws, verify } from '../certs/verify.ts';
import { type OinUrn, toNoteId, toUrn, type Uuid7 } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { keepEvidence } from './keep-evidence.ts';
import type { Rooms } from './rooms.ts';

/** Claims that every word of the router has. */
interface Word {
  readonly iss: OinUrn;
  readonly aud: OinUrn;
  readonly jti: Uuid7;
  /** Seconds since 1970. */
  readonly iat: number;
}

interface Kind<W extends Word> {
  readonly typ: string;
  /** What evidence of a bad one is called. */
  readonly name: 'alarm' | 'mededeling';
  /** Checks the shape. */
  read(claims: unknown): W;
}

/**
 * Authenticates a word of the router, lets it be taken in, and notes that the router need not give
 * it again. Of one that is not authentic that is never noted: its id may be that of a true one.
 * @param take stores it, once however often it comes; may refuse it
 * @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox
 */
export async function takeWord<W extends Word>(
  rooms: Rooms,
  jws: string,
  kind: Kind<W>,
  take: (word: W) => Promise<void>,
): Promise<void> {
  const { store, log } = rooms;
  let word: W | undefined;
  try {
    word = await authenticate(rooms, jws, kind);
    await take(word);
  } catch (error) {
    if (!(error instanceof Refusal) || error.retry) throw error;
    const [digest, { code }, { name }] = [digestOf(jws), error, kind];
    if (await keepEvidence(rooms, { kind: name, digest, code }, jws))
      log.warn({ code, kind: name, digest }, 'a word of the router does not count');
  }
  if (word === undefined) return;
  const note = toNoteId(rooms.router, word.jti);
  await store.write(() => store.receipts.see(note));
}

async function authenticate<W extends Word>(rooms: Rooms, jws: string, kind: Kind<W>): Promise<W> {
  const { header, claims } = readJws(jws, kind.typ);
  const word = kind.read(claims);
  if (word.iss !== toUrn(rooms.router)) throw new Refusal('issuer-mismatch');
  const at = word.iat * 1000;
  const { directory, trust, clock } = rooms;
  const certificate = await directory.certificate(rooms.router, 'authenticiteit', header.x5t, at);
  await verify(jws, kind.typ, () => certificate);
  // What waited in the mailbox since does not expire there.
  trust.judge(certificate, { use: 'authenticiteit', at, now: clock.now(), seen: at });
  if (word.aud !== toUrn(rooms.oin)) throw new Refusal('wrongly-addressed', 'it is for another');
  return word;
}
