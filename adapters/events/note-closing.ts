import { CASE_CLOSED, CASE_EVENT } from '../../schemas/case-events.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import type { Store } from '../store/store.ts';
import { readCaseEvent } from './case-event.ts';

/**
 * Notes of a message of ours whether it says that a case is closed, or that it goes on: any later event of
 * the case does, and so does whoever takes the closing back. To be called inside `store.write`.
 */
export function noteClosing(
  { stands }: Pick<Store, 'stands'>,
  claims: Pick<Bericht, 'jti' | 'berichttype' | 'inhoud' | 'vervangt' | 'trektIn'>,
  at: number,
): void {
  const { jti: message, berichttype, vervangt, trektIn } = claims;
  if (berichttype !== CASE_EVENT) return;
  for (const earlier of [vervangt, trektIn]) if (earlier !== undefined) stands.unclose(earlier);
  const event = readCaseEvent(claims);
  if (event === undefined) return;
  if (event.type === CASE_CLOSED) stands.close({ message, zaak: event.zaak, at });
  else stands.reopen(event.zaak);
}
