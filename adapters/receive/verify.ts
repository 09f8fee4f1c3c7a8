/**
 * Proves who sent the message, that this copy is ours, and that it says what its type allows. The
 * sender is verified by its own signature: the router's word is believed for the route only.
 */
import type { Certificate } from '../../certs/certificate.ts';
import type { Grounds } from '../../certs/grounds.ts';
import { readJws, verify as verifyJws } from '../../certs/verify.ts';
import type { Bericht, Routenota } from '../../schemas/generated/wire.ts';
import { fromUrn, type Oin, toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkBody, checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';
import type { Opened } from './open.ts';
import { isFinal } from './refuse.ts';

export interface Verified extends Opened {
  readonly claims: Bericht;
  readonly sender: Oin;
  readonly senderName: string;
  /** The VT region that the sender works in, when it works in one. */
  readonly senderRegion: string | undefined;
  readonly certificate: Certificate;
  /** What the verdict rested on, when it was given. */
  readonly grounds: Grounds | undefined;
  /** The router notes that this answer came after the end of its consultation. */
  readonly late: boolean;
}

/** As long as the router remembers an id beyond the end of its message; older ones are replays. */
const REMEMBERED_S = 30 * 86_400;

/** @throws Refusal that says what does not fit */
export async function verify(rooms: Rooms, opened: Opened): Promise<Verified> {
  const note = await verifyNote(rooms, opened).catch(aboutTheRoute);
  const { claims, certificate } = await verifySender(rooms, opened, note.iat * 1000);
  checkRoute(rooms, opened, note, claims);
  checkBody(claims.berichttype, claims.versie, claims);
  const sender = fromUrn(claims.iss);
  const { registration, signed, registrar } = await rooms.directory.entry(sender);
  const grounds = rooms.trust.groundsOf?.(certificate);
  const entry = { entry: signed, ...(registrar && { registrar: registrar.der }) };
  return {
    ...{ ...opened, claims, certificate, sender, senderName: registration.naam },
    senderRegion: registration.werkgebied?.vtRegio,
    late: note.teLaat === true,
    grounds: grounds && { ...grounds, ...entry },
  };
}

/** What is wrong with the note is no word about the message, which a copy sealed anew may still bring. */
function aboutTheRoute(error: unknown): never {
  if (!(error instanceof Refusal) || !isFinal(error)) throw error;
  throw new Refusal('issuer-mismatch', `the route note: ${error.message}`);
}

async function verifyNote(rooms: Rooms, { note }: Opened): Promise<Routenota> {
  const { header, claims: said } = readJws(note, TYP.routeNote);
  const claims = checkWire('routenota', said);
  if (claims.iss !== toUrn(rooms.router))
    throw new Refusal('issuer-mismatch', 'the route note is not by the router');
  const at = claims.iat * 1000;
  const certificate = await rooms.directory.certificate(
    rooms.router,
    'authenticiteit',
    header.x5t,
    at,
  );
  await verifyJws(note, TYP.routeNote, () => certificate);
  // What waits in the mailbox does not expire there: neither its wrapping.
  rooms.trust.judge(certificate, { use: 'authenticiteit', at, now: rooms.clock.now(), seen: at });
  return claims;
}

/** @param seen when the router took the message: what waited in the mailbox does not expire there */
async function verifySender(rooms: Rooms, { jws }: Opened, seen: number) {
  const { header, claims: said } = readJws(jws, TYP.message);
  const claims = checkWire('bericht', said);
  const at = claims.iat * 1000;
  const certificate = await rooms.directory.certificate(
    fromUrn(claims.iss),
    'authenticiteit',
    header.x5t,
    at,
  );
  await verifyJws(jws, TYP.message, () => certificate);
  rooms.trust.judge(certificate, { use: 'authenticiteit', at, now: rooms.clock.now(), seen });
  return { claims, certificate };
}

/** The note, the message and the mailbox must tell one story, and it must be about us. */
function checkRoute(
  rooms: Rooms,
  { item, digest }: Opened,
  note: Routenota,
  claims: Bericht,
): void {
  const me = toUrn(rooms.oin);
  const oneStory =
    note.dig === digest &&
    note.afzender === claims.iss &&
    note.bericht === claims.jti &&
    toUrn(item.afzender) === claims.iss &&
    item.bericht === claims.jti;
  if (!oneStory) throw new Refusal('issuer-mismatch', 'the route note is about another message');
  if (note.aud !== me)
    throw new Refusal('issuer-mismatch', 'the route note names another recipient');
  if (claims.aud !== undefined && !claims.aud.includes(me)) throw new Refusal('wrongly-addressed');
  if (rooms.clock.now() / 1000 > claims.exp + REMEMBERED_S) throw new Refusal('stale');
}
