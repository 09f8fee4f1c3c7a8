/** A reminder as systems of the agency are told it. */
import { isTerm, TERMS } from '../../schemas/terms.ts';
import { instant } from '../instant.ts';
import type { ReminderRow } from '../store/reminders.ts';

export const viewReminder = ({ id, term, kind, sender, message, at, until }: ReminderRow) => ({
  id,
  klok: term,
  naam: isTerm(term) ? TERMS[term].naam : term,
  soort: kind,
  afzender: sender,
  bericht: message,
  gezegdOp: instant(at),
  eind: instant(until),
});
