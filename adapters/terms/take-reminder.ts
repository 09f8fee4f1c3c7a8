/** A reminder of the router that a statutory clock of ours runs, or has run out. */
import { fromUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';
import { takeWord } from '../router-word.ts';

const KIND = {
  typ: TYP.reminder,
  name: 'mededeling',
  read: (claims: unknown) => checkWire('herinnering', claims),
} as const;

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export const takeReminder = (rooms: Rooms, jws: string): Promise<void> =>
  takeWord(rooms, jws, KIND, async (reminder) => {
    const { klok, soort, afzender, bericht, aanvang, iat, eind } = reminder;
    const { store, log } = rooms;
    const about = { term: klok, sender: fromUrn(afzender), message: bericht };
    const begin = aanvang === undefined ? null : aanvang * 1000;
    await store.write(() => store.clocks.remind({ ...about, begin, reminded: iat * 1000 }));
    const told = { klok, soort, afzender: about.sender, bericht };
    log.warn({ ...told, eind: new Date(eind * 1000).toISOString() }, 'a statutory clock');
  });
