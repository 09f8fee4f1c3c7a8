import type { Rooms } from './rooms.ts';
import type { EvidenceRow } from './store/evidence.ts';

/**
 * Keeps what came by the mailbox and does not count, once however often it comes: what is not authentic
 * stays there until its time is over, is given again whenever its loan ends, and is judged anew.
 * @returns whether it was not there yet: a reason to say so, once
 */
export async function keepEvidence(
  { store, clock }: Pick<Rooms, 'store' | 'clock'>,
  what: Pick<EvidenceRow, 'digest' | 'kind' | 'code'>,
  jws: string,
): Promise<boolean> {
  if (store.evidence.get(what.digest) !== undefined) return false;
  const row = { ...what, at: clock.now(), sender: null, message: null };
  await store.write(() => store.evidence.add(row, jws));
  return true;
}
