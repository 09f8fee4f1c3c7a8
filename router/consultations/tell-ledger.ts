import type { ConsultationName } from '../consultations.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { Rooms } from '../rooms.ts';

/** What is told of a consultation, beside whose it is. */
export type Told = Omit<
  Extract<LedgerEntry, { kind: 'raadpleging' }>,
  'kind' | 'vrager' | 'conversatie'
>;

export const tellLedger = (
  { ledger }: Rooms,
  { asker, conversatie }: ConsultationName,
  told: Told,
): Promise<void> => ledger.append({ kind: 'raadpleging', vrager: asker, conversatie, ...told });
