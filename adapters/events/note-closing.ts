import { CASE_CLOSED, CASE_EVENT } from '../../schemas/case-events.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import type { Store } from '../store/store.ts';
import { readCaseEvent } from './case-event.ts';

/**
 * Notes of a message of ours whether it says that a case is closed, or that it goes on: any new event of the
 * case does, and so does whoever takes the closing back or puts another event in its place. To put right what
 * was told before the closing says nothing of it. To be called inside `store.write`.
 */
export function noteClosing(
  { stands }: Pick<Store, 'stands'>,
  claims: Pick<Bericht, 'jti' | 'berichttype' | 'inhoud' | 'vervangt' | 'trektIn'>,
  at: number,
): void {
  const { jti: message, berichttype, vervangt, trektIn } = claims;
  if (berichttype !== CASE_EVENT) return;
  const earlier = vervangt ?? trektIn;
  const wasClosing = earlier !== undefined && stands.unclose(earlier);
  const event = readCaseEvent(claims);
  if (event === undefined) return;
  if (event.type === CASE_CLOSED) stands.close({ message, zaak: event.zaak, at });
  else if (earlier === undefined || wasClosing) stands.reopen(event.zaak);
}
