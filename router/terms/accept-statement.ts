import type { Klok } from '../../schemas/generated/wire.ts';
import { fromUrn, type Oin, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { isTerm, TERMS, type TermEntry } from '../../schemas/terms.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { proveStatement } from '../prove-statement.ts';
import type { Rooms } from '../rooms.ts';
import { beginClock, clockworkOf, deadlineOf, endClock, tellLedger } from '../terms.ts';
import { type ClockName, keyOfClock } from './clock-key.ts';

/**
 * Takes the word of an agency about a clock of its own. The same word again does nothing more.
 * @returns the id of the statement
 * @throws Refusal
 */
export async function acceptClockStatement(rooms: Rooms, peer: Oin, jws: string): Promise<Uuid7> {
  const { signer, claims, once } = await proveStatement(rooms, {
    ...{ jws, peer, typ: TYP.clock },
    read: (value) => checkWire('klok', value),
  });
  const { klok } = claims;
  if (!isTerm(klok)) throw invalid('klok names no term');
  const term: TermEntry = TERMS[klok];
  if (!signer.rollen.includes(term.eigenaar)) {
    throw new Refusal('not-authorised', 'this clock is not one of your role', [], 'statement');
  }
  const [sender, jti] = [fromUrn(claims.afzender), claims.bericht];
  await once(() =>
    ACT[claims.handeling](rooms, { owner: signer.oin, term: klok, sender, jti }, claims),
  );
  return claims.jti;
}

const ACT: Readonly<
  Record<Klok['handeling'], (rooms: Rooms, name: ClockName, claims: Klok) => Promise<unknown>>
> = { begin, verleng: extend, einde: end };

/** Only about a message of which it has a copy, or which it sent. */
async function begin(rooms: Rooms, name: ClockName, { aanvang }: Klok): Promise<void> {
  const { owner, sender, jti } = name;
  const record = await rooms.ids.findFor(owner, sender, jti);
  const knows = record !== undefined && record.verdict !== 'refused';
  if (!knows || !(owner === sender || record.recipients.includes(owner))) {
    throw new Refusal('not-found', 'you have no such message', [], 'statement');
  }
  const now = rooms.clock.now();
  const from = aanvang === undefined ? now : aanvang * 1000;
  if (from > now + 60_000) throw invalid('aanvang lies in the future');
  await beginClock(rooms, name, from);
  await tellLedger(rooms, name, 'begin');
}

async function end(rooms: Rooms, name: ClockName): Promise<void> {
  if (await endClock(rooms, name)) await tellLedger(rooms, name, 'einde');
}

/** The word names the number, so that both ends have the same one, however often and by whom it is said. */
async function extend(rooms: Rooms, name: ClockName, { verlengd = 0 }: Klok): Promise<void> {
  const term: TermEntry = TERMS[name.term];
  if (term.verlenging === undefined) throw invalid('this clock cannot be made longer');
  if (verlengd > (term.hoogstens ?? verlengd)) throw invalid('it cannot be made longer so often');
  const found = await rooms.deadlines.find(keyOfClock(name));
  if (found === undefined)
    throw new Refusal('not-found', 'no such clock is running', [], 'statement');
  const work = clockworkOf(found);
  if (work.verlengd + 1 !== verlengd && work.verlengd !== verlengd)
    throw new Refusal('extension-mismatch', `it has been made longer ${work.verlengd} times`);
  // Otherwise it is that long already.
  if (work.verlengd !== verlengd) {
    const longer = { ...work, verlengd, stap: 0 };
    // Said of it meanwhile, elsewhere: it is looked at anew when the same word comes again.
    if (!(await rooms.deadlines.replace(found, deadlineOf(name, longer))))
      throw new Refusal('temporarily-unavailable');
  }
  await tellLedger(rooms, name, 'verleng');
}

const invalid = (detail: string): Refusal => new Refusal('statement-invalid', detail);
