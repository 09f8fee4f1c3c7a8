/**
 * What happens to a receipt about a message of ours, in order: authenticate → match → witness → count.
 * A receipt that does not count is kept as evidence, and its refusal thrown.
 */
import { digestOf } from '../certs/digest.ts';
import { Refusal } from '../schemas/refusal.ts';
import { authenticate } from './confirm/authenticate.ts';
import { type Confirmation, count } from './confirm/count.ts';
import { match } from './confirm/match.ts';
import { witness } from './confirm/witness.ts';
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
  try {
    const authentic = await authenticate(rooms, jws);
    const matched = match(rooms, authentic, submission);
    const checkpoint = await witness(rooms, matched);
    return await count(rooms, matched, checkpoint, mailed);
  } catch (error) {
    if (error instanceof Refusal && !error.retry) await keepEvidence(rooms, jws, error);
    throw error;
  }
}

async function keepEvidence({ store, clock, log }: Rooms, jws: string, refusal: Refusal) {
  const digest = digestOf(jws);
  const { code } = refusal;
  log.warn({ code, ontvangstbewijs: digest }, 'a receipt does not count');
  const row = { digest, kind: 'ontvangstbewijs', at: clock.now(), code } as const;
  await store.write(() => store.evidence.add({ ...row, sender: null, message: null }, jws));
}
