/** The bodies of the local API, as JSON Schema for requests and for its OpenAPI document. */
import type { Code } from '../../../schemas/codes.ts';
import type { Oin } from '../../../schemas/ids.ts';
import { SENT_STATES } from '../../../schemas/sent.ts';
import { STATES } from '../../../schemas/states.ts';
import { alarm } from './alarm-schema.ts';
import { names } from './names-schema.ts';
import { jti, oin, text, time } from './words.ts';

const states = Object.keys(STATES);

/** Who acts. Encrypted in the store, never in a log or an address. */
export const employee = text('Who does this, as the agency knows the person', {
  minLength: 1,
  maxLength: 200,
});

export const acknowledgement = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker'],
  properties: { medewerker: employee },
} as const;

export interface Acknowledgement {
  readonly medewerker: string;
}

/** The codes that a person may reject with. */
const REJECTIONS = ['wrongly-addressed', 'not-processable'] as const satisfies readonly Code[];

export interface Rejection {
  readonly medewerker: string;
  readonly code: (typeof REJECTIONS)[number];
  readonly toelichting?: string;
  readonly doorverwijzing?: Oin;
}

export const rejection = {
  type: 'object',
  additionalProperties: false,
  required: ['medewerker', 'code'],
  properties: {
    medewerker: employee,
    code: { type: 'string', enum: REJECTIONS },
    toelichting: text('Explanation for the sender; no personal data: it travels in a receipt', {
      maxLength: 500,
    }),
    doorverwijzing: { ...oin, description: 'With wrongly-addressed: the right agency' },
  },
} as const;

export const posted = {
  type: 'object',
  required: ['bericht', 'conversatie', 'staat'],
  properties: { bericht: jti, conversatie: jti, staat: { const: 'ingediend' } },
} as const;

export const messageIds = {
  bericht: jti,
  conversatie: jti,
  verwijst: jti,
  vervangt: jti,
  trektIn: jti,
} as const;

const copy = {
  type: 'object',
  required: ['oin', 'staat', 'staten', 'digestGelijk', 'tegenstrijdig'],
  properties: {
    oin,
    staat: { type: 'string', enum: ['wacht', ...states] },
    op: time,
    staten: {
      type: 'object',
      description: 'When each state was stated',
      additionalProperties: time,
    },
    digestGelijk: {
      type: 'boolean',
      description: 'The recipient has the bytes that were signed here',
    },
    code: text('Reason code'),
    doorverwijzing: oin,
    tegenstrijdig: {
      type: 'boolean',
      description: 'Receipts of this recipient contradict each other',
    },
  },
} as const;

export const sent = {
  type: 'object',
  required: ['bericht', 'conversatie', 'berichttype', 'staat', 'ontvangers'],
  properties: {
    ...messageIds,
    berichttype: text('Message type'),
    versie: text('Version of the type'),
    prio: { type: 'string', enum: ['spoed', 'normaal'] },
    digest: text('SHA-256 of the signed message'),
    opgesteldOp: time,
    geldigTot: time,
    staat: {
      type: 'string',
      enum: [...SENT_STATES],
      description: 'afgerond: every copy is settled; verlopen: the end came without all receipts',
    },
    staatSinds: time,
    pogingen: { type: 'integer', description: 'How often it was offered to the router' },
    volgendePoging: time,
    laatsteCode: text('Why the last offer did not succeed'),
    ontvangers: { type: 'array', items: copy },
    alarmen: { type: 'array', items: alarm, description: 'Absent when there is none' },
  },
} as const;

export const track = {
  type: 'object',
  required: [...sent.required, 'tijdlijn'],
  properties: {
    ...sent.properties,
    namen: names,
    tijdlijn: {
      type: 'array',
      items: {
        type: 'object',
        required: ['op', 'staat', 'door'],
        properties: {
          op: time,
          staat: text('State that was stated'),
          door: { ...oin, description: 'Who stated it' },
          ontvanger: { ...oin, description: 'Whose copy it is about' },
          code: text('Reason code'),
          tegenstrijdig: { const: true },
        },
      },
    },
    probleem: { type: 'object', description: 'Why the router refused it, every fault by pointer' },
  },
} as const;

export const listOf = (items: object) => ({
  type: 'object',
  required: ['berichten'],
  properties: { berichten: { type: 'array', items }, volgende: text('Ask from here for more') },
});
