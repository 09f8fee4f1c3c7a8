import { digestOf } from '../../certs/digest.ts';
import { open } from '../../certs/open.ts';
import type { Digest } from '../../schemas/ids.ts';
import { readUtf8 } from '../../schemas/read.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { SUBMISSION_BYTES } from '../../schemas/size.ts';
import { CTY } from '../../schemas/typ.ts';
import type { Journey } from '../journey.ts';
import type { Rooms } from '../rooms.ts';
import { type Left, leave } from './left.ts';

export type Received = Left<
  'received',
  {
    journey: Journey;
    /** The sender's JWS, byte for byte. Nothing in it has been believed yet. */
    jws: string;
    dig: Digest;
    /** Milliseconds since 1970: when the router got it. */
    at: number;
  }
>;

/**
 * Reads hostile bytes once and opens the outer seal. From here on the text of the message is in
 * memory, and nowhere else.
 */
export async function receive(rooms: Rooms, journey: Journey): Promise<Received> {
  if (journey.jwe.byteLength > SUBMISSION_BYTES) {
    throw new Refusal('too-large', `a submission has at most ${SUBMISSION_BYTES} bytes`);
  }
  const opened = await open(readUtf8(journey.jwe), CTY.submission, (x5t) =>
    rooms.identity.opening.find((key) => key.x5t === x5t),
  );
  if (opened === null) throw new Refusal('decryption-failed');
  const { plaintext } = opened;
  return leave<Received>({
    journey,
    jws: readUtf8(plaintext),
    dig: digestOf(plaintext),
    at: rooms.clock.now(),
  });
}
