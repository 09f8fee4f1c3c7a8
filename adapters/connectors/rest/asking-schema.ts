/** What is handed in of a consultation in the local API, and what is answered to that. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { klok, resterend } from './consultation-schema.ts';
import { partner } from './partner-schema.ts';
import { employee } from './schemas.ts';
import { jti, oin, text, time } from './words.ts';

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
