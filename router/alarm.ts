/**
 * Alarms: what sender and recipient are told when an urgent message takes too long. An alarm states
 * nothing about the message, changes no state, causes no receipt and no other alarm.
 */
import { createHash } from 'node:crypto';
import { digestOf } from '../certs/digest.ts';
import { sign } from '../certs/sign.ts';
import type { Alarm } from '../schemas/generated/wire.ts';
import { type Digest, type Oin, toUrn, type Uuid7, uuid7From } from '../schemas/ids.ts';
import { TYP } from '../schemas/typ.ts';
import { OtherItem } from './mailboxes.ts';
import type { Rooms } from './rooms.ts';

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
  await tell(rooms, late, sender, recipient);
  await tell(rooms, late, recipient, sender);
  rooms.metrics.countAlarm(soort);
  rooms.log.warn({ soort, sender, message: jti, recipient }, 'alarm');
}

async function tell(rooms: Rooms, late: Late, to: Oin, other: Oin): Promise<void> {
  const { identity, mailboxes } = rooms;
  const claims = claimsOf(rooms, late, to, other);
  const jws = await sign(claims, TYP.alarm, identity.signing);
  const place = { recipient: to, prio: 'spoed', from: identity.oin, id: claims.jti } as const;
  try {
    await mailboxes.store({ ...place, kind: 'alarm', dig: digestOf(jws) }, jws);
  } catch (error) {
    // The same alarm, signed before the fall: it lies there.
    if (!(error instanceof OtherItem)) throw error;
  }
  mailboxes.announce(to);
}

function claimsOf(rooms: Rooms, late: Late, to: Oin, other: Oin): Alarm {
  const { clock, identity, registry } = rooms;
  const telefoon = registry.agency(other)?.telefoon;
  return {
    iss: toUrn(identity.oin),
    aud: toUrn(to),
    jti: idOf(late, to),
    iat: Math.floor(clock.now() / 1000),
    soort: late.soort,
    afzender: toUrn(late.sender),
    bericht: late.jti,
    ontvanger: toUrn(late.recipient),
    sinds: Math.floor(late.since / 1000),
    ...(telefoon !== undefined && { telefoon }),
  };
}

function idOf({ soort, sender, jti, recipient, since }: Late, to: Oin): Uuid7 {
  const about = [soort, sender, jti, recipient, to].join(' ');
  return uuid7From(since, createHash('sha256').update(about).digest());
}
