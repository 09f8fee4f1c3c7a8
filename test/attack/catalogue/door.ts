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
] as const satisfies readonly Row[];
