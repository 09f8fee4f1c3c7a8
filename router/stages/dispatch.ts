import { digestOf } from '../../certs/digest.ts';
import { type Oin, toUrn } from '../../schemas/ids.ts';
import { noteAccepted, noteQuestion } from '../consultations/note.ts';
import { openMessageDeadline } from '../deadlines/message.ts';
import type { Opened } from '../ids.ts';
import type { Proven } from '../journey.ts';
import { stateFact } from '../receipts/state.ts';
import type { Rooms } from '../rooms.ts';
import { inSlices } from '../slices.ts';
import { Overtaken } from '../verdicts.ts';
import { endWaits } from './end-waits.ts';
import { type Left, leave } from './left.ts';
import type { Sealed } from './seal.ts';
import { takeBack } from './take-back.ts';

export type Dispatched = Left<
  'dispatched',
  {
    message: Proven;
    recipients: readonly Oin[];
    /** The receipt `aanvaard`, as it was stored. */
    receipt: string;
    /** It had been accepted before; a lost copy was stored again. */
    repeated: boolean;
  }
>;

/**
 * Makes it durable, then says so: intention, copies, receipt, ledger. Each write is one fact under
 * one subject that may be written once, so that after a fall between any two a re-offer goes on
 * where it stopped. The sender is told when all of it is stored, and not before.
 */
export async function dispatch(rooms: Rooms, sealed: Sealed): Promise<Dispatched> {
  const { message, earlier } = sealed;
  const record = earlier?.record ?? (await intend(rooms, sealed));
  const { recipients } = record;
  // Before any copy, so that none is ever without; one that is open stays as it is.
  const watched = openMessageDeadline(rooms, message, rooms.clock.now());
  const intended = rooms.ledger.append({
    kind: 'voornemen',
    afzender: message.sender,
    bericht: message.jti,
    dig: message.dig,
    ...sealed.matter,
    prio: message.prio,
    ontvangers: recipients,
    ...(sealed.skipped.length > 0 && { overgeslagen: sealed.skipped }),
    ...(earlier !== undefined && { herhaling: true }),
  });
  await Promise.all([watched, intended, noteQuestion(rooms, sealed, record)]);
  await storeCopies(rooms, sealed);
  await endWaits(rooms, sealed, record);
  const { receipt, first } = await accept(rooms, message, record, earlier !== undefined);
  await noteAccepted(rooms, sealed, receipt);
  if (earlier !== undefined || !first) await takeBack(rooms, sealed);
  for (const { recipient } of sealed.copies) rooms.mailboxes.announce(recipient);
  const repeated = record.verdict === 'accepted';
  if (repeated) tellStoredAgain(rooms, sealed);
  return leave<Dispatched>({ message, recipients, receipt, repeated });
}

/** Rare: the copy could not be read, or the broker has lost it. Many of these mean that its store is damaged. */
function tellStoredAgain({ log }: Rooms, { message, copies }: Sealed): void {
  const recipients = copies.map(({ recipient }) => recipient);
  const about = { sender: message.sender, message: message.jti, recipients };
  log.warn(about, 'a copy that was accepted is stored again');
}

/** Freezes the recipients. From here on the id is this message's. */
async function intend({ ids }: Rooms, sealed: Sealed): Promise<Opened> {
  const { message, recipients, matter, relates, consults, event } = sealed;
  const { sender, jti, ...rest } = message;
  const { verwijst: _, ...earlier } = relates;
  const { berichttype } = matter;
  const { antwoord } = consults;
  const also = { ...(antwoord && { antwoord }), ...(event && { sinds: event.at }) };
  const facts = { ...rest, berichttype, ...earlier, ...also };
  const record = await ids.begin(sender, jti, { verdict: 'intended', ...facts, recipients });
  if (record === undefined) throw new Overtaken();
  return record;
}

async function storeCopies({ mailboxes }: Rooms, { message, copies }: Sealed): Promise<void> {
  const { sender: from, jti: id, dig, prio, exp } = message;
  await inSlices(copies, ({ jwe, ...to }) =>
    mailboxes.store({ ...to, prio, from, id, kind: 'aflevering', dig, exp }, jwe),
  );
}

/**
 * @returns the receipt `aanvaard`, the one that was stored first, whoever stored it; and whether nobody
 * else gave this verdict meanwhile
 */
async function accept(
  rooms: Rooms,
  message: Proven,
  record: Opened,
  known: boolean,
): Promise<{ receipt: string; first: boolean }> {
  const { sender, jti, dig } = message;
  const self = rooms.identity.oin;
  const stored = known ? await rooms.receipts.find(sender, jti, self, 'aanvaard') : undefined;
  const { seq: _, ...facts } = record;
  if (stored !== undefined && facts.verdict === 'accepted') return { receipt: stored, first: true };
  const receipt = stored ?? (await stateAccepted(rooms, message, record.recipients));
  await rooms.ledger.append({
    kind: 'aanvaard',
    afzender: sender,
    bericht: jti,
    dig,
    ontvangers: record.recipients,
    ontvangstbewijs: digestOf(receipt),
    ...(stored !== undefined && { herhaling: true }),
  });
  // Whoever was first to write the verdict wrote the same one, from the same intention.
  const first = await rooms.ids.advance(sender, jti, record, { ...facts, verdict: 'accepted' });
  return { receipt, first };
}

/** Signed and stored, but not told to anybody yet: that waits for the ledger. */
async function stateAccepted(
  rooms: Rooms,
  { sender, jti, dig, conversatie }: Proven,
  recipients: readonly Oin[],
): Promise<string> {
  const waarmerk = rooms.ledger.checkpoint();
  const { jws } = await stateFact(rooms, sender, conversatie, {
    staat: 'aanvaard',
    afzender: toUrn(sender),
    bericht: jti,
    dig,
    ontvangers: recipients.map(toUrn),
    ...(waarmerk !== undefined && { waarmerk }),
  });
  return rooms.receipts.keep(sender, jti, rooms.identity.oin, 'aanvaard', jws);
}
