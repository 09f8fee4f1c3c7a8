/** A reminder of the router that a question to us waits for its answer: shown at the question in the inbox. */
import { fromUrn } from '../../schemas/ids.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import { takeWord } from '../router-word.ts';

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export const takeQuestionReminder = (rooms: Rooms, jws: string): Promise<void> =>
  takeWord(rooms, jws, 'herinnering', async (reminder) => {
    const { jti: id, klok: term, soort: kind, afzender, bericht: message, iat, eind } = reminder;
    const { store, log, clock, told, rings } = rooms;
    const about = { id, term, kind, sender: fromUrn(afzender), message };
    const [at, until] = [iat * 1000, eind * 1000];
    await store.write(() => {
      store.inbox.remind(about.sender, message, at);
      store.reminders.add({ ...about, at, until }, clock.now(), told);
    });
    rings.alarms();
    const words = { klok: term, soort: kind, afzender: about.sender, bericht: message };
    log.warn({ ...words, eind: instant(until) }, 'a question waits for its answer');
  });
