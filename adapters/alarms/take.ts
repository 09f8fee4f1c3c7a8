/** An alarm of the router, about a message that we sent or should get. */
import type { Alarm } from '../../schemas/generated/wire.ts';
import { fromUrn, newUuid7, toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { Rooms } from '../rooms.ts';
import { takeWord } from '../router-word.ts';
import type { Raised } from '../store/alarms.ts';
import { raise } from './raise.ts';
import { otherParty, telephoneOf } from './telephone.ts';

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export const takeAlarm = (rooms: Rooms, jws: string): Promise<void> =>
  takeWord(rooms, jws, 'alarm', async (alarm) => {
    const me = toUrn(rooms.oin);
    if (alarm.afzender !== me && alarm.ontvanger !== me) {
      throw new Refusal('wrongly-addressed', 'the alarm is not about a message of ours');
    }
    await raise(rooms, [await toRow(rooms, alarm)]);
  });

async function toRow(rooms: Rooms, alarm: Alarm): Promise<Raised> {
  const now = rooms.clock.now();
  const about = { sender: fromUrn(alarm.afzender), recipient: fromUrn(alarm.ontvanger) };
  const phone = alarm.telefoon ?? (await telephoneOf(rooms, otherParty(rooms.oin, about)));
  return {
    ...about,
    id: newUuid7(now),
    message: alarm.bericht,
    kind: alarm.soort,
    since: alarm.sinds * 1000,
    raised: now,
    own: null,
    router: alarm.iat * 1000,
    phone,
  };
}
