/** The clock of a consultation as a draft names it: moments in text, and the end by the law when it is left open. */
import { lawfulEnd } from '../../schemas/consultation.ts';
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import type { Fault } from '../../schemas/refusal.ts';

export interface DraftClock {
  readonly klok: Raadpleging['klok'];
  readonly aanvang: string;
  readonly eind?: string;
}

const moment = (description: string) => ({ type: 'string', format: 'date-time', description });

export const clockSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['klok', 'aanvang'],
  description: 'With a question to partners: the clock that it must be answered by',
  properties: {
    klok: {
      type: 'string',
      enum: ['zsm-6', 'zsm-9', 'vrij'],
      description:
        'Six or nine hours of questioning, midnight to 09:00 not counted; or as eind says',
    },
    aanvang: moment('Since when it runs: the arrest'),
    eind: moment('Until when answers count; by the law when absent, required with vrij'),
  },
} as const;

/** @param draft may hold what it should not: its own faults are told by the schema of drafts */
export function clockOf(draft: unknown, faults: Fault[]): Raadpleging | undefined {
  const { klok, aanvang: from, eind: until } = Object(draft) as Partial<DraftClock>;
  const aanvang = toSeconds(from);
  if (klok === undefined || aanvang === undefined) return undefined;
  const eind = until === undefined ? lawfulEnd({ klok, aanvang }) : toSeconds(until);
  if (eind !== undefined) return { klok, aanvang, eind };
  if (!clockSchema.properties.klok.enum.includes(klok)) return undefined;
  faults.push({ plaats: '/raadpleging/eind', melding: 'is required, as date and time' });
  return undefined;
}

function toSeconds(text: unknown): number | undefined {
  const at = typeof text === 'string' ? Math.floor(Date.parse(text) / 1000) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
