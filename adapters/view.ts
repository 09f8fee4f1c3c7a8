/** A received message as the agency's people and systems see it: opened, and its signature checked once more. */
import { readCertificate } from '../certs/certificate.ts';
import { verify } from '../certs/verify.ts';
import type { Bericht } from '../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';
import { type AlarmView, openAlarms } from './alarm-view.ts';
import { instant } from './instant.ts';
import { kindOf } from './log.ts';
import { type Hint, hintOf, type Match, matchesOf } from './radar/view.ts';
import type { Rooms } from './rooms.ts';
import { find } from './settle.ts';
import type { InboxRow, InboxState } from './store/inbox.ts';

export interface Summary {
  readonly afzender: { readonly oin: Oin; readonly naam: string };
  readonly bericht: Uuid7;
  readonly berichttype: string;
  readonly versie: string;
  readonly prio: 'spoed' | 'normaal';
  readonly conversatie: Uuid7;
  readonly verwijst?: Uuid7;
  readonly vervangt?: Uuid7;
  readonly trektIn?: Uuid7;
  readonly opgesteldOp: string;
  readonly ontvangenOp: string;
  readonly staat: InboxState;
  readonly staatSinds: string;
  readonly vervangenDoor?: Uuid7;
  readonly ingetrokkenDoor?: Uuid7;
  readonly koppelingen: readonly Link[];
  readonly vernietigdOp?: string;
  /** It waits too long. */
  readonly alarm?: AlarmView;
  /** Other reports about the same people. */
  readonly radar?: Hint;
  /** A question of a consultation: until when its answer counts, and when the router last reminded. */
  readonly beantwoordenVoor?: string;
  readonly herinnerdOp?: string;
  /** We sent something that refers to it. */
  readonly beantwoord?: true;
  /** An answer that came after the end of our consultation, as the router notes. */
  readonly teLaat?: true;
}

/** How handing over to one of the agency's systems stands. */
export interface Link {
  readonly kanaal: string;
  readonly staat: string;
  readonly pogingen: number;
  readonly status?: number;
  readonly volgendePoging?: string;
}

export interface OpenedMessage {
  readonly afzender: {
    readonly oin: Oin;
    readonly naam: string;
    readonly geverifieerd: true;
    /** Thumbprint and holder of the certificate that the sender signed with. */
    readonly certificaat: {
      readonly x5t: string;
      readonly houder: string;
      readonly serienummer: string;
    };
  };
  readonly bericht: Bericht;
  /** SHA-256 of the message as the sender signed it. */
  readonly digest: string;
  readonly staat: InboxState;
  readonly ontvangenOp: string;
  readonly vervangenDoor?: Uuid7;
  readonly ingetrokkenDoor?: Uuid7;
  readonly beantwoordenVoor?: string;
  readonly herinnerdOp?: string;
  readonly beantwoord?: true;
  readonly teLaat?: true;
}

/** Traffic data of a received message. */
export function summarise(rooms: Rooms, row: InboxRow): Summary {
  const { store } = rooms;
  const [alarm] = openAlarms(rooms, row.sender, row.jti);
  const gone = store.destructions.get(row.sender, row.jti);
  const radar = hintOf(rooms, row);
  return {
    afzender: { oin: row.sender, naam: row.senderName },
    bericht: row.jti,
    berichttype: row.type,
    versie: row.version,
    prio: row.prio,
    conversatie: row.conversation,
    ...(row.refers && { verwijst: row.refers }),
    ...(row.replaces && { vervangt: row.replaces }),
    ...(row.withdraws && { trektIn: row.withdraws }),
    opgesteldOp: instant(row.issued * 1000),
    ontvangenOp: instant(row.received),
    staat: row.state,
    staatSinds: instant(row.changed),
    ...(alarm && { alarm }),
    ...(radar && { radar }),
    ...(gone && { vernietigdOp: instant(gone.at) }),
    ...laterMessages(store, row),
    ...underClock(store, row),
    koppelingen: store.handovers.of(row.sender, row.jti).map((one) => ({
      kanaal: one.channel,
      staat: one.state,
      pogingen: one.attempts,
      ...(one.status !== null && { status: one.status }),
      ...(one.state === 'wacht' && { volgendePoging: instant(one.nextAt) }),
    })),
  };
}

/** What the clock of a consultation says of a question, or of an answer. */
function underClock({ questions }: Rooms['store'], { jti, answerBy, reminded, late }: InboxRow) {
  return {
    ...(answerBy !== null && { beantwoordenVoor: instant(answerBy * 1000) }),
    ...(answerBy !== null && questions.isAnswered(jti) && { beantwoord: true as const }),
    ...(reminded !== null && { herinnerdOp: instant(reminded) }),
    ...(late === 1 && { teLaat: true as const }),
  };
}

/** What the same sender said of the message afterwards. */
function laterMessages({ inbox }: Rooms['store'], { sender, jti }: InboxRow) {
  const [by, away] = [inbox.replacedBy(sender, jti), inbox.withdrawnBy(sender, jti)];
  return { ...(by && { vervangenDoor: by }), ...(away && { ingetrokkenDoor: away }) };
}

/**
 * Decrypts a received message and verifies the sender's signature again, so that what is shown is
 * what was signed.
 * @throws Refusal not-found, destroyed; Error when the store was tampered with
 */
export async function openMessage(
  rooms: Rooms,
  id: { readonly sender: string; readonly jti: string },
): Promise<OpenedMessage> {
  const row = find(rooms, id);
  if (rooms.store.destructions.get(row.sender, row.jti)) throw new Refusal('destroyed');
  const jws = rooms.store.inbox.jws(row.sender, row.jti) ?? '';
  const certificate = readCertificate(row.certificate);
  const { claims } = await verify(jws, TYP.message, () => certificate);
  return {
    afzender: {
      oin: row.sender,
      naam: row.senderName,
      geverifieerd: true,
      certificaat: {
        x5t: certificate.x5t,
        houder: certificate.name,
        serienummer: certificate.serial,
      },
    },
    bericht: claims as unknown as Bericht,
    digest: row.digest,
    staat: row.state,
    ontvangenOp: instant(row.received),
    ...laterMessages(rooms.store, row),
    ...underClock(rooms.store, row),
  };
}

/** A message as people and systems of the agency are given it. */
export interface GivenMessage extends OpenedMessage {
  /** Other reports about the same people, as far as they are known now; absent when there is none. */
  readonly radar?: readonly Match[];
}

/** As openMessage. A radar that fails keeps no message back. */
export async function openWithRadar(
  rooms: Rooms,
  id: { readonly sender: string; readonly jti: string },
): Promise<GivenMessage> {
  const message = await openMessage(rooms, id);
  try {
    const radar = matchesOf(rooms, find(rooms, id));
    return { ...message, ...(radar.length > 0 && { radar }) };
  } catch (error) {
    const { sender, jti: bericht } = id;
    rooms.log.warn({ sender, bericht, ...kindOf(error) }, 'the radar could not be asked');
    return message;
  }
}
