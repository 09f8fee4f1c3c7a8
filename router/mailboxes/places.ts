/** Where an item lies in the mailboxes, by exact subjects. */
import { fromNoteId, type NoteId, type Oin, type Uuid7 } from '../../schemas/ids.ts';
import { PRIOS, type Prio, subjects } from '../bus/subjects.ts';

/** What is no delivery. */
const NOTES = ['ontvangstbewijs', 'alarm', 'mededeling'] as const;
export type Kind = 'aflevering' | (typeof NOTES)[number];

/** Where an item lies: one for each recipient, sender and id. */
export interface Place {
  readonly recipient: Oin;
  readonly prio: Prio;
  /** The sender of a delivery; the issuer of a receipt; the router itself of an alarm. */
  readonly from: Oin;
  /** The jti of the message, of the receipt or of the alarm. */
  readonly id: Uuid7;
}

/** Of a copy when no kind is given. */
export function subjectOf(place: Place & { readonly kind?: Kind }): string {
  const { recipient, prio, from, id, kind = 'aflevering' } = place;
  return kind === 'aflevering'
    ? subjects.mailbox(recipient, prio, from, id)
    : subjects.mailboxNote(recipient, prio, from, id, kind);
}

/** Wherever it may lie, each exactly: a filter would walk over all mailboxes, for as many ids as a ticket lists. */
export function notesAt(recipient: Oin, note: NoteId): string[] {
  const { signer: from, id } = fromNoteId(note);
  const places = PRIOS.map((prio) => ({ recipient, prio, from, id }));
  return places.flatMap((place) => NOTES.map((kind) => subjectOf({ ...place, kind })));
}
