/** Stores a receipt that counts, and moves the message to where it now stands, in one transaction. */
import { fromUrn, type Uuid7 } from '../../schemas/ids.ts';
import { toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import type { State } from '../../schemas/states.ts';
import { contradicts } from '../contradiction.ts';
import type { Rooms } from '../rooms.ts';
import { restate } from '../standing.ts';
import type { ReceiptRow } from '../store/receipts.ts';
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
): Promise<Confirmation> {
  const { store } = rooms;
  const counted = await store.write(() => {
    if (checkpoint !== undefined) store.witnesses.add(checkpoint);
    store.receipts.see(matched.claims.jti);
    if (!store.receipts.has(matched.digest)) add(rooms, matched);
    else if (admit(rooms, matched.row.jti)) restate(store, matched.row.jti, rooms.clock.now());
    return store.receipts
      .of(matched.row.jti)
      .some((one) => one.digest === matched.digest && one.counted === 1);
  });
  rooms.rings.outbox();
  return { message: matched.row.jti, state: matched.fact.staat, counted };
}

function add({ store, clock }: Rooms, matched: Matched): void {
  const message = matched.row.jti;
  const earlier = store.receipts.of(message);
  const known = store.outbox.recipients(message).map(({ oin }) => oin);
  const listed = (matched.fact.ontvangers ?? []).map(fromUrn);
  const otherList = known.length > 0 && listed.length > 0 && !sameSet(known, listed);
  const row = toRow(matched, clock.now());
  const contradictory = otherList || contradicts(earlier, row);
  store.receipts.add({ ...row, contradicts: contradictory ? 1 : 0 }, matched.jws);
  if (row.state === 'aanvaard' && known.length === 0) store.outbox.addRecipients(message, listed);
  admit({ store }, message);
  if (row.state === 'geweigerd') keepProblem({ store }, matched, row.received);
  restate(store, message, clock.now());
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/**
 * Receipts that overtook the acceptance count from now on, when they are of a recipient. Looked at
 * inside the transaction: between matching a receipt and storing it the acceptance may have come.
 * @returns whether there were any
 */
function admit({ store }: Pick<Rooms, 'store'>, message: string): boolean {
  const recipients = new Set<string>(store.outbox.recipients(message).map(({ oin }) => oin));
  const waiting = store.receipts
    .of(message)
    .filter((one) => one.counted === 0 && recipients.has(one.issuer));
  for (const one of waiting)
    store.receipts.judge(one.digest, { counted: 1, contradicts: one.contradicts });
  return waiting.length > 0;
}

function keepProblem({ store }: Pick<Rooms, 'store'>, { fact, row }: Matched, at: number): void {
  const code = fact.code ?? 'malformed';
  const problem = toProblem(new Refusal(code, fact.toelichting, fact.errors));
  store.problems.put({ message: row.jti, at, code, signed: 1 }, problem);
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
