import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Journey, Proven } from '../journey.ts';
import { proveSigner } from '../prove.ts';
import type { Agency } from '../registry.ts';
import type { Rooms } from '../rooms.ts';
import { checkClock } from './check-clock.ts';
import { type Left, leave } from './left.ts';
import { readIdentity } from './read-identity.ts';
import { type Earlier, recall } from './recall.ts';
import type { Received } from './receive.ts';
import { takeUp } from './take-up.ts';

export type Verified = Left<
  'verified',
  {
    journey: Journey;
    /** The sender's JWS, byte for byte. */
    jws: string;
    /** When the router got it, in milliseconds since 1970. */
    at: number;
    message: Proven;
    sender: Agency;
    claims: Record<string, unknown>;
    /** What was begun with this very message before. */
    earlier: Earlier | undefined;
  }
>;

/**
 * Proves who sent it, then asks whether it is known, then looks at the clock. In that order: nobody
 * may learn of the record of an id that is not his, let alone write to it; and a message that came in
 * time is not late when it is offered again.
 */
export async function verify(rooms: Rooms, { journey, jws, dig, at }: Received): Promise<Verified> {
  const given = { jws, typ: TYP.message, peer: journey.peer, at };
  const { claims, certificate, signer: sender } = await proveSigner(rooms, given);
  const message = readIdentity(claims, sender.oin, dig);
  // Which queue it came in by was the door's word: it must be what the sender signed.
  if (message.prio !== journey.prio) {
    throw new Refusal(
      'bad-request',
      'the priority of the request is not the signed one',
      [],
      'verify',
    );
  }
  journey.hold(await rooms.turns.take(`${message.sender}.${message.jti}`));
  const record = await rooms.ids.find(message.sender, message.jti);
  // Trust is judged at first receipt. The very same bytes were judged then and stay judged.
  if (record?.dig !== dig) {
    rooms.trust.judge(certificate, { use: 'authenticiteit', at: message.iat * 1000, now: at });
  }
  journey.identify(message);
  const earlier = record && (await recall(rooms, message, record));
  // What has its verdict gets it again, whatever befell a pipeline that worked on it.
  await takeUp(rooms, journey);
  if (earlier === undefined) checkClock(message, at);
  return leave<Verified>({ journey, jws, at, message, sender, claims, earlier });
}
