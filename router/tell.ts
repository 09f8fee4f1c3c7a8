/**
 * What the router itself has to say to an agency: alarms and reminders. Signed, put into its
 * mailbox, taken away when it was seen. It states nothing about a message and wants no receipt.
 */
import { createHash } from 'node:crypto';
import { digestOf } from '../certs/digest.ts';
import { sign } from '../certs/sign.ts';
import { fromUrn, type OinUrn, type Uuid7, uuid7From } from '../schemas/ids.ts';
import type { Prio } from './bus/subjects.ts';
import { OtherItem } from './mailboxes.ts';
import type { Rooms } from './rooms.ts';

export interface Word {
  readonly kind: 'alarm' | 'mededeling';
  readonly typ: string;
  readonly prio: Prio;
  readonly claims: { readonly aud: OinUrn; readonly jti: Uuid7 };
}

/** Stored when it resolves. Said again after a fall, under the same id, it lies there already. */
export async function tell(
  { identity, mailboxes }: Rooms,
  { kind, typ, prio, claims }: Word,
): Promise<void> {
  const jws = await sign(claims, typ, identity.signing);
  const place = { recipient: fromUrn(claims.aud), prio, from: identity.oin, id: claims.jti };
  try {
    await mailboxes.store({ ...place, kind, dig: digestOf(jws) }, jws);
  } catch (error) {
    // The same word, signed before the fall.
    if (!(error instanceof OtherItem)) throw error;
  }
  mailboxes.announce(place.recipient);
}

/** The id of a word follows from what it is about, so that it is said once. @param at milliseconds since 1970 */
export const idOfWord = (about: readonly (string | number)[], at: number): Uuid7 =>
  uuid7From(at, createHash('sha256').update(about.join(' ')).digest());
