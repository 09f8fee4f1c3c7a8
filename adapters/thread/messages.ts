/** What happened with one message: that it came or went, the receipts about it, alarms, what people did, its end. */
import type { Oin } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import type { ThreadRow } from '../store/threads.ts';
import { type Party, party, senderOf, type ThreadEvent } from './event.ts';

export function eventsOf(rooms: Rooms, row: ThreadRow): ThreadEvent[] {
  const own = row.side === 'in' ? repliesTo(rooms, row) : receiptsOf(rooms, row);
  return [
    arrival(rooms, row),
    ...own,
    ...alarmsOf(rooms, row),
    ...actionsOf(rooms, row),
    ...destruction(rooms, row),
  ];
}

/** The other parties to a message; nobody while the router has not said who gets it. */
export function othersOf(rooms: Rooms, row: ThreadRow): Party[] {
  if (row.side === 'in') return [{ oin: row.sender as Oin, naam: row.senderName }];
  const accepted = rooms.store.outbox.recipients(row.jti).map(({ oin }) => oin);
  const named = row.audience === null ? [] : (JSON.parse(row.audience) as Oin[]);
  return (accepted.length > 0 ? accepted : named).map((oin) => party(rooms, oin));
}

function arrival(rooms: Rooms, row: ThreadRow): ThreadEvent {
  return {
    at: row.at,
    soort: row.side === 'in' ? 'ontvangen' : 'verzonden',
    bericht: row.jti,
    afzender: senderOf(rooms, row),
    berichttype: row.type,
    prio: row.prio,
    staat: row.state,
    partijen: othersOf(rooms, row),
    conversatie: row.conversation,
    ...(row.casefile !== null && { zaak: row.casefile }),
    ...(row.refers !== null && { verwijst: row.refers }),
    ...(row.replaces !== null && { vervangt: row.replaces }),
    ...(row.withdraws !== null && { trektIn: row.withdraws }),
    ...(row.late === 1 && { teLaat: true }),
  };
}

/** Receipts tell whole seconds: in the second of the message itself they are not before it. */
export const notBefore = (seconds: number, { at }: Pick<ThreadRow, 'at'>): number =>
  Math.floor(at / 1000) === seconds ? at : seconds * 1000;

function receiptsOf(rooms: Rooms, row: ThreadRow): ThreadEvent[] {
  return rooms.store.receipts
    .of(row.jti)
    .filter(({ counted }) => counted === 1)
    .map((one) => ({
      at: notBefore(one.stated, row),
      soort: 'bewijs',
      bericht: row.jti,
      staat: one.state,
      door: party(rooms, one.issuer),
      ...(one.recipient !== null && { ontvanger: party(rooms, one.recipient) }),
      ...(one.code !== null && { code: one.code }),
      ...(one.contradicts === 1 && { tegenstrijdig: true }),
    }));
}

/** What this agency stated itself. */
function repliesTo(rooms: Rooms, row: ThreadRow): ThreadEvent[] {
  return rooms.store.replies.of(row.sender, row.jti).map((one) => ({
    at: notBefore(one.stated, row),
    soort: 'bewijs',
    bericht: row.jti,
    staat: one.state,
    door: party(rooms, rooms.oin),
    ...(one.code !== null && { code: one.code }),
    ...(one.sent === 0 && { onderweg: true }),
    ...(one.refused !== null && { geweigerd: one.refused }),
  }));
}

function alarmsOf(rooms: Rooms, row: ThreadRow): ThreadEvent[] {
  return rooms.store.alarms
    .about(senderOf(rooms, row), row.jti)
    .flatMap(({ id, kind, raised, ended, ending, recipient }): ThreadEvent[] => {
      const whose = recipient === '' ? {} : { ontvanger: party(rooms, recipient) };
      const about = { bericht: row.jti, alarm: id, alarmsoort: kind, ...whose };
      const over = ended === null ? [] : [{ at: ended, soort: 'alarm-voorbij' as const, ...about }];
      const by = ending === null ? {} : { voorbijDoor: ending };
      return [{ at: raised, soort: 'alarm', ...about }, ...over.map((one) => ({ ...one, ...by }))];
    });
}

/** Of what people wrote with it only the name of a term is told. The end of a message tells its own. */
function actionsOf(rooms: Rooms, row: ThreadRow): ThreadEvent[] {
  return rooms.store.actions
    .of(senderOf(rooms, row), row.jti)
    .filter(({ action }) => action !== 'vernietigd')
    .map(({ at, action, medewerker, toelichting }) => ({
      at,
      soort: 'handeling',
      bericht: row.jti,
      actie: action,
      ...(medewerker !== undefined && { medewerker }),
      ...(action.startsWith('termijn-') && { klok: toelichting }),
    }));
}

function destruction(rooms: Rooms, row: ThreadRow): ThreadEvent[] {
  const sender = senderOf(rooms, row);
  const gone = rooms.store.destructions.get(sender, row.jti);
  if (gone === undefined) return [];
  const by = rooms.store.actions.of(sender, row.jti).find(({ action }) => action === 'vernietigd');
  const who = by?.medewerker === undefined ? {} : { medewerker: by.medewerker };
  return [
    { at: by?.at ?? gone.at, soort: 'vernietigd', bericht: row.jti, grond: gone.ground, ...who },
  ];
}
