/** Partners in the local API: whom to telephone, and when its people are there. */
import { oin, text, time } from './words.ts';

export const number = (description: string) => ({ type: 'integer', minimum: 0, description });

const openingstijden = {
  type: 'array',
  description: 'Dutch time; absent when not known',
  items: {
    type: 'object',
    properties: {
      dagen: { type: 'array', items: text('ma to zo, or feestdag') },
      van: text('HH:MM'),
      tot: text('HH:MM'),
    },
  },
} as const;

export const contact = {
  oin,
  naam: text('As the register calls it'),
  telefoon: text('Where people answer when it must not wait'),
  open: { type: 'boolean', description: 'Whether its people are there now; absent when not known' },
  sluitOp: time,
  opentOp: time,
} as const;

export const partner = {
  type: 'object',
  required: ['oin'],
  properties: {
    ...contact,
    openingstijden,
    voorbehoud: text('Why it may not get the question now: suspended'),
    onbekend: text('Why the router would find no recipient: not in the register, or not in force'),
    geweigerd: text('Why the router would refuse the question to it, by roles, type and basis'),
    openBinnenKlok: number('Seconds that it is open within the time that is left'),
  },
} as const;
