/** Stores a receipt that counts, and moves the message to where it now stands, in one transaction. */
import { fromUrn, toNoteId, type Uuid7 } from '../../schemas/ids.ts';
import { toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { State } from '../../schemas/states.ts';
import { contradicts } from '../contradiction.ts';
import type { Rooms } from '../rooms.ts';
import { type Known, restate } from '../standing.ts';
import type { ReceiptRow } from '../store/receipts.ts';
import type { Store } from '../store/store.ts';
import type { WitnessRow } from '../store/witnesses.ts';
import type { Matched } from './match.ts';

export interface Confirmation {
  readonly message: Uuid7;
  readonly state: State;
  /** False as long as it is not known that its issuer is a recipient. */
  readonly counted: boolean;
}

export async function count(
  rooms: Rooms,
  matched: Matched,
  checkpoint: WitnessRow | undefined,
  mailed = true,
): Promise<Confirmation> {
  const { store } = rooms;
  const counted = await store.write(() => {
    if (checkpoint !== undefined) store.witnesses.add(checkpoint);
    if (mailed) store.receipts.see(toNoteId(matched.issuer, matched.claims.jti));
    const known = add(rooms, matched, read(store, matched.row.jti));
    return known.receipts.some((one) => one.digest === matched.digest && one.counted === 1);
  });
  rooms.rings.outbox();
  return { message: matched.row.jti, state: matched.fact.staat, counted };
}

/** Read once, and kept in step with what is written below: all of it happens in one transaction. */
const read = (store: Store, message: string): Known => ({
  recipients: store.outbox.recipients(message),
  receipts: store.receipts.of(message),
});

/** @returns what is known with this receipt */
function add(rooms: Rooms, matched: Matched, before: Known): Known {
  const { store, clock } = rooms;
  const message = matched.row.jti;
  const isThere = before.receipts.some(({ digest }) => digest === matched.digest);
  const added = isThere ? before : { ...before, ...insert({ store, clock }, matched, before) };
  const known = { ...added, receipts: admit(store, added) };
  const moved = !isThere || known.receipts !== added.receipts;
  if (moved) restate(rooms, message, known, clock.now());
  return known;
}

function insert(
  { store, clock }: Pick<Rooms, 'store' | 'clock'>,
  matched: Matched,
  { recipients, receipts }: Known,
): Known {
  const message = matched.row.jti;
  const known = recipients.map(({ oin }) => oin);
  const listed = (matched.fact.ontvangers ?? []).map(fromUrn);
  const otherList = known.length > 0 && listed.length > 0 && !sameSet(known, listed);
  const row = toRow(matched, clock.now());
  const contradictory = otherList || contradicts(receipts, row);
  const stored = { ...row, contradicts: contradictory ? 1 : 0 };
  store.receipts.add(stored, matched.jws);
  if (row.state === 'geweigerd') keepProblem({ store }, matched, row.received);
  const all = [...receipts, stored];
  if (row.state !== 'aanvaard') return { recipients, receipts: all };
  // A router that lost the message may find others the next time: those have it as well.
  const added = listed.filter((oin) => !known.includes(oin));
  store.outbox.addRecipients(message, added);
  const more = added.map((oin) => ({ oin, state: null, at: null }));
  return { recipients: [...recipients, ...more], receipts: all };
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/**
 * Receipts that overtook the acceptance count from now on, when they are of a recipient. Looked at
 * inside the transaction: between matching a receipt and storing it the acceptance may have come.
 * @returns the receipts as they count now; the same list when nothing changed
 */
function admit(store: Store, { recipients, receipts }: Known): readonly ReceiptRow[] {
  const oins = new Set<string>(recipients.map(({ oin }) => oin));
  const waits = (one: ReceiptRow) => one.counted === 0 && oins.has(one.issuer);
  if (!receipts.some(waits)) return receipts;
  return receipts.map((one) => {
    if (!waits(one)) return one;
    store.receipts.judge(one.digest, { counted: 1, contradicts: one.contradicts });
    return { ...one, counted: 1 };
  });
}

function keepProblem({ store }: Pick<Rooms, 'store'>, { fact, row }: Matched, at: number): void {
  const code = fact.code ?? 'malformed';
  const problem = toProblem(new Refusal(code, fact.toelichting, fact.errors));
  store.problems.put({ message: row.jti, at, code }, problem);
}

function toRow(
  { digest, claims, fact, issuer, recipient, row, counted }: Matched,
  now: number,
): ReceiptRow {
  return {
    digest,
    jti: claims.jti,
    message: row.jti,
    issuer,
    recipient,
    state: fact.staat,
    code: fact.code ?? null,
    referral: fact.doorverwijzing ? fromUrn(fact.doorverwijzing) : null,
    stated: claims.iat,
    received: now,
    counted: counted ? 1 : 0,
    contradicts: 0,
  };
}
