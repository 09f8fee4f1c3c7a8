/** What is to become of a receipt of ours, by what the router said of it. */
import type { Identity } from '../certs/keystore.ts';
import { readJws } from '../certs/verify.ts';
import { CODES, type Code } from '../schemas/codes.ts';
import type { Uitslag } from '../schemas/generated/wire.ts';
import { TYP } from '../schemas/typ.ts';

/**
 * `anew`: the fact is signed once more, in a new receipt. `later`: the same receipt is given again.
 * `refused`: it does not count, and no time will change that.
 */
export type Fate = 'taken' | 'later' | 'anew' | 'refused';

/** They speak of the certificate that the receipt was signed with, not of what it states. */
const OF_THE_CERTIFICATE: ReadonlySet<Code> = new Set<Code>([
  'certificate-expired',
  'certificate-revoked',
  'certificate-unknown',
  'certificate-untrusted',
  'certificate-unsuitable',
]);

export function fateOf(
  jws: string,
  result: Uitslag | undefined,
  { identity, now }: { readonly identity: Identity; readonly now: number },
): Fate {
  if (result?.aangenomen === true) return 'taken';
  const code = result?.code;
  if (code === undefined || CODES[code]?.retry === true) return 'later';
  const { header, claims } = readJws(jws, TYP.receipt);
  // With the same certificate it would be refused again: it waits until the agency has another.
  if (OF_THE_CERTIFICATE.has(code)) return header.x5t === identity.signing.x5t ? 'later' : 'anew';
  // Made by a clock that was ahead: in time it counts, or once the clock was put back.
  if (code === 'stale') return Number(claims['iat']) * 1000 > now ? 'anew' : 'later';
  return 'refused';
}
