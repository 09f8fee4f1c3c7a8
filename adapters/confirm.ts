/**
 * What happens to a receipt about a message of ours, in order: authenticate → match → witness → count.
 * A receipt that does not count is kept as evidence, and its refusal thrown. When it is authentic all the
 * same, the router need not give it again; otherwise its id may be that of a true one.
 */
import { digestOf } from '../certs/digest.ts';
import { toNoteId, toUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { type Authentic, authenticate } from './confirm/authenticate.ts';
import { type Confirmation, count } from './confirm/count.ts';
import { match } from './confirm/match.ts';
import { witness } from './confirm/witness.ts';
import { keepEvidence } from './keep-evidence.ts';
import type { Rooms } from './rooms.ts';
import type { Submission } from './send/seal.ts';

/** How a receipt came. */
export interface Origin {
  /** In the mailbox: the router gives it until it is told that it was seen. */
  readonly mailed: boolean;
  /** As the answer to this submission. */
  readonly submission?: Submission;
}

/**
 * @throws Refusal that may be tried again, when it cannot be judged now
 * @throws Refusal that is final, when it does not count
 */
export async function confirm(
  rooms: Rooms,
  jws: string,
  { mailed, submission }: Origin = { mailed: true },
): Promise<Confirmation> {
  let authentic: Authentic | undefined;
  try {
    authentic = await authenticate(rooms, jws);
    const matched = match(rooms, authentic, submission);
    const checkpoint = await witness(rooms, matched);
    return await count(rooms, matched, checkpoint, mailed);
  } catch (error) {
    if (error instanceof Refusal && !error.retry) {
      await keep(rooms, jws, error);
      if (mailed && authentic !== undefined) await see(rooms, authentic);
    }
    throw error;
  }
}

async function keep(rooms: Rooms, jws: string, { code }: Refusal): Promise<void> {
  const digest = digestOf(jws);
  if (await keepEvidence(rooms, { kind: 'ontvangstbewijs', digest, code }, jws))
    rooms.log.warn({ code, ontvangstbewijs: digest }, 'a receipt does not count');
}

/** One for another agency was not in our mailbox. */
async function see({ store, oin }: Rooms, { issuer, claims }: Authentic): Promise<void> {
  const { aud, jti } = claims;
  if (aud === toUrn(oin)) await store.write(() => store.receipts.see(toNoteId(issuer, jti)));
}
