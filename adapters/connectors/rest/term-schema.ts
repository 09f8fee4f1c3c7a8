/** A statutory clock in the local API, and its story. */
import { names } from './names-schema.ts';
import { jti, oin, text, time } from './words.ts';

const day = text('Day in the Netherlands', { format: 'date' });

export const term = {
  type: 'object',
  required: ['klok', 'naam', 'afzender', 'bericht', 'aanvang', 'eind', 'staat'],
  properties: {
    klok: text('Id of the term'),
    naam: text('What it is'),
    afzender: oin,
    bericht: jti,
    aanvang: time,
    eind: { ...time, description: 'Moment, UTC; of days the midnight after the last one' },
    staat: { type: 'string', enum: ['loopt', 'verstreken', 'beeindigd'] },
    herinnerdOp: { ...time, description: 'When the router last reminded' },
  },
} as const;

const saying = { op: time, medewerker: text('Who said so') } as const;

const stretch = {
  type: 'object',
  description:
    'How a stretch of the clock was counted: its own length, or what it was made longer by',
  required: ['duur', 'vanaf', 'laatste', 'geteld', 'overgeslagen'],
  properties: {
    duur: {
      type: 'object',
      required: ['eenheid', 'aantal'],
      properties: { eenheid: text('Unit'), aantal: { type: 'integer' } },
    },
    vanaf: { ...day, description: 'The day on which it begins, which does not count' },
    laatste: { ...day, description: 'The last day, which counts whole' },
    geteld: { type: 'array', items: day, description: 'The working days that were counted' },
    overgeslagen: {
      type: 'array',
      items: {
        type: 'object',
        required: ['dag', 'reden'],
        properties: {
          dag: day,
          reden: text('Name of the holiday; zaterdag, zondag, gelijkgestelde dag'),
        },
      },
    },
  },
} as const;

export const clockStory = {
  type: 'object',
  required: [
    ...term.required,
    ...['bron', 'begonnen', 'momenten', 'telling', 'verlengingen', 'herinneringen', 'correcties'],
  ],
  properties: {
    ...term.properties,
    bron: text('The law that it follows from'),
    namen: names,
    begonnen: {
      type: 'object',
      required: ['door'],
      properties: { door: { type: 'string', enum: ['ontvangst', 'verklaring'] }, ...saying },
    },
    momenten: {
      type: 'array',
      items: {
        type: 'object',
        required: ['soort', 'op'],
        properties: { soort: { type: 'string', enum: ['herinnering', 'einde'] }, op: time },
      },
    },
    telling: { type: 'array', items: stretch },
    verlengingen: {
      type: 'array',
      items: { type: 'object', required: ['op'], properties: saying },
    },
    herinneringen: {
      type: 'array',
      description: 'What the router said of it, as it came',
      items: {
        type: 'object',
        required: ['op', 'soort'],
        properties: { op: time, soort: { type: 'string', enum: ['loopt', 'verstreken'] } },
      },
    },
    correcties: { type: 'array', items: jti, description: 'Later messages that correct it' },
    ingetrokkenDoor: jti,
    beeindigd: {
      type: 'object',
      required: ['op', 'door'],
      properties: {
        ...saying,
        door: { type: 'string', enum: ['antwoord', 'verklaring', 'afwijzing'] },
        antwoord: jti,
      },
    },
  },
} as const;
