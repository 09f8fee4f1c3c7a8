import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import type { Rooms } from '../rooms.ts';
import { clocksDropped, clocksStartedBy } from '../terms.ts';

/** What a recipient stated of its copy, before it is kept. */
interface News {
  readonly message: { readonly sender: Oin; readonly jti: Uuid7 };
  readonly copy: Oin;
  readonly state: State;
  readonly stated?: number;
}

/** The first word that a copy is in the hands of its recipient starts its clocks; a rejection stops them. */
export async function moveClocks(rooms: Rooms, news: News): Promise<void> {
  const { message, copy, state } = news;
  const { sender, jti } = message;
  if (state === 'afgewezen') return clocksDropped(rooms, sender, jti, copy);
  const other = OTHER[state];
  if (other === undefined) return;
  const record = await rooms.ids.find(sender, jti);
  if (record === undefined || record.verdict === 'refused') return;
  if ((await rooms.receipts.find(sender, jti, copy, other)) !== undefined) return;
  await clocksStartedBy(rooms, { sender, jti, record }, copy, beginOf(rooms, news, record.iat));
}

/** When the recipient says that it had it; not before it was made, nor later than now. @param iat seconds */
const beginOf = ({ clock }: Rooms, { stated = clock.now() }: News, iat: number): number =>
  Math.max(iat * 1000, Math.min(stated, clock.now()));

/** Each of these says that the copy has arrived; whichever comes first counts. */
const OTHER: Readonly<Partial<Record<State, State>>> = {
  afgeleverd: 'verwerkt',
  verwerkt: 'afgeleverd',
};
