import { member } from './look.ts';
import { onlyAndAlways, type Rule } from './rule.ts';

const statusIs = (status: string) => (inhoud: unknown) => member(inhoud, 'status') === status;

/** Veilig Thuis hands the watch over to somebody else. */
const isTransfer = (inhoud: unknown): boolean =>
  statusIs('overdracht')(inhoud) || member(inhoud, 'uitkomst') === 'overdracht';

export const VT_TERUGKOPPELING: readonly Rule[] = [
  {
    id: 'outcome-with-assessment',
    places: ['/inhoud/uitkomst'],
    melding: 'must be there with the status uitkomst veiligheidsbeoordeling, and only then',
    broken: onlyAndAlways('/inhoud', 'uitkomst', statusIs('uitkomst veiligheidsbeoordeling')),
  },
  {
    id: 'watch-handed-over',
    places: ['/inhoud/verantwoordelijkVoorZichtOpDeVeiligheidBelegdBij'],
    melding: 'is required when the case is handed over',
    broken: ({ inhoud }) =>
      isTransfer(inhoud) &&
      member(inhoud, 'verantwoordelijkVoorZichtOpDeVeiligheidBelegdBij') === undefined
        ? ['/inhoud/verantwoordelijkVoorZichtOpDeVeiligheidBelegdBij']
        : [],
  },
  {
    id: 'hint-when-misaddressed',
    places: ['/inhoud/routerenNaarInstantie'],
    melding: 'must only be there with the status Melding onjuist geadresseerd',
    broken: ({ inhoud }) =>
      member(inhoud, 'routerenNaarInstantie') !== undefined &&
      !statusIs('Melding onjuist geadresseerd')(inhoud)
        ? ['/inhoud/routerenNaarInstantie']
        : [],
  },
];
