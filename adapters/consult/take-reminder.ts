/** A reminder of the router that a question to us waits for its answer: shown at the question in the inbox. */
import { fromUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import { takeWord } from '../router-word.ts';

const KIND = {
  typ: TYP.reminder,
  name: 'mededeling',
  read: (claims: unknown) => checkWire('herinnering', claims),
} as const;

/** @throws Refusal that may be tried again, when it cannot be judged now: it stays in the mailbox */
export const takeQuestionReminder = (rooms: Rooms, jws: string): Promise<void> =>
  takeWord(rooms, jws, KIND, async ({ klok, afzender, bericht, conversatie, iat, eind }) => {
    const { store, log } = rooms;
    const sender = fromUrn(afzender);
    await store.write(() => store.inbox.remind(sender, bericht, iat * 1000));
    const about = { klok, afzender: sender, bericht, conversatie, eind: instant(eind * 1000) };
    log.warn(about, 'a question waits for its answer');
  });
