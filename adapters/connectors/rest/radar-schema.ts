/** What the radar points out, as JSON Schema: ids, dates and kinds of match alone. */
import { KIND_NAMES } from '../../radar/kinds.ts';
import { jti, oin, text, time } from './words.ts';

const strength = {
  type: 'string',
  enum: ['zeker', 'sterk', 'hint'],
  description: 'How sure the surest of them is',
} as const;

const kinds = {
  type: 'array',
  items: { type: 'string', enum: KIND_NAMES },
  description: 'What they have in common',
} as const;

export const hint = {
  type: 'object',
  description: 'Other reports about the same people; absent when there is none',
  required: ['aantal', 'eerder', 'sterkte'],
  properties: {
    aantal: { type: 'integer', description: 'How many' },
    eerder: { type: 'integer', description: 'How many of them came before this one' },
    sterkte: strength,
  },
} as const;

const match = {
  type: 'object',
  required: ['afzender', 'bericht', 'berichttype', 'ontvangenOp', 'staat', 'soorten', 'sterkte'],
  properties: {
    afzender: {
      type: 'object',
      required: ['oin', 'naam'],
      properties: { oin, naam: text('Name') },
    },
    bericht: jti,
    berichttype: text('Message type'),
    ontvangenOp: time,
    staat: { type: 'string', enum: ['afgeleverd', 'verwerkt'] },
    soorten: kinds,
    sterkte: strength,
  },
} as const;

export const matches = {
  type: 'array',
  description: 'Other reports about the same people, the newest first; absent when there is none',
  items: match,
} as const;

export const group = {
  type: 'object',
  required: ['soorten', 'sterkte', 'meldingen'],
  properties: { soorten: kinds, sterkte: strength, meldingen: matches },
} as const;
