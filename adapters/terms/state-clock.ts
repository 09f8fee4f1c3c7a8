import { sign } from '../../certs/sign.ts';
import { seconds } from '../../schemas/clock.ts';
import { isCode } from '../../schemas/codes.ts';
import type { Klok } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Rooms } from '../rooms.ts';
import type { ClockId } from '../store/clocks.ts';

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
  await tellRouter(rooms, id, handeling);
  await store.write(() => {
    const at = clock.now();
    store.clocks.say(id, SAID[handeling](at));
    const { sender, message } = id;
    const action = { id: newUuid7(at), sender, message, at, action: ACTION[handeling] } as const;
    store.actions.add(action, { medewerker, toelichting: id.term });
  });
}

const SAID = {
  begin: (begin: number) => ({ begin }),
  verleng: () => ({ longer: true }),
  einde: (ended: number) => ({ ended }),
} as const;
const ACTION = {
  begin: 'termijn-begonnen',
  verleng: 'termijn-verlengd',
  einde: 'termijn-beeindigd',
} as const;

async function tellRouter(
  { oin, router, clock, identity, door }: Rooms,
  { term, sender, message }: ClockId,
  handeling: Klok['handeling'],
): Promise<void> {
  const statement: Klok = {
    iss: toUrn(oin),
    aud: toUrn(router),
    jti: newUuid7(clock.now()),
    iat: seconds(clock),
    klok: term,
    handeling,
    afzender: toUrn(sender),
    bericht: message,
  };
  const jws = await sign(statement, TYP.clock, identity.signing);
  const answer = await door.give('/v1/klokken', 'application/jose', jws);
  if (answer.ok) return;
  const { code, detail } = answer.problem;
  throw new Refusal(isCode(code) ? code : 'temporarily-unavailable', detail);
}
