/** Strangers, agencies that look at others, and thieves of the door's place: rows T, W, R, D and V. */
import type { Row } from './row.ts';

export const DOOR_ROWS = [
  {
    id: 'T1',
    attack: 'a stranger learns from the answer whether a certificate is known',
    outcome: 'every no is the same to the letter',
    codes: ['not-authenticated'],
    tests: [
      'attack/http › T1 a stranger with a certificate of its own making is told what one without any is told',
      'router/door/entering › a good certificate that the register does not list is told no more than a stranger',
    ],
  },
  {
    id: 'T2',
    attack: 'the clock tells whether an id, an OIN or a message exists',
    outcome: 'asked in pairs, neither is the slower one',
    codes: ['(no difference)'],
    tests: [
      'attack/strangers › T2 the clock does not tell whether an id, an OIN or a message exists',
      'attack/strangers › T2 a difference of a millisecond would be seen',
    ],
  },
  {
    id: 'T3',
    attack: 'a stranger asks for everything that the interface has',
    outcome: 'one and the same answer, headers and all',
    codes: ['not-authenticated'],
    tests: [
      'attack/strangers › T3 the answer to a stranger is one and the same, whatever it asks for',
    ],
  },
  {
    id: 'W1',
    attack:
      'an agency tries every route of the OpenAPI document with the ids, OINs, receipts and messages of others',
    outcome:
      'status and words are those for what does not exist; of others it can read the register alone',
    codes: ['issuer-mismatch', 'malformed', 'not-found', 'receipt-invalid', 'ticket-invalid'],
    tests: [
      'attack/strangers › W1 an agency alone tries every route with the ids of another, and gets what is not there',
      'attack/strangers › W1 what an agency may know of the others is the register, and nothing of their messages',
      'router/collecting › nobody reads the mailbox of another: not with its own ticket, and not with a stolen one',
    ],
  },
  {
    id: 'V1',
    attack: 'a pipeline that starts is shown an older register, once truly signed',
    outcome:
      'refused below the highest version that was in use, and below the one that the operator pinned',
    codes: ['(register refused)'],
    tests: [
      'attack/register › V1 what was withdrawn does not come back with an older register',
      'attack/register › V1 below the version that the operator pinned, nothing counts whatever the broker says',
      'attack/register › V1 neither the door nor the operator can write the pin, and nobody can erase it',
      'router/registry › a register that is not good as a whole changes nothing, and the next good one is taken',
    ],
  },
] as const satisfies readonly Row[];
