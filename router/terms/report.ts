/** A report and its corrections are one report: whose clocks run on when one of them is corrected. */
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { beginsWith, MOST_CORRECTIONS, type TermEntry } from '../../schemas/terms.ts';
import type { IdRecord } from '../ids.ts';
import type { Rooms } from '../rooms.ts';

/** One message at one recipient. */
interface Held {
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly owner: Oin;
}

/** An earlier message that was corrected, and that came into the hands of the same recipient. */
export interface Corrected {
  readonly jti: Uuid7;
  readonly record: IdRecord;
  /** Its recipient will not work on it. */
  readonly rejected: boolean;
}

/** Whether a message of this kind begins such a clock. One that withdraws another begins none. */
export const begins = (term: TermEntry, { berichttype, prio, trektIn }: IdRecord): boolean =>
  berichttype !== undefined && beginsWith(term, { berichttype, prio, withdraws: trektIn });

/** What this message corrects, the nearest first, as far as its recipient received it. */
export async function correctedBy(
  rooms: Rooms,
  { sender, jti, owner }: Held,
): Promise<Corrected[]> {
  const found: Corrected[] = [];
  let at = (await rooms.ids.find(sender, jti))?.vervangt;
  while (at !== undefined && found.length < MOST_CORRECTIONS) {
    const one = await look(rooms, { sender, jti: at, owner });
    if (one === undefined || found.some(({ jti: seen }) => seen === one.jti)) break;
    found.push(one);
    at = one.record.vervangt;
  }
  return found;
}

async function look({ ids, receipts }: Rooms, held: Held): Promise<Corrected | undefined> {
  const { sender, jti, owner } = held;
  const record = await ids.find(sender, jti);
  if (record === undefined || record.verdict === 'refused') return undefined;
  const said = (state: 'afgeleverd' | 'verwerkt' | 'afgewezen') =>
    receipts.find(sender, jti, owner, state);
  const [arrived, taken, rejection] = await Promise.all([
    said('afgeleverd'),
    said('verwerkt'),
    said('afgewezen'),
  ]);
  if (arrived === undefined && taken === undefined && rejection === undefined) return undefined;
  return { jti, record, rejected: rejection !== undefined };
}

/** The message itself and all that it corrects. */
export const reportOf = async (rooms: Rooms, held: Held): Promise<readonly Uuid7[]> => [
  held.jti,
  ...(await correctedBy(rooms, held)).map(({ jti }) => jti),
];
