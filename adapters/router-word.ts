/**
 * What the router itself says to us: alarms and reminders. Believed when the router signed it, for us;
 * what does not verify is kept as evidence and shown to nobody as true.
 */
import { digestOf } from '../certs/digest.ts';
import { readJws, verify } from '../certs/verify.ts';
import type { WireTypes } from '../schemas/generated/wire.ts';
import { toNoteId, toUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';
import { checkWire } from '../schemas/validate.ts';
import { keepEvidence } from './keep-evidence.ts';
import type { Rooms } from './rooms.ts';

/** By the document of its claims: its typ, and what evidence of a bad one is called. */
const WORDS = {
  alarm: { typ: TYP.alarm, name: 'alarm' },
  herinnering: { typ: TYP.reminder, name: 'mededeling' },
  samenvatting: { typ: TYP.summary, name: 'mededeling' },
} as const;
type Word = keyof typeof WORDS;

/**
 * Authenticates a word of the router, lets it be taken in, and notes that the router need not give
 * it again. Of one that is not authentic that is never noted: its id may be that of a true one.
 * @param take stores it, once however often it comes; may refuse it
 * @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox
 */
export async function takeWord<W extends Word>(
  rooms: Rooms,
  jws: string,
  document: W,
  take: (word: WireTypes[W]) => Promise<void>,
): Promise<void> {
  const { store, log } = rooms;
  let word: WireTypes[W] | undefined;
  try {
    word = await authenticate(rooms, jws, document);
    await take(word);
  } catch (error) {
    if (!(error instanceof Refusal) || error.retry) throw error;
    const about = { kind: WORDS[document].name, digest: digestOf(jws), code: error.code };
    if (await keepEvidence(rooms, about, jws))
      log.warn(about, 'a word of the router does not count');
  }
  if (word === undefined) return;
  const note = toNoteId(rooms.router, word.jti);
  await store.write(() => store.receipts.see(note));
}

async function authenticate<W extends Word>(
  rooms: Rooms,
  jws: string,
  document: W,
): Promise<WireTypes[W]> {
  const { typ } = WORDS[document];
  const { header, claims } = readJws(jws, typ);
  const word = checkWire(document, claims);
  if (word.iss !== toUrn(rooms.router)) throw new Refusal('issuer-mismatch');
  const at = word.iat * 1000;
  const { directory, trust, clock } = rooms;
  const certificate = await directory.certificate(rooms.router, 'authenticiteit', header.x5t, at);
  await verify(jws, typ, () => certificate);
  // What waited in the mailbox since does not expire there.
  trust.judge(certificate, { use: 'authenticiteit', at, now: clock.now(), seen: at });
  if (word.aud !== toUrn(rooms.oin)) throw new Refusal('wrongly-addressed', 'it is for another');
  return word;
}
