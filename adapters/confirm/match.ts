/**
 * Does this receipt count for a message of ours? Only from the router or an addressed recipient, for
 * that recipient's own copy, to us, and about the bytes that we signed.
 */
import { fromUrn, type Oin, toUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { STATES } from '../../schemas/states.ts';
import type { Rooms } from '../rooms.ts';
import type { Submission } from '../send/seal.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { Authentic } from './authenticate.ts';

export interface Matched extends Authentic {
  readonly row: OutboxRow;
  /** Whose copy it is about; null when about the message as a whole. */
  readonly recipient: Oin | null;
  /** False when the acceptance, which names the recipients, has not come yet. */
  readonly counted: boolean;
}

const no = (detail: string): Refusal => new Refusal('receipt-invalid', detail);

/** @throws Refusal receipt-invalid */
export function match(rooms: Rooms, receipt: Authentic, submission?: Submission): Matched {
  const { claims, fact, issuer } = receipt;
  if (claims.aud !== toUrn(rooms.oin)) throw no('the receipt is meant for another agency');
  const row = findRow(rooms, receipt, submission);
  if (STATES[fact.staat].by === 'router') {
    if (issuer !== rooms.router) throw no('only the router may state this');
    checkNamed(row, receipt);
    return {
      ...receipt,
      row,
      recipient: fact.ontvanger ? fromUrn(fact.ontvanger) : null,
      counted: true,
    };
  }
  if (fact.ontvanger !== undefined && fact.ontvanger !== claims.iss) {
    throw no('a recipient may speak of its own copy alone');
  }
  return { ...receipt, row, recipient: issuer, counted: isRecipient(rooms, row, issuer) };
}

/** The message that the receipt names, with the digest that we signed. */
function findRow(rooms: Rooms, { fact }: Authentic, submission?: Submission): OutboxRow {
  if (fact.bericht === undefined) {
    if (fact.staat === 'geweigerd' && submission?.jweDigest === fact.dig) return submission.row;
    throw no('the receipt names no message');
  }
  if (fact.afzender !== toUrn(rooms.oin)) throw no('the receipt is about the message of another');
  const row = rooms.store.outbox.get(fact.bericht);
  if (row === undefined) throw no('this agency knows no such message');
  // Who could not open its copy never saw the message: it states the digest of what it got.
  if (fact.staat !== 'onleesbaar' && fact.dig !== row.digest) throw no('the digest is another one');
  return row;
}

/** An acceptance that leaves out a recipient whom the sender named, or adds another, is none. */
function checkNamed({ audience }: OutboxRow, { fact }: Authentic): void {
  if (fact.staat !== 'aanvaard' || audience === null) return;
  const listed = fact.ontvangers ?? [];
  const named = JSON.parse(audience) as Oin[];
  const same = listed.length === named.length && named.every((oin) => listed.includes(toUrn(oin)));
  if (!same) throw no('the recipients are not those that were named');
}

function isRecipient({ store }: Rooms, row: OutboxRow, issuer: Oin): boolean {
  const recipients = store.outbox.recipients(row.jti);
  if (recipients.length === 0) return false;
  if (recipients.some(({ oin }) => oin === issuer)) return true;
  throw no('the issuer is not a recipient of this message');
}
