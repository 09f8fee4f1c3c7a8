/**
 * Alarms: what sender and recipient are told when an urgent message takes too long. An alarm states
 * nothing about the message, changes no state, causes no receipt and no other alarm.
 */
import type { Alarm } from '../schemas/generated/wire.ts';
import { type Digest, type Oin, toUrn, type Uuid7 } from '../schemas/ids.ts';
import { TYP } from '../schemas/typ.ts';
import type { Rooms } from './rooms.ts';
import { idOfWord, tell } from './tell.ts';

/** Of which copy, and what is late. */
export interface Late {
  readonly soort: Alarm['soort'];
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly dig: Digest;
  readonly recipient: Oin;
  /** Waiting since, in milliseconds since 1970. */
  readonly since: number;
}

/**
 * Tells both parties, through their mailboxes, with the telephone of the other; in the ledger first.
 * Done again after a fall it makes the same alarms: the id of each follows from what it is about.
 */
export async function raiseAlarm(rooms: Rooms, late: Late): Promise<void> {
  const { sender, jti, dig, recipient, soort } = late;
  const known = rooms.registry.agency(recipient)?.telefoon !== undefined;
  await rooms.ledger.append({
    kind: 'alarm',
    afzender: sender,
    bericht: jti,
    dig,
    ontvanger: recipient,
    soort,
    telefoon: known,
  });
  const about = { kind: 'alarm', typ: TYP.alarm, prio: 'spoed' } as const;
  await tell(rooms, { ...about, claims: claimsOf(rooms, late, sender, recipient) });
  await tell(rooms, { ...about, claims: claimsOf(rooms, late, recipient, sender) });
  rooms.metrics.countAlarm(soort);
  rooms.log.warn({ soort, sender, message: jti, recipient }, 'alarm');
}

function claimsOf(rooms: Rooms, late: Late, to: Oin, other: Oin): Alarm {
  const { clock, identity, registry } = rooms;
  const { soort, sender, jti, recipient, since } = late;
  const telefoon = registry.agency(other)?.telefoon;
  return {
    iss: toUrn(identity.oin),
    aud: toUrn(to),
    jti: idOfWord([soort, sender, jti, recipient, to], since),
    iat: Math.floor(clock.now() / 1000),
    soort,
    afzender: toUrn(sender),
    bericht: jti,
    ontvanger: toUrn(recipient),
    sinds: Math.floor(since / 1000),
    ...(telefoon !== undefined && { telefoon }),
  };
}
