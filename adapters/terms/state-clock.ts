import { sign } from '../../certs/sign.ts';
import { seconds } from '../../schemas/clock.ts';
import { isCode } from '../../schemas/codes.ts';
import type { Klok } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Rooms } from '../rooms.ts';
import type { ClockId } from '../store/clocks.ts';
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
  await tellRouter(rooms, id, said);
  await store.write(() => {
    const at = clock.now();
    note(rooms, id, said, aanvang * 1000);
    const { sender, message } = id;
    const action = { id: newUuid7(at), sender, message, at, action: ACTION[handeling] } as const;
    store.actions.add(action, { medewerker, toelichting: id.term });
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

async function tellRouter(
  { oin, router, clock, identity, door }: Rooms,
  { term, sender, message }: ClockId,
  said: Said,
): Promise<void> {
  const statement: Klok = {
    iss: toUrn(oin),
    aud: toUrn(router),
    jti: newUuid7(clock.now()),
    iat: seconds(clock),
    klok: term,
    ...said,
    afzender: toUrn(sender),
    bericht: message,
  };
  const jws = await sign(statement, TYP.clock, identity.signing);
  const answer = await door.give('/v1/klokken', 'application/jose', jws);
  if (answer.ok) return;
  const { code, detail } = answer.problem;
  throw new Refusal(isCode(code) ? code : 'temporarily-unavailable', detail);
}
