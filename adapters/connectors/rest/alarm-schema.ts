/** An alarm in the local API. */
import { jti, oin, text, time } from './words.ts';

export const alarm = {
  type: 'object',
  description: 'An urgent message that waits too long',
  required: ['id', 'soort', 'staat', 'afzender', 'bericht', 'sinds', 'opgekomen', 'bron', 'advies'],
  properties: {
    id: text('Id of the alarm'),
    soort: { type: 'string', enum: ['niet-afgeleverd', 'niet-verwerkt'] },
    staat: { type: 'string', enum: ['open', 'voorbij'] },
    afzender: oin,
    bericht: jti,
    ontvanger: { ...oin, description: 'Whose copy; absent while it is not known who gets one' },
    berichtstaat: text('Where the message stands, as far as it is known here'),
    sinds: { ...time, description: 'Since when the message waits' },
    opgekomen: { ...time, description: 'When the alarm was raised' },
    bron: { type: 'array', items: { type: 'string', enum: ['eigen-klok', 'router'] } },
    bellen: {
      type: 'object',
      description: 'Whom to telephone, as the register says',
      properties: { oin, naam: text('Name'), telefoon: text('Number') },
    },
    gezienOp: { ...time, description: 'When somebody said to have seen it' },
    voorbijOp: { ...time, description: 'When it was over' },
    voorbijDoor: text(
      'What made it so: a state of the message, gezien, or why nobody need take it over (beantwoord, ingetrokken, antwoord, intrekking)',
    ),
    advies: text('What to do'),
  },
} as const;
