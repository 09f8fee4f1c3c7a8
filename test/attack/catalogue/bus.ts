/** The broker: rows N are advisories about nats-server, by their own numbers; B what else may be tried there. */
import type { Row } from './row.ts';

export const BUS_ROWS = [
  {
    id: 'B1',
    attack:
      'a role tries what belongs to another: to publish, to listen in, to read or change a stream',
    outcome: 'the broker refuses everything that is not in the table of rights',
    codes: ['(permissions violation)'],
    tests: [
      'router/bus/rights › may publish what its table says, and the broker refuses it the rest',
      'router/bus/rights › the door has nothing of JetStream: not even with a queue group or a made-up answer',
    ],
  },
] as const satisfies readonly Row[];
