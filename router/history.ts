/** The receipts that concern one agency since a moment: what a restored store needs to find its gaps. */
import type { Oin } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { subjects } from './bus/subjects.ts';
import type { Questions } from './questions.ts';
import type { Rooms } from './rooms.ts';

type History = Questions['history'];

/**
 * Its own copies and its own messages alone; traffic data, signed by whoever stated it.
 * @throws Refusal bad-request
 */
export async function historyOf(
  { receipts }: Pick<Rooms, 'receipts'>,
  owner: Oin,
  { kant, sinds, na }: Pick<History['ask'], 'kant' | 'sinds' | 'na'>,
): Promise<History['value']> {
  const good = [sinds, na].every((one) => Number.isSafeInteger(one) && one >= 0);
  if (!good || !['ontvangen', 'verzonden'].includes(kant)) throw new Refusal('bad-request');
  const filter =
    kant === 'ontvangen' ? subjects.receiptsOfCopies(owner) : subjects.receiptsOfSender(owner);
  const { jws, more } = await receipts.since(filter, sinds * 1000, na);
  return { ontvangstbewijzen: jws, ...(more !== undefined && { verder: more }) };
}
