/** Received messages in the local API, and as they are handed over to the agency's systems. */
import { alarm } from './alarm-schema.ts';
import { hint, matches } from './radar-schema.ts';
import { employee, messageIds } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const sender = {
  type: 'object',
  required: ['oin', 'naam'],
  properties: { oin, naam: text('As the register calls it') },
} as const;

const later = {
  vervangenDoor: { ...jti, description: 'The sender corrected this message by that one' },
  ingetrokkenDoor: { ...jti, description: 'The sender withdrew this message by that one' },
} as const;

const underClock = {
  beantwoordenVoor: {
    ...time,
    description: 'A question of a consultation: answers count until then',
  },
  herinnerdOp: { ...time, description: 'When the router last reminded of it' },
  beantwoord: { const: true, description: 'Something was sent that refers to it' },
  teLaat: { const: true, description: 'An answer that came after the end of the consultation' },
} as const;

const inboxState = { type: 'string', enum: ['afgeleverd', 'verwerkt', 'afgewezen'] } as const;

export const received = {
  type: 'object',
  required: ['afzender', 'bericht', 'berichttype', 'prio', 'staat', 'ontvangenOp'],
  properties: {
    afzender: sender,
    ...messageIds,
    berichttype: text('Message type'),
    versie: text('Version of the type'),
    prio: { type: 'string', enum: ['spoed', 'normaal'] },
    opgesteldOp: time,
    ontvangenOp: time,
    staat: inboxState,
    staatSinds: time,
    alarm,
    radar: hint,
    vernietigdOp: { ...time, description: 'When its content was destroyed' },
    ...later,
    ...underClock,
    koppelingen: {
      type: 'array',
      description: 'Handing over to systems of the agency; `mens` waits for a person',
      items: {
        type: 'object',
        properties: {
          kanaal: { type: 'string', enum: ['webhook', 'folder'] },
          staat: { type: 'string', enum: ['wacht', 'geschreven', 'gelukt', 'mens'] },
          pogingen: { type: 'integer' },
          status: { type: 'integer', description: 'Last HTTP status' },
          volgendePoging: time,
        },
      },
    },
  },
} as const;

/** What a system is handed over, by webhook or in a file. */
export const handedOver = {
  type: 'object',
  required: ['afzender', 'bericht', 'digest', 'staat', 'ontvangenOp'],
  properties: {
    afzender: {
      ...sender,
      required: [...sender.required, 'geverifieerd', 'certificaat'],
      properties: {
        ...sender.properties,
        geverifieerd: { const: true },
        certificaat: { type: 'object', description: 'What the sender signed with' },
      },
    },
    bericht: {
      type: 'object',
      description: 'The claims that the sender signed, `inhoud` among them',
    },
    digest: text('SHA-256 of the signed message'),
    staat: inboxState,
    ontvangenOp: time,
    ...later,
    ...underClock,
    radar: matches,
  },
} as const;

export const opened = {
  type: 'object',
  required: [...handedOver.required, 'acties'],
  properties: {
    ...handedOver.properties,
    acties: {
      type: 'array',
      description: 'Who did what with this message',
      items: {
        type: 'object',
        properties: { op: time, actie: text('What'), medewerker: employee },
      },
    },
  },
} as const;

export const settled = {
  type: 'object',
  required: ['staat'],
  properties: { staat: inboxState },
} as const;
