/** What the router has to tell besides receipts and alarms: reminders, and summaries of consultations. */
import { readJws } from '../certs/verify.ts';
import { TYP } from '../schemas/typ.ts';
import { takeQuestionReminder } from './consult/take-reminder.ts';
import { takeSummary } from './consult/take-summary.ts';
import type { Rooms } from './rooms.ts';
import { takeReminder } from './terms/take-reminder.ts';

/**
 * Each is judged by whoever takes it in; what is none of them is refused as a reminder.
 * @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox
 */
export function takeNotice(rooms: Rooms, jws: string): Promise<void> {
  if (claimsAs(TYP.summary, jws) !== undefined) return takeSummary(rooms, jws);
  const ofQuestion = claimsAs(TYP.reminder, jws)?.['conversatie'] !== undefined;
  return ofQuestion ? takeQuestionReminder(rooms, jws) : takeReminder(rooms, jws);
}

function claimsAs(typ: string, jws: string): Record<string, unknown> | undefined {
  try {
    return readJws(jws, typ).claims;
  } catch {
    return undefined;
  }
}
