import type { Klok } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import type { ClockId } from '../store/clocks.ts';
import { tellRouter } from '../tell-router.ts';
import { type AgencyClock, findClock } from './clocks.ts';

/**
 * Says of a clock of ours that it begins, is longer or ends: signed, to the router first, so that it
 * reminds by it; then here, with who said it.
 * @throws Refusal what the router said; router-unreachable when it did not answer: nothing is changed then
 */
export async function stateClock(
  rooms: Rooms,
  id: ClockId,
  handeling: Klok['handeling'],
  medewerker: string,
): Promise<void> {
  const { store, clock } = rooms;
  // The next whole second: what was answered before does not end it.
  const aanvang = Math.ceil(clock.now() / 1000);
  const said: Said = { handeling, ...detailOf(rooms, id, handeling, aanvang) };
  const { term: klok, sender, message: bericht } = id;
  await tellRouter(rooms, 'klok', { klok, ...said, afzender: toUrn(sender), bericht });
  await store.write(() => {
    const at = clock.now();
    note(rooms, id, said, aanvang * 1000);
    const about = { sender, message: bericht, action: ACTION[handeling] } as const;
    const action = { id: newUuid7(at), at, ...about };
    store.actions.add(action, { medewerker, toelichting: klok });
  });
}

type Said = Pick<Klok, 'handeling' | 'aanvang' | 'verlengd'>;

/** How long a clock is to be is said by its number: if the answer got lost, the same is said again. */
function detailOf(
  rooms: Rooms,
  id: ClockId,
  handeling: Klok['handeling'],
  aanvang: number,
): Pick<Said, 'aanvang' | 'verlengd'> {
  if (handeling === 'begin') return { aanvang };
  if (handeling === 'einde') return {};
  return { verlengd: (findClock(rooms, id)?.extensions ?? 0) + 1 };
}

/** As the router does: one that runs is not begun again. @param begin milliseconds since 1970 */
function note(rooms: Rooms, id: ClockId, { handeling, verlengd }: Said, begin: number): void {
  const { store, clock } = rooms;
  if (verlengd !== undefined) store.clocks.extend(id, verlengd);
  else if (handeling === 'einde') store.clocks.end(id, clock.now());
  else if (!runs(findClock(rooms, id), clock.now())) store.clocks.begin(id, begin);
}

const runs = (clock: AgencyClock | undefined, now: number): boolean =>
  clock !== undefined && clock.ended === undefined && now < clock.end;

const ACTION = {
  begin: 'termijn-begonnen',
  verleng: 'termijn-verlengd',
  einde: 'termijn-beeindigd',
} as const;
