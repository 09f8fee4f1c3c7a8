import { toProblem } from '../schemas/problem.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { RouteAnswer } from './questions.ts';
import { readFact } from './receipts/read-fact.ts';
import type { Rooms } from './rooms.ts';
import type { Repeat } from './verdicts.ts';

/**
 * Answers a message that has its verdict with the receipt that was stored then: what was accepted is
 * accepted, what was refused stays refused.
 */
export async function repeat(rooms: Rooms, { about, record }: Repeat): Promise<RouteAnswer> {
  const { sender, jti } = about;
  if (record.verdict === 'refused') {
    const { code = 'malformed', toelichting, errors } = readFact(record.receipt);
    const refusal = new Refusal(code, toelichting, errors);
    return { ok: false, problem: toProblem(refusal, { ontvangstbewijs: record.receipt }) };
  }
  const receipt = await rooms.receipts.find(sender, jti, rooms.identity.oin, 'aanvaard');
  if (receipt === undefined) throw new Error('an accepted message has no receipt');
  const value = { bericht: jti, staat: 'aanvaard', ontvangstbewijs: receipt } as const;
  return { ok: true, value: { ...value, ontvangers: [...record.recipients], herhaald: true } };
}
