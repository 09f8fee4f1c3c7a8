import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { ConsultationName } from '../consultations.ts';

/** The kind of deadline that each consultation has (consultations/keep-consultation.ts). */
export const CONSULTATION = 'raadpleging';

export const keyOfConsultation = ({ asker, conversatie }: ConsultationName): string =>
  `${CONSULTATION}.${asker}.${conversatie}`;

export function readConsultationKey(key: string): ConsultationName {
  const [, asker, conversatie] = key.split('.') as [string, Oin, Uuid7];
  return { asker, conversatie };
}
