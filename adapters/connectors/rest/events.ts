/** The route by which a case system tells of a case in a few words; the event is composed here. */
import { PATTERNS } from '../../../schemas/ids.ts';
import { type News, tell } from '../../events/tell.ts';
import type { Rooms } from '../../rooms.ts';
import type { Asked, Given, Route } from './route.ts';
import { jti, oin, text, time } from './words.ts';

const news = {
  type: 'object',
  additionalProperties: false,
  required: ['zaak', 'type', 'grondslag'],
  properties: {
    zaak: text('Case, opaque', { pattern: PATTERNS.uuid }),
    id: text('Id of the event, of your own making: said again under it, it is the same event', {
      pattern: PATTERNS.uuid7,
    }),
    type: text('CloudEvents type, such as nl.jeugdketen.zaakstatus-gewijzigd.v1', {
      maxLength: 180,
    }),
    status: {
      type: 'object',
      additionalProperties: false,
      required: ['code'],
      properties: {
        code: text('Status of the case', { maxLength: 40 }),
        omschrijving: text('In words; nothing of a person', { maxLength: 80 }),
      },
    },
    grondslag: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      items: { type: 'string', maxLength: 64 },
      description: 'Legal bases; a message goes out on each, of one event with one number',
    },
    systeem: text('Name of the system that tells; ketenpost when absent', {
      pattern: '^[a-z][a-z0-9-]{0,39}$',
    }),
    regio: text('VT region of the case', { pattern: '^VT[0-9]{2}$' }),
    aan: { type: 'array', minItems: 1, maxItems: 20, uniqueItems: true, items: oin },
    gebeurdOp: { ...time, description: 'When it happened, where that is not now' },
  },
} as const;

async function submit(rooms: Rooms, { body }: Asked): Promise<Given> {
  const { event, messages } = await tell(rooms, body as News);
  return { status: 202, body: { gebeurtenis: event, berichten: messages } };
}

export const EVENTS: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/gebeurtenissen',
    summary: 'Tell of a case: a CloudEvent by the Dutch profile is composed and sent',
    body: news,
    answer: {
      type: 'object',
      required: ['gebeurtenis', 'berichten'],
      properties: {
        gebeurtenis: { ...jti, description: 'Id of the event' },
        berichten: {
          type: 'array',
          description: 'A message for each basis',
          items: {
            type: 'object',
            required: ['bericht', 'conversatie', 'staat'],
            properties: { bericht: jti, conversatie: jti, staat: { const: 'ingediend' } },
          },
        },
      },
    },
    status: 202,
    codes: ['schema-invalid', 'type-unknown', 'id-reused', 'router-unreachable'],
    handle: submit,
  },
];
