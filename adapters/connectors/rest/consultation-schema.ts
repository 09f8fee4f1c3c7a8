/** Consultations in the local API. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { contact, number, partner } from './partner-schema.ts';
import { employee } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

const klok = {
  type: 'string',
  enum: ['zsm-6', 'zsm-9', 'vrij'],
  description:
    'Six or nine hours of questioning from the arrest, the night not counted; or as eind says',
} as const;

const resterend = {
  type: 'object',
  required: ['seconden'],
  description: 'How much is left by the clock',
  properties: {
    seconden: number('Seconds that count'),
    staatStilTot: { ...time, description: 'The clock stands still until then: the night' },
  },
} as const;

const asking = {
  jti: {
    ...jti,
    description: 'Own id. The same id with the same content again gives the same answer',
  },
  medewerker: employee,
  proef: {
    type: 'boolean',
    description: 'Send nothing: check it, and tell how the partners are open',
  },
  berichttype: text('Type of the question', { maxLength: 64 }),
  versie: text('Version of the type; the newest when absent', { maxLength: 8 }),
  inhoud: { type: 'object', description: 'The body, by the schema of type and version' },
} as const;
const aan = {
  type: 'array',
  minItems: 1,
  maxItems: 20,
  uniqueItems: true,
  items: { type: 'string', pattern: PATTERNS.oin },
} as const;
const grondslag = text('Legal basis: a code of the list grondslagen', { maxLength: 64 });

export const opening = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker', 'aan', 'grondslag', 'klok', 'inhoud'],
  properties: {
    ...asking,
    aan: { ...aan, description: 'The partners' },
    grondslag,
    klok,
    aanvang: { ...time, description: 'The arrest; with klok vrij it may be absent: now' },
    eind: { ...time, description: 'With klok vrij; by the law otherwise' },
    zaak: text('Case, opaque', { pattern: PATTERNS.uuid }),
  },
  examples: [
    {
      medewerker: 'O. Officier',
      aan: ['00000099000000020000', '00000099000000050000'],
      ...{ grondslag: 'wjsg-39f.1.f', klok: 'zsm-6', aanvang: '2026-03-02T21:10:00Z' },
      inhoud: {
        identificatie: 'ZSM-2026-00931',
        ...{ soortVerzoeker: { code: '02' }, redenVerzoek: { code: '06' } },
        persoon: { burgerservicenummer: '999910814', naam: { geslachtsnaam: 'Testerink' } },
        initiator: { identificatie: 'OB-ZSM-1', naam: 'ZSM Oost-Brabant' },
      },
    },
  ],
} as const;

export const followUp = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker', 'inhoud'],
  properties: {
    ...asking,
    aan: { ...aan, description: 'Those who said that the person is known, when absent' },
    grondslag: { ...grondslag, description: 'That of the first question, when absent' },
  },
  examples: [{ medewerker: 'O. Officier', inhoud: { identificatie: 'ZSM-2026-00931-2' } }],
} as const;

export const closing = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker'],
  properties: {
    medewerker: employee,
    reden: text('A code of the list redenenIntrekking; anders when absent', { maxLength: 40 }),
    toelichting: text('Goes to the partners, sealed', { minLength: 1, maxLength: 1000 }),
  },
  examples: [{ medewerker: 'O. Officier', reden: 'anders', toelichting: 'Er is beslist.' }],
} as const;

export const asked = {
  type: 'object',
  required: ['klok', 'aanvang', 'eind', 'resterend', 'partners'],
  properties: {
    conversatie: { ...jti, description: 'The consultation; absent with proef' },
    bericht: { ...jti, description: 'The question; absent with proef' },
    klok,
    aanvang: time,
    eind: { ...time, description: 'Answers count until then' },
    resterend,
    partners: { type: 'array', items: partner },
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

export const closed = {
  type: 'object',
  required: ['ingetrokken'],
  properties: {
    ingetrokken: {
      type: 'array',
      items: {
        type: 'object',
        required: ['bericht', 'vraag', 'van'],
        properties: {
          bericht: { ...jti, description: 'The withdrawal' },
          vraag: { ...jti, description: 'What it withdraws' },
          van: { type: 'array', items: oin },
        },
      },
    },
  },
} as const;
