/**
 * The second line: finds what should have gone and has not, because the erasing failed or was cut
 * off, and erases it. The first line is the receipt itself (receipts/pass-on.ts) and the end of a
 * message (expire.ts); in a good week this finds nothing.
 */
import { digestOf } from '../../certs/digest.ts';
import { toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { passOn } from '../receipts/pass-on.ts';
import { stateFact } from '../receipts/state.ts';
import type { Rooms } from '../rooms.ts';
import type { Due, Lying } from './judge.ts';
import { AFTER_END, GRACE } from './limits.ts';
import { type Found, type FoundLetter, lookAtLetters, lookAtMailboxes, partiesOf } from './look.ts';

export interface Round {
  /** Milliseconds since 1970: when it was finished. */
  readonly at: number;
  readonly looked: number;
  readonly erased: number;
  /** Could not be erased; the next round tries again. */
  readonly failed: number;
}

/** One round over everything. @param mayGoOn asked before each item: whether the lease is ours */
export async function sweep(rooms: Rooms, mayGoOn: () => Promise<boolean>): Promise<Round> {
  let [looked, erased, failed] = [0, 0, 0];
  const attempt = async (work: Promise<boolean>) => {
    looked++;
    try {
      if (await work) erased++;
    } catch (err) {
      failed++;
      rooms.metrics.countFault('retention');
      rooms.log.error({ err }, 'what should be gone could not be erased');
    }
  };
  for await (const found of lookAtMailboxes(rooms)) {
    if (!(await mayGoOn())) break;
    await attempt(clearItem(rooms, found));
  }
  for await (const found of lookAtLetters(rooms)) {
    if (!(await mayGoOn())) break;
    await attempt(clearLetter(rooms, found));
  }
  return { at: rooms.clock.now(), looked, erased, failed };
}

/** @returns whether it was there and its bytes were overwritten */
async function clearItem(rooms: Rooms, { stored, item, due }: Found): Promise<boolean> {
  if (due === undefined || rooms.clock.now() < due.since + GRACE) return false;
  if (due.why === 'verlopen') return endOne(rooms, item, due);
  if (!(await rooms.mailboxes.eraseFound(stored))) return false;
  const soort = item.kind === 'aflevering' ? 'kopie' : 'bericht-aan-afzender';
  await tell(rooms, { soort, reden: due.why, dig: item.dig, ...partiesOf(item) });
  return true;
}

/**
 * Its end is told by expire.ts, from the id record. Without a record nobody would tell, and the copy
 * lie there for ever; half way to the limit it is told here whatever the reason is that it was not.
 */
async function endOne(rooms: Rooms, item: Lying, { since }: Due): Promise<boolean> {
  const { from: sender, id: jti } = item;
  const record = await rooms.ids.find(sender, jti);
  if (record !== undefined && rooms.clock.now() < since + AFTER_END / 2) return false;
  const giveUp = await rooms.turns.take(`${sender}.${jti}`);
  try {
    await tellLost(rooms, item, record?.conversatie);
  } finally {
    giveUp();
  }
  await tell(rooms, { soort: 'kopie', reden: 'verlopen', dig: item.dig, ...partiesOf(item) });
  return true;
}

/** The copy itself says enough to tell its sender; erasing is part of telling. */
async function tellLost(rooms: Rooms, item: Lying, txn: Uuid7 | undefined): Promise<void> {
  const { from: sender, id: jti, recipient, dig, prio } = item;
  const code = 'not-collected';
  const { jws, jti: id } = await stateFact(rooms, sender, txn, {
    ...{ staat: 'onbestelbaar', code, dig },
    ...{ afzender: toUrn(sender), bericht: jti, ontvanger: toUrn(recipient) },
  });
  await passOn(rooms, {
    ...{ message: { sender, jti, dig, prio }, copy: recipient, state: 'onbestelbaar', code },
    receipt: { issuer: rooms.identity.oin, jti: id, jws, dig: digestOf(jws) },
  });
}

async function clearLetter(rooms: Rooms, { letter, due }: FoundLetter): Promise<boolean> {
  if (due === undefined || rooms.clock.now() < due.since + GRACE) return false;
  const { sender: afzender, jti: bericht, dig } = letter;
  await rooms.deadletters.remove(letter);
  await tell(rooms, { soort: 'dode-letter', reden: due.why, dig, afzender, bericht });
  return true;
}

type Told = Omit<Extract<Parameters<Rooms['ledger']['append']>[0], { kind: 'gewist' }>, 'kind'>;

/** After the erasing: the ledger never says that something is gone which is there. */
async function tell({ ledger, log }: Rooms, told: Told): Promise<void> {
  log.warn({ soort: told.soort, reden: told.reden }, 'what should have been gone was erased');
  await ledger.append({ kind: 'gewist', ...told });
}
