/** Opens a delivery with the key that it was sealed for, when that is one of ours. */
import { digestOf } from '../../certs/digest.ts';
import { open as openWith } from '../../certs/open.ts';
import type { Aflevering, Postbusstuk } from '../../schemas/generated/wire.ts';
import type { Digest } from '../../schemas/ids.ts';
import { readObject } from '../../schemas/read.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { CTY } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';

export interface Opened {
  readonly item: Postbusstuk;
  /** The sender's JWS, byte for byte. */
  readonly jws: string;
  readonly note: string;
  /** Of the JWS. */
  readonly digest: Digest;
}

/** Two strings in one object: a message of the greatest size in base64url, and a note. */
const LIMITS = { length: 3_000_000, depth: 1, members: 2 } as const;

/**
 * @returns null when it was sealed for a key that is not ours
 * @throws Refusal malformed, algorithm-not-allowed, decryption-failed
 */
export async function open(rooms: Rooms, item: Postbusstuk): Promise<Opened | null> {
  const keys = rooms.identity.opening;
  const opened = await openWith(item.inhoud, CTY.delivery, (x5t) =>
    keys.find((key) => key.x5t === x5t),
  );
  if (opened === null) return null;
  const { bericht, routenota } = readDelivery(opened.plaintext);
  return { item, jws: bericht, note: routenota, digest: digestOf(bericht) };
}

/** A shape that is wrong here is the wrapping's, and says nothing of the message. */
function readDelivery(plaintext: Buffer): Aflevering {
  const found = readObject(plaintext, LIMITS);
  try {
    return checkWire('aflevering', found);
  } catch {
    throw new Refusal('malformed', 'not a delivery');
  }
}
