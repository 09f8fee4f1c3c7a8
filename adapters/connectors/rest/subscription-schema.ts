/** A subscription, a gap and an event in the local API. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { employee } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const zaak = text('Case, opaque', { pattern: PATTERNS.uuid });
const wishes = {
  bron: { ...oin, description: 'Only events of this agency; required with zaak' },
  zaak: { ...zaak, description: 'Only this case of bron; the subscription ends with it' },
  typen: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    uniqueItems: true,
    items: text('CloudEvents type', { pattern: '^[a-z0-9]+([.-][a-z0-9]+)*$', maxLength: 120 }),
  },
  regio: text('Only events of this VT region', { pattern: '^VT[0-9]{2}$' }),
  grondslag: text('Legal basis on which you may be told', { minLength: 1, maxLength: 64 }),
  eind: { ...time, description: 'Ends by itself at; at most 366 days ahead, 365 when absent' },
} as const;

export const wish = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker', 'grondslag'],
  dependentRequired: { zaak: ['bron'] },
  properties: { medewerker: employee, ...wishes },
} as const;

export const subscription = {
  type: 'object',
  required: ['abonnement', 'grondslag', 'begonnenOp', 'staat'],
  properties: {
    abonnement: { ...jti, description: 'Id of the subscription' },
    ...wishes,
    begonnenOp: time,
    staat: { type: 'string', enum: ['loopt', 'beeindigd'] },
    beeindigdOp: time,
    reden: text(
      'Why it ended: opgezegd, eind, zaak-afgesloten, geen-recht; onbekend-bij-router: it is not told of there',
    ),
    vernomenOp: { ...time, description: 'When this adapter heard of its end' },
    overgeslagen: {
      type: 'object',
      description:
        'Events that you were left out of, your mailbox being full or no key of yours good: fetch at the source',
      required: ['aantal'],
      properties: { aantal: { type: 'integer' }, laatstOp: time },
    },
    begonnenDoor: employee,
    beeindigdDoor: employee,
  },
} as const;

export const gap = {
  type: 'object',
  required: ['afzender', 'systeem', 'zaak', 'van', 'tot', 'aantal', 'sinds', 'abonnement'],
  properties: {
    afzender: oin,
    systeem: text('The system that tells, as CloudEvents source'),
    zaak,
    van: text('First number that is missing'),
    tot: text('Last number that is missing'),
    aantal: { type: 'integer' },
    sinds: { ...time, description: 'When the event came that showed it' },
    abonnement: { ...jti, description: 'The subscription under which it should have come' },
  },
} as const;

export const event = {
  type: 'object',
  required: ['afzender', 'bericht', 'uitkomst'],
  properties: {
    afzender: oin,
    bericht: jti,
    uitkomst: { type: 'string', enum: ['nieuw', 'bekend', 'geweigerd', 'blijft'] },
    type: text('CloudEvents type'),
    zaak,
    volgnummer: { type: 'integer' },
    dataref: text('Where more is to be had; ask for it by /v1/postvak/{afzender}/{jti}/_haalop'),
  },
} as const;
