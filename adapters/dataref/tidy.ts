import type { AgencyConfig } from '../config.ts';
import { Loop } from '../loop.ts';
import type { Rooms } from '../rooms.ts';

const DAY = 86_400_000;

/** Years: police data are audited each four, and a provision must be found at the next audit; days: who was just told may still fetch. */
const USUAL = { keepDisclosuresYears: 5, keepClosedDays: 30 } as const;

type Kept = Pick<NonNullable<AgencyConfig['gegevens']>, 'keepDisclosuresYears' | 'keepClosedDays'>;

/** Until the router has been heard. */
const SOON_MS = 1_000;

type Place = Pick<Rooms, 'store' | 'clock' | 'log'> & {
  readonly door: Pick<Rooms['door'], 'times'>;
};

/** Looks every minute: there is little to look through. */
export const openTidying = (rooms: Rooms, kept?: Kept): Loop =>
  new Loop(
    'tidying',
    rooms.log,
    async () => ((await tidy(rooms, kept)) ? null : SOON_MS),
    rooms.longestWaitMs,
  );

/**
 * Removes how closed cases stand, and who asked how a case stands, when each has been kept for its time.
 * To be done again and again: there is nothing that has to be remembered in between. It goes by the router's
 * clock, too: what ours removed, being years ahead, nothing would bring back.
 * @returns false when the router has not been heard yet: then nothing is removed
 */
export async function tidy(
  { store, clock, log, door }: Place,
  { keepDisclosuresYears: years, keepClosedDays: days }: Kept = {},
): Promise<boolean> {
  if (door.times.length === 0) return false;
  const now = Math.min(clock.now(), ...door.times);
  const asked = new Date(now);
  asked.setUTCFullYear(asked.getUTCFullYear() - (years ?? USUAL.keepDisclosuresYears));
  const closed = now - (days ?? USUAL.keepClosedDays) * DAY;
  const gone = await store.write(() => ({
    stands: store.stands.removeClosed(closed),
    disclosures: store.disclosures.removeBefore(asked.getTime()),
  }));
  if (gone.stands + gone.disclosures > 0) log.info(gone, 'what was kept for its time is removed');
  return true;
}
