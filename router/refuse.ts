import { digestOf } from '../certs/digest.ts';
import { MOST_FAULTS } from '../schemas/faults.ts';
import { toUrn } from '../schemas/ids.ts';
import { type Problem, toProblem } from '../schemas/problem.ts';
import type { Refusal } from '../schemas/refusal.ts';
import type { Journey, Proven } from './journey.ts';
import { stateFact } from './receipts/state.ts';
import type { Rooms } from './rooms.ts';
import { Overtaken } from './verdicts.ts';

/**
 * Makes a refusal known: in the ledger always; in a signed receipt when it is final; in the id record
 * when it is also known whose message it was, so that the same message stays refused. A refusal
 * before that binds the sealed bytes and touches no record: anybody could have caused it.
 * @throws Overtaken, when another process gave this message its verdict in between
 */
export async function refuse(rooms: Rooms, journey: Journey, refusal: Refusal): Promise<Problem> {
  const { message } = journey;
  const receipt = refusal.retry ? undefined : await stateRefused(rooms, journey, refusal);
  await rooms.ledger.append({
    kind: 'geweigerd',
    ...(message && { afzender: message.sender, bericht: message.jti }),
    dig: journey.dig,
    peer: journey.peer,
    stadium: refusal.stage,
    code: refusal.code,
    ...(receipt !== undefined && { ontvangstbewijs: digestOf(receipt) }),
  });
  if (receipt === undefined) return toProblem(refusal);
  // The id of a message that reuses it belongs to the other.
  if (message !== undefined && refusal.code !== 'id-reused') await settle(rooms, message, receipt);
  return toProblem(refusal, { ontvangstbewijs: receipt });
}

async function stateRefused(rooms: Rooms, journey: Journey, refusal: Refusal): Promise<string> {
  const { message, peer, dig } = journey;
  const { jws } = await stateFact(rooms, message?.sender ?? peer, message?.conversatie, {
    staat: 'geweigerd',
    ...(message && { afzender: toUrn(message.sender), bericht: message.jti }),
    dig,
    code: refusal.code,
    toelichting: refusal.message.slice(0, 500),
    ...(refusal.faults.length > 0 && { errors: refusal.faults.slice(0, MOST_FAULTS) }),
  });
  return jws;
}

async function settle({ ids }: Rooms, message: Proven, receipt: string): Promise<void> {
  const { sender, jti, ...facts } = message;
  const record = await ids.begin(sender, jti, { verdict: 'refused', ...facts, receipt });
  if (record === undefined) throw new Overtaken();
}
