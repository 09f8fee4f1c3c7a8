/** A reminder of the router that a statutory clock of ours runs, or has run out. */
import { fromUrn } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import { takeWord } from '../router-word.ts';

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export const takeReminder = (rooms: Rooms, jws: string): Promise<void> =>
  takeWord(rooms, jws, 'herinnering', async (reminder) => {
    const { jti: id, klok, soort: kind, afzender, bericht, aanvang, iat, eind } = reminder;
    const { store, log, clock, told, rings } = rooms;
    const about = { term: klok, sender: fromUrn(afzender), message: bericht };
    const begin = aanvang === undefined ? null : aanvang * 1000;
    const [at, until] = [iat * 1000, eind * 1000];
    await store.write(() => {
      store.clocks.remind({ ...about, begin, reminded: at });
      store.reminders.add({ id, ...about, kind, at, until }, clock.now(), told);
    });
    rings.alarms();
    const words = { klok, soort: kind, afzender: about.sender, bericht };
    log.warn({ ...words, eind: new Date(until).toISOString() }, 'a statutory clock');
  });
