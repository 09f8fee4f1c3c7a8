import { digestOf } from '../../certs/digest.ts';
import type { Feit, Ontvangstbewijs } from '../../schemas/generated/wire.ts';
import { type Digest, fromUrn, type Oin, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { STATES } from '../../schemas/states.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { proveSigner } from '../prove.ts';
import type { Rooms } from '../rooms.ts';
import { type Fact, passOn } from './pass-on.ts';

/**
 * Takes a receipt from a recipient: proves who states it, checks that it is about this recipient's
 * copy of this very message, and passes it on to the sender. The same receipt again is the same
 * success; one that does not count is refused, and the ledger says so.
 * @returns the id of the receipt
 * @throws Refusal
 */
export async function acceptReceipt(rooms: Rooms, peer: Oin, jws: string): Promise<Uuid7> {
  const offered = { peer, jws, dig: digestOf(jws) };
  const stated = await orTell(rooms, offered, undefined, () => readStated(rooms, offered));
  await orTell(rooms, offered, stated, () => settle(rooms, stated));
  return stated.claims.jti;
}

interface Offered {
  readonly peer: Oin;
  readonly jws: string;
  readonly dig: Digest;
}

/** Runs a part of the work; when it is refused for good, the ledger is told before anybody else. */
async function orTell<T>(
  { ledger, metrics }: Rooms,
  { peer, dig }: Offered,
  stated: Stated | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && !error.retry) {
      metrics.countRefusal(error.code);
      await ledger.append({
        kind: 'ontvangstbewijs-geweigerd',
        peer,
        ontvangstbewijs: dig,
        code: error.code,
        ...(stated && { afzender: stated.sender, bericht: stated.jti }),
      });
    }
    throw error;
  }
}

/** A receipt whose signer has been proven: what it states, of which message. */
interface Stated {
  readonly jws: string;
  readonly dig: Digest;
  readonly issuer: Oin;
  readonly claims: Ontvangstbewijs;
  readonly fact: Feit;
  readonly sender: Oin;
  readonly jti: Uuid7;
}

async function readStated(rooms: Rooms, { peer, jws, dig }: Offered): Promise<Stated> {
  const now = rooms.clock.now();
  const signed = await proveSigner(rooms, { jws, typ: TYP.receipt, peer, at: now });
  const claims = checkWire('ontvangstbewijs', signed.claims);
  const at = claims.iat * 1000;
  rooms.trust.judge(signed.certificate, { use: 'authenticiteit', at, now });
  // Not for good: it counts when that time has come, and its signer gives it again until then.
  if (at > now + 60_000) throw new Refusal('stale', 'it was made in the future', [], 'receipt');
  const fact = claims.events[RECEIPT_EVENT];
  if (fact.bericht === undefined || fact.afzender === undefined)
    throw invalid('it names no message');
  if (fact.afzender !== claims.aud) throw invalid('aud is not the sender of the message');
  const sender = fromUrn(claims.aud);
  return { jws, dig, issuer: signed.signer.oin, claims, fact, sender, jti: fact.bericht };
}

async function settle(rooms: Rooms, stated: Stated): Promise<void> {
  const giveUp = await rooms.turns.take(`${stated.sender}.${stated.jti}`);
  try {
    await passOn(rooms, await checkAgainstRecord(rooms, stated));
  } finally {
    giveUp();
  }
}

/** Only an addressed recipient, of its own copy, of exactly these bytes, what a recipient may state. */
async function checkAgainstRecord(rooms: Rooms, stated: Stated): Promise<Fact> {
  const { issuer, sender, jti, fact } = stated;
  const record = await rooms.ids.findFor(issuer, sender, jti);
  if (record === undefined || record.verdict === 'refused' || !record.recipients.includes(issuer)) {
    throw invalid('the message was not sent to whoever signed this');
  }
  // Who could not open its copy never saw the message: it states the digest of what it got.
  if (fact.staat !== 'onleesbaar' && fact.dig !== record.dig) {
    throw invalid('dig is not that of the message');
  }
  if (STATES[fact.staat].by !== 'recipient') throw invalid('only the router may state this');
  if (fact.ontvanger !== undefined && fact.ontvanger !== stated.claims.iss) {
    throw invalid('it is about the copy of another');
  }
  return {
    message: { sender, jti, dig: record.dig, prio: record.prio },
    copy: issuer,
    state: fact.staat,
    code: fact.code,
    stated: stated.claims.iat * 1000,
    receipt: { issuer, jti: stated.claims.jti, jws: stated.jws, dig: stated.dig },
  };
}

const invalid = (detail: string): Refusal => new Refusal('receipt-invalid', detail);
