import { seal as sealFor } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import type { Aflevering, Bericht, Routenota } from '../../schemas/generated/wire.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { CTY, TYP } from '../../schemas/typ.ts';
import { findAsked } from '../consultations/find-asked.ts';
import type { Answering } from '../ids.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';
import { type Left, leave } from './left.ts';
import type { Addressee } from './pick-key.ts';
import type { Addressed } from './resolve.ts';

export interface SealedCopy {
  readonly recipient: Oin;
  readonly jwe: string;
  /** The subscriptions of the recipient that it is for. */
  readonly voor?: readonly Uuid7[];
}

export type Sealed = Left<
  'sealed',
  Pick<Addressed, 'message' | 'earlier' | 'recipients' | 'skipped' | 'event'> & {
    /** What the ledger may know of the message. */
    matter: Pick<Bericht, 'berichttype' | 'versie' | 'grondslag'>;
    /** What it has to do with other messages. */
    relates: Pick<Bericht, 'verwijst' | 'vervangt' | 'trektIn'>;
    /** Its part in a consultation: the clock of a question, or whose question it answers. */
    consults: Pick<Bericht, 'raadpleging'> & { readonly antwoord?: Answering };
    copies: readonly SealedCopy[];
  }
>;

/**
 * Seals the sender's JWS, byte for byte, for each recipient apart, with a note that says for whom,
 * from whom, what and when. After this nothing of the text is needed any more.
 */
export async function seal(rooms: Rooms, addressed: Addressed): Promise<Sealed> {
  const { message, earlier, recipients, skipped, event } = addressed;
  const { berichttype, versie, grondslag, verwijst, vervangt, trektIn } = addressed.claims;
  const { raadpleging } = addressed.claims;
  const antwoord = await findAsked(rooms, addressed);
  const copies = await inSlices(addressed.addressees, (to) =>
    sealCopy(rooms, addressed, to, antwoord),
  );
  const matter = { berichttype, versie, grondslag };
  const relates = {
    ...(verwijst !== undefined && { verwijst }),
    ...(vervangt !== undefined && { vervangt }),
    ...(trektIn !== undefined && { trektIn }),
  };
  const consults = { ...(raadpleging && { raadpleging }), ...(antwoord && { antwoord }) };
  const facts = { matter, relates, consults };
  return leave<Sealed>({ message, earlier, recipients, skipped, event, ...facts, copies });
}

async function sealCopy(
  { identity, clock }: Rooms,
  { message, jws, toldFor }: Addressed,
  { agency, key }: Addressee,
  antwoord: Answering | undefined,
): Promise<SealedCopy> {
  const note: Routenota = {
    iss: toUrn(identity.oin),
    aud: toUrn(agency.oin),
    jti: newUuid7(clock.now()),
    iat: Math.floor(clock.now() / 1000),
    afzender: toUrn(message.sender),
    bericht: message.jti,
    dig: message.dig,
    ...(antwoord?.teLaat.includes(agency.oin) && { teLaat: true }),
  };
  const routenota = await sign(note, TYP.routeNote, identity.signing);
  const delivery: Aflevering = { bericht: jws, routenota };
  const jwe = await sealFor(Buffer.from(JSON.stringify(delivery)), CTY.delivery, key);
  const voor = toldFor.get(agency.oin);
  return { recipient: agency.oin, jwe, ...(voor && { voor }) };
}
