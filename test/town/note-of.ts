import { decodeJwt } from 'jose';
import { fromUrn, type NoteId, type OinUrn, toNoteId, type Uuid7 } from '../../schemas/ids.ts';

/** How a ticket names a receipt, an alarm or a notice: by what is signed inside. */
export function noteOf(jws: string): NoteId {
  const { iss, jti } = decodeJwt(jws);
  return toNoteId(fromUrn(iss as OinUrn), jti as Uuid7);
}
