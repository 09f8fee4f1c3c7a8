import { readJws } from '../../certs/verify.ts';
import type {
  Geraadpleegde,
  GesteldeVraag,
  Ontvangstbewijs,
  Samenvatting,
} from '../../schemas/generated/wire.ts';
import { type Oin, toUrn } from '../../schemas/ids.ts';
import type { State } from '../../schemas/states.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Consultation, ConsultationName, Question } from '../consultations.ts';
import type { Rooms } from '../rooms.ts';
import { idOfWord, tell } from '../tell.ts';
import { mustBeSummedUp } from './clock.ts';
import { countAccepted } from './count-accepted.ts';
import { ofThisClock, partnersOf } from './look.ts';
import { tellLedger } from './tell-ledger.ts';

/**
 * Tells the asker what became of its consultation, signed: by the record, which is closed for that
 * first, and by the receipts. Done again after a fall it is the same word under the same id. Of what
 * was not accepted nothing is said, and nothing at all when that is all of it.
 */
export async function sumUp(rooms: Rooms, name: ConsultationName): Promise<void> {
  const now = rooms.clock.now();
  const stands = await rooms.consultations.change(name, (found) =>
    found !== undefined && mustBeSummedUp(found, now) ? { ...found, samengevat: now } : undefined,
  );
  if (!mayBeUnsaid(stands)) return;
  const counted = await countAccepted(rooms, name, stands);
  if (ofThisClock(counted).length > 0) await say(rooms, name, counted, stands.samengevat);
  const { ronde } = stands;
  await rooms.consultations.change(name, (found) =>
    mayBeUnsaid(found) && found.ronde === ronde ? { ...found, gezegd: true } : undefined,
  );
}

/** Summed up, and whether the asker was told is not certain. */
export const mayBeUnsaid = (
  found: Consultation | undefined,
): found is Consultation & { readonly samengevat: number } =>
  found?.samengevat !== undefined && found.gezegd === undefined;

async function say(rooms: Rooms, name: ConsultationName, counted: Consultation, at: number) {
  const claims = await summaryOf(rooms, name, counted, at);
  const { jti: bericht } = claims;
  await tellLedger(rooms, name, { handeling: 'samengevat', bericht });
  await tell(rooms, { kind: 'mededeling', typ: TYP.summary, prio: 'spoed', claims });
}

async function summaryOf(
  rooms: Rooms,
  { asker, conversatie }: ConsultationName,
  consultation: Consultation,
  at: number,
): Promise<Samenvatting> {
  const { klok, aanvang, eind, gesloten, ronde, onvolledig } = consultation;
  const partners: Geraadpleegde[] = [];
  const stated = await readStated(rooms, asker, consultation);
  for (const oin of partnersOf(consultation)) partners.push(rowOf(consultation, stated, oin));
  return {
    ...{ iss: toUrn(rooms.identity.oin), aud: toUrn(asker) },
    ...{ jti: idOfWord(['samenvatting', asker, conversatie, ronde], at), iat: seconds(at) },
    ...{ conversatie, klok, aanvang, eind },
    ...(gesloten !== undefined && { ingetrokken: seconds(gesloten) }),
    ...(onvolledig && { onvolledig }),
    partners,
  };
}

/** When which partner, or the router, stated what of which question, in seconds: as it signed it itself. */
type Stated = ReadonlyMap<string, number>;
const keyOf = (bericht: string, partner: Oin | undefined, state: State) =>
  `${bericht} ${partner ?? ''} ${state}`;

async function readStated(
  { receipts, identity }: Rooms,
  asker: Oin,
  { vragen }: Consultation,
): Promise<Stated> {
  const stated = new Map<string, number>();
  for (const { bericht, aan } of vragen) {
    const accepted = await receipts.find(asker, bericht, identity.oin, 'aanvaard');
    if (accepted !== undefined) stated.set(keyOf(bericht, undefined, 'aanvaard'), iatOf(accepted));
    for (const { copy, state, jws } of await receipts.of(asker, bericht, aan))
      stated.set(keyOf(bericht, copy, state), iatOf(jws));
  }
  return stated;
}

const iatOf = (receipt: string): number =>
  (readJws(receipt, TYP.receipt).claims as unknown as Ontvangstbewijs).iat;

function rowOf(consultation: Consultation, stated: Stated, partner: Oin): Geraadpleegde {
  const vragen = consultation.vragen
    .filter(({ aan }) => aan.includes(partner))
    .map((question) => questionRow(question, stated, partner, consultation.eind));
  const antwoorden = consultation.antwoorden
    .filter((one) => one.partner === partner && one.ingetrokken === undefined)
    .map(({ bericht, berichttype, gegeven, teLaat }) => ({
      ...{ bericht, berichttype, gegeven: seconds(gegeven), teLaat },
    }));
  return { oin: toUrn(partner), vragen, antwoorden };
}

function questionRow(
  { bericht, berichttype, gevraagd, eind, ingetrokken }: Question,
  stated: Stated,
  partner: Oin,
  end: number,
): GesteldeVraag {
  const at = (state: State) => stated.get(keyOf(bericht, partner, state));
  const [rejected, withdrawn] = [at('afgewezen'), ingetrokken[partner]];
  // Noted before the copies were stored; after a fall that may be long before.
  const durable = stated.get(keyOf(bericht, undefined, 'aanvaard')) ?? seconds(gevraagd);
  const arrived = [at('afgeleverd'), at('verwerkt'), rejected].filter((one) => one !== undefined);
  return {
    ...{ bericht, berichttype, gevraagd: durable, ...(eind !== end && { eind }) },
    ...(arrived.length > 0 && { afgeleverd: Math.min(...arrived) }),
    ...(rejected !== undefined && { afgewezen: rejected }),
    ...(withdrawn !== undefined && { ingetrokken: seconds(withdrawn) }),
  };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);
