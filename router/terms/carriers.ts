/** Which messages carry a clock: the one that it is about, and those that corrected it. */
import { isDeepStrictEqual } from 'node:util';
import type { Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Deadline } from '../deadlines.ts';
import type { Rooms } from '../rooms.ts';
import { type ClockName, keyOfClock } from './clock-key.ts';

/** This correction carries it from now on, too. Nothing happens when the clock does not run. */
export const joinClock = (rooms: Rooms, name: ClockName, correction: Uuid7): Promise<void> =>
  change(rooms, name, (carriers) => [...new Set([...carriers, correction])]);

/** This message carries it no longer; a clock that nothing carries is closed. */
export const leaveClock = (rooms: Rooms, name: ClockName, message: Uuid7): Promise<void> =>
  change(rooms, name, (carriers) => carriers.filter((one) => one !== message));

/** A keeper or a word of the owner may change the same clock: then it is looked at anew. */
const TRIES = 10;

async function change(
  { deadlines }: Rooms,
  name: ClockName,
  make: (carriers: readonly Uuid7[]) => readonly Uuid7[],
): Promise<void> {
  for (let n = 0; n < TRIES; n++) {
    const found = await deadlines.find(keyOfClock(name));
    if (found === undefined) return;
    const before = carriersOf(found, name);
    const after = make(before);
    if (isDeepStrictEqual(before, after)) return;
    const next = { ...found, data: { ...found.data, berichten: after } };
    if (await deadlines.replace(found, after.length === 0 ? null : next)) return;
  }
  throw new Refusal('temporarily-unavailable');
}

const carriersOf = ({ data }: Deadline, { jti }: ClockName): readonly Uuid7[] =>
  Array.isArray(data['berichten']) ? (data['berichten'] as Uuid7[]) : [jti];
