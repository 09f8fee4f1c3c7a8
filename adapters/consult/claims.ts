/** What a message of ours says. */
import { readJws } from '../../certs/verify.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Rooms } from '../rooms.ts';

/** @returns undefined when its content was destroyed */
export function claimsOf({ store }: Pick<Rooms, 'store'>, jti: string): Bericht | undefined {
  const content = store.outbox.content(jti);
  return content && (readJws(content.jws, TYP.message).claims as unknown as Bericht);
}
