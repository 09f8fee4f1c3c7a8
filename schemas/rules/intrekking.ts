import { member } from './look.ts';
import type { Rule } from './rule.ts';

export const INTREKKING: readonly Rule[] = [
  {
    id: 'other-reason-explained',
    places: ['/inhoud/toelichting'],
    melding: 'is required with the reason anders',
    broken: ({ inhoud }) =>
      member(inhoud, 'reden') === 'anders' && member(inhoud, 'toelichting') === undefined
        ? ['/inhoud/toelichting']
        : [],
  },
];
