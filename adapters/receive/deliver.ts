/** Stores a verified message, once. When this resolves it is on the disk, and the agency has it. */
import { Refusal } from '../../schemas/refusal.ts';
import { noteEvent } from '../events/note-event.ts';
import { noteOnRadar } from '../radar.ts';
import type { Rooms } from '../rooms.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { Verified } from './verify.ts';

export interface Delivered extends Verified {
  /** False when the same message had been delivered before: nothing was stored. */
  readonly first: boolean;
}

/** @throws Refusal id-reused, when another message of this sender has the same id */
export async function deliver(rooms: Rooms, verified: Verified): Promise<Delivered> {
  const { store, clock } = rooms;
  const { sender, claims, digest, jws, grounds } = verified;
  const seen = await rooms.radar?.look(claims);
  const first = await store.write(() => {
    const known = store.inbox.get(sender, claims.jti);
    if (known !== undefined && known.digest !== digest) throw new Refusal('id-reused');
    if (known !== undefined) return false;
    const now = clock.now();
    store.inbox.add(toRow(verified, now), jws);
    noteEvent(store, verified, now);
    noteOnRadar(store, sender, claims, seen);
    if (grounds !== undefined) store.proofs.keep(sender, claims.jti, grounds);
    const one = { sender, message: claims.jti, prio: claims.prio, nextAt: now };
    for (const channel of rooms.channels) store.handovers.add({ channel, ...one });
    return true;
  });
  if (first) rooms.rings.handovers();
  return { ...verified, first };
}

function toRow(
  { claims, sender, senderName, digest, certificate, late }: Verified,
  now: number,
): InboxRow {
  return {
    sender,
    jti: claims.jti,
    digest,
    senderName,
    type: claims.berichttype,
    version: claims.versie,
    prio: claims.prio,
    conversation: claims.conversatie,
    refers: claims.verwijst ?? null,
    replaces: claims.vervangt ?? null,
    withdraws: claims.trektIn ?? null,
    casefile: claims.zaak ?? null,
    issued: claims.iat,
    expires: claims.exp,
    received: now,
    state: 'afgeleverd',
    changed: now,
    certificate: certificate.der,
    answerBy: claims.raadpleging?.eind ?? null,
    reminded: null,
    late: late ? 1 : 0,
  };
}
