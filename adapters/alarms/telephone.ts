/** The telephone of the other party: as the register says now, or as it last said when it does not answer. */
import type { Registratie } from '../../schemas/generated/wire.ts';
import type { Oin } from '../../schemas/ids.ts';
import { kindOf } from '../log.ts';
import type { Rooms } from '../rooms.ts';
import type { AlarmRow } from '../store/alarms.ts';
import type { Store } from '../store/store.ts';

/** An alarm is not kept waiting by a register that does not answer. */
const PATIENCE_MS = 3_000;

/** Whom to telephone about an alarm; nobody while it is not known who is to get the message. */
export const otherParty = (
  oin: Oin,
  { sender, recipient }: Pick<AlarmRow, 'sender' | 'recipient'>,
): Oin | undefined => (sender !== oin ? sender : recipient === '' ? undefined : recipient);

/** @returns null when nobody ever told one */
export async function telephoneOf(rooms: Rooms, oin: Oin | undefined): Promise<string | null> {
  if (oin === undefined) return null;
  const known = () => rooms.store.contacts.get(oin)?.phone ?? null;
  const asked = rooms.directory.entry(oin).then(
    ({ registration }) => registration.telefoon ?? null,
    () => known(),
  );
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<string | null>((done) => {
    timer = setTimeout(() => done(known()), PATIENCE_MS);
  });
  try {
    return await Promise.race([asked, enough]);
  } finally {
    clearTimeout(timer);
  }
}

/** Writes down what an entry of the register says, when that is news. Never fails: it is a convenience. */
export function noteContact({ store, clock, log }: Pick<Rooms, 'store' | 'clock' | 'log'>) {
  return (entry: Registratie): void => {
    if (isKnown(store, entry)) return;
    const contact = { ...asContact(entry), at: clock.now() };
    store
      .write(() => store.contacts.put(contact))
      .catch((error: unknown) => log.info(kindOf(error), 'a telephone could not be noted'));
  };
}

const asContact = ({ oin, naam, telefoon, openingstijden }: Registratie) => ({
  oin,
  name: naam,
  phone: telefoon ?? null,
  hours: openingstijden === undefined ? null : JSON.stringify(openingstijden),
});

function isKnown({ contacts }: Store, entry: Registratie): boolean {
  const known = contacts.get(entry.oin);
  const { name, phone, hours } = asContact(entry);
  return known?.name === name && known.phone === phone && known.hours === hours;
}
