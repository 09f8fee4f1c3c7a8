/** Whether an answer says that the person is known: the one thing of its content that an overview shows. */
import { readJws } from '../../certs/verify.ts';
import { member, select } from '../../schemas/rules/look.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Rooms } from '../rooms.ts';
import { noteAction } from '../settle.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { Stand } from './stand.ts';

/** @returns undefined when it does not say, or was destroyed. It was verified when it came in, and lies encrypted since. */
export function isKnownBy({ store }: Rooms, { sender, jti }: InboxRow): boolean | undefined {
  const jws = store.inbox.jws(sender, jti);
  if (jws === undefined) return undefined;
  const { claims } = readJws(jws, TYP.message);
  const said = select(claims, '/inhoud/personen/*').map(({ waarde }) =>
    member(waarde, 'indicatieBekend'),
  );
  return said.length === 0 ? undefined : said.includes(true);
}

/** Looking at answers is an action: it is recorded of each, once for each person. */
export async function noteLook(
  rooms: Rooms,
  { asked }: Stand,
  medewerker: string | undefined,
): Promise<void> {
  const fresh = asked
    .flatMap(({ answers }) => answers)
    .filter(
      ({ sender, jti }) =>
        !rooms.store.actions
          .of(sender, jti)
          .some((one) => one.action === 'gelezen' && one.medewerker === medewerker),
    );
  if (fresh.length === 0) return;
  const by = medewerker === undefined ? {} : { medewerker };
  await rooms.store.write(() => {
    for (const row of fresh) noteAction(rooms, row, 'gelezen', by);
  });
}
