/** An alarm as people and systems are shown it: what waits, since when, and whom to telephone. */
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { stateOf } from './alarms/ending.ts';
import { otherParty } from './alarms/telephone.ts';
import { instant } from './instant.ts';
import type { Rooms } from './rooms.ts';
import type { AlarmKind, AlarmRow } from './store/alarms.ts';

export interface AlarmView {
  readonly id: Uuid7;
  readonly soort: AlarmKind;
  readonly staat: 'open' | 'voorbij';
  readonly afzender: Oin;
  readonly bericht: Uuid7;
  readonly ontvanger?: Oin;
  readonly berichtstaat?: string;
  readonly sinds: string;
  readonly opgekomen: string;
  readonly bron: readonly ('eigen-klok' | 'router')[];
  readonly bellen: { readonly oin?: Oin; readonly naam?: string; readonly telefoon?: string };
  readonly gezienOp?: string;
  readonly voorbijOp?: string;
  readonly voorbijDoor?: string;
  /** What to do, in a sentence. */
  readonly advies: string;
}

export function viewAlarm(rooms: Rooms, row: AlarmRow): AlarmView {
  const other = otherParty(rooms.oin, row);
  const contact = other && rooms.store.contacts.get(other);
  const phone = row.phone ?? contact?.phone;
  const bellen = {
    ...(other && { oin: other }),
    ...(contact && { naam: contact.name }),
    ...(phone && { telefoon: phone }),
  };
  const state = stateOf(rooms, row);
  return {
    id: row.id,
    soort: row.kind,
    staat: row.ended === null ? 'open' : 'voorbij',
    afzender: row.sender,
    bericht: row.message,
    ...(row.recipient && { ontvanger: row.recipient }),
    ...(state && { berichtstaat: state }),
    sinds: instant(row.since),
    opgekomen: instant(row.raised),
    bron: [
      ...(row.own === null ? [] : (['eigen-klok'] as const)),
      ...(row.router === null ? [] : (['router'] as const)),
    ],
    bellen,
    ...(row.seen !== null && { gezienOp: instant(row.seen) }),
    ...(row.ended !== null && { voorbijOp: instant(row.ended) }),
    ...(row.ending !== null && { voorbijDoor: row.ending }),
    advies: row.ended === null ? adviceFor(row, rooms.oin, bellen) : 'Nothing: this is over.',
  };
}

/** The other way round the router: a telephone. */
function adviceFor(row: AlarmRow, oin: Oin, { oin: other, naam, telefoon }: AlarmView['bellen']) {
  const whom = naam ?? other ?? 'the recipient';
  const how = telefoon ? `: ${telefoon}` : '; the register names no number';
  const what =
    row.kind === 'niet-afgeleverd'
      ? 'This urgent message is not known to have arrived.'
      : row.sender === oin
        ? 'This urgent message arrived, and nobody is known to have taken it over.'
        : 'This urgent message lies in the inbox: take it over or reject it.';
  return `${what} Telephone ${whom}${how}.`;
}

/** The alarms about one message that are not over. */
export const openAlarms = (rooms: Rooms, sender: string, message: string): AlarmView[] =>
  rooms.store.alarms
    .about(sender, message)
    .filter(({ ended }) => ended === null)
    .map((row) => viewAlarm(rooms, row));
