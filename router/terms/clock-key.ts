import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import type { TermId } from '../../schemas/terms.ts';

/** The kind of deadline that each statutory clock has (terms/keep-clock.ts). */
export const CLOCK = 'klok';

/** Which clock: whose, of which term, about which message. */
export interface ClockName {
  readonly owner: Oin;
  readonly term: TermId;
  readonly sender: Oin;
  readonly jti: Uuid7;
}

export const keyOfClock = ({ owner, term, sender, jti }: ClockName): string =>
  `${CLOCK}.${owner}.${term}.${sender}.${jti}`;

export function readClockKey(key: string): ClockName {
  const [, owner, term, sender, jti] = key.split('.') as [string, Oin, TermId, Oin, Uuid7];
  return { owner, term, sender, jti };
}
