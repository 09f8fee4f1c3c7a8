import type { Herinnering } from '../../schemas/generated/wire.ts';
import { type Oin, toUrn } from '../../schemas/ids.ts';
import { TERMS } from '../../schemas/terms.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Next } from '../deadlines/keeper.ts';
import type { Deadline } from '../deadlines.ts';
import type { Rooms } from '../rooms.ts';
import { idOfWord, tell } from '../tell.ts';
import { type Clockwork, clockworkOf, momentsAt, tellLedger } from '../terms.ts';
import { type ClockName, readClockKey } from './clock-key.ts';

/**
 * A moment of a statutory clock has come: its owner is reminded, or told that it has run out. Several
 * moments that passed while no pipeline ran are said in one word: the last.
 */
export async function keepClock(rooms: Rooms, deadline: Deadline): Promise<Next> {
  const name = readClockKey(deadline.key);
  const work = clockworkOf(deadline);
  const moments = momentsAt(name.term, work);
  const stap = moments.filter((at) => at <= rooms.clock.now()).length;
  // It was made longer after it came up here.
  if (stap <= work.stap) return { due: moments[work.stap] ?? 0, data: deadline.data };
  const isOver = stap >= moments.length;
  await say(rooms, name, work, { soort: isOver ? 'verstreken' : 'loopt', stap });
  return isOver ? 'done' : { due: moments[stap] ?? 0, data: { ...work, stap } };
}

async function say(
  rooms: Rooms,
  name: ClockName,
  work: Clockwork,
  { soort, stap }: { soort: Herinnering['soort']; stap: number },
): Promise<void> {
  const end = momentsAt(name.term, work).at(-1) ?? 0;
  const claimsFor = (to: Oin): Herinnering => ({
    iss: toUrn(rooms.identity.oin),
    aud: toUrn(to),
    jti: idOfWord(
      [name.owner, name.term, name.sender, name.jti, work.verlengd, stap, to],
      work.begin,
    ),
    iat: Math.floor(rooms.clock.now() / 1000),
    klok: name.term,
    soort,
    afzender: toUrn(name.sender),
    bericht: name.jti,
    aanvang: Math.floor(work.begin / 1000),
    eind: Math.floor(end / 1000),
  });
  const hears = soort === 'verstreken' && TERMS[name.term].afzenderHoort;
  await tellLedger(rooms, name, soort);
  for (const to of [name.owner, ...(hears ? [name.sender] : [])]) {
    const word = { kind: 'mededeling', typ: TYP.reminder, prio: 'normaal' } as const;
    await tell(rooms, { ...word, claims: claimsFor(to) });
  }
}
