/** The router's summary of a consultation of ours, at its end: kept as it was signed. */
import type { Rooms } from '../rooms.ts';
import { takeWord } from '../router-word.ts';

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export const takeSummary = (rooms: Rooms, jws: string): Promise<void> =>
  takeWord(rooms, jws, 'samenvatting', async ({ conversatie, iat, partners }) => {
    const { store, clock, log, told, rings } = rooms;
    const row = { conversation: conversatie, stated: iat, received: clock.now(), jws };
    await store.write(() => store.summaries.put(row, told));
    rings.alarms();
    const silent = partners.filter(({ antwoorden }) => antwoorden.length === 0).length;
    log.info(
      { conversatie, partners: partners.length, zonderAntwoord: silent },
      'a consultation has ended',
    );
  });
