/** Consultations as the local API shows them. */
import { contact, number } from './partner-schema.ts';
import { employee } from './schemas.ts';
import { jti, text, time } from './words.ts';

export const klok = {
  type: 'string',
  enum: ['zsm-6', 'zsm-9', 'vrij'],
  description:
    'Six or nine hours of questioning from the arrest, the night not counted; or as eind says',
} as const;

export const resterend = {
  type: 'object',
  required: ['seconden'],
  description: 'How much is left by the clock',
  properties: {
    seconden: number('Seconds that count'),
    staatStilTot: { ...time, description: 'The clock stands still until then: the night' },
  },
} as const;

const line = {
  conversatie: { ...jti, description: 'The consultation' },
  kenmerk: text('Your own number of the question: its identificatie'),
  klok,
  aanvang: time,
  eind: time,
  staat: {
    type: 'string',
    enum: ['loopt', 'beantwoord', 'ingetrokken', 'verstreken', 'niet-gesteld'],
    description: 'loopt: an answer may come in time; niet-gesteld: the router took none of it',
  },
  resterend,
  herinneringen: {
    type: 'array',
    items: time,
    description: 'When the router reminds whoever has not answered',
  },
  telling: {
    type: 'object',
    properties: {
      partners: number('Asked'),
      beantwoord: number('Answered what they were asked'),
      deels: number('Answered some of it, and wait for the rest'),
      wacht: number('Still to answer, in part or whole'),
      afgewezen: number('Rejected it, and answered nothing'),
      teLaat: number('Answered after the end'),
    },
  },
  samengevat: { type: 'boolean', description: 'The summary of the router is in' },
} as const;
const ALWAYS = ['conversatie', 'klok', 'aanvang', 'eind', 'staat', 'resterend', 'telling'] as const;

export const consultationLine = { type: 'object', required: ALWAYS, properties: line } as const;

const answer = {
  type: 'object',
  required: ['bericht', 'berichttype', 'ontvangenOp', 'teLaat'],
  properties: {
    bericht: jti,
    berichttype: text('Type of the answer'),
    ontvangenOp: time,
    teLaat: { type: 'boolean', description: 'It came after the end, as the router notes' },
    bekend: {
      type: 'boolean',
      description: 'Whether it says that somebody is known; absent when it does not say',
    },
  },
} as const;

const toPartner = {
  type: 'object',
  required: ['bericht', 'berichttype', 'staat', 'herinnerd', 'antwoorden'],
  properties: {
    bericht: jti,
    berichttype: text('Type of the question'),
    staat: {
      type: 'string',
      enum: [
        ...['beantwoord', 'te-laat', 'ingetrokken', 'afgewezen', 'onbestelbaar', 'geweigerd'],
        ...['afgeleverd', 'onderweg'],
      ],
    },
    gevraagdOp: { ...time, description: 'When the router had it for this partner, as it signed' },
    afgeleverdOp: { ...time, description: 'When the partner had it, as it signed' },
    afgewezenOp: time,
    code: text('Why it was rejected'),
    ingetrokkenOp: time,
    herinnerd: number('How many reminders are past, by the clock'),
    antwoorden: { type: 'array', items: answer },
  },
} as const;

const question = {
  type: 'object',
  required: ['bericht', 'berichttype', 'gesteldOp', 'staat'],
  properties: {
    bericht: jti,
    berichttype: text('Type of the question'),
    gesteldOp: time,
    staat: text('Where the message stands'),
    laatsteCode: text('Why the last offer did not succeed'),
    gesteldDoor: employee,
    geslotenDoor: employee,
  },
} as const;

export const consultation = {
  type: 'object',
  required: [...ALWAYS, 'vragen', 'partners'],
  properties: {
    ...line,
    vragen: { type: 'array', items: question },
    partners: {
      type: 'array',
      items: {
        type: 'object',
        required: ['oin', 'vragen'],
        properties: { ...contact, vragen: { type: 'array', items: toPartner } },
      },
    },
    samenvatting: {
      type: 'object',
      description: 'What the router signed of it at its end',
      properties: {
        ontvangenOp: time,
        jws: text('The same, signed: proof'),
        inhoud: {
          type: 'object',
          description:
            'As the router signed it: asked whom and when, delivered when, answered what kind and when, or not',
        },
      },
    },
  },
} as const;
