/** Tells in the log of certificates that end: the agency's own, and those that it trusts by. */
import { type InUse, inLog, openEndings } from '../certs/endings.ts';
import { usesOf } from '../certs/suit.ts';
import type { Rooms } from './rooms.ts';

const HOUR_MS = 3_600_000;

/** @returns how to stop */
export function watchEndings({ identity, trust, clock, log }: Rooms): () => void {
  const endings = openEndings();
  const look = () => {
    const own = identity.certificates.map(
      (certificate): InUse => ({ whose: 'own', use: usesOf(certificate).join(), certificate }),
    );
    const pinned = (trust.pinned ?? []).map(
      (certificate): InUse => ({ whose: 'issuer', use: '', certificate }),
    );
    for (const one of endings.look([...own, ...pinned], clock.now())) {
      const words = one.days < 0 ? 'a certificate has ended' : 'a certificate ends';
      if (one.days < 7) log.error(inLog(one), words);
      else log.warn(inLog(one), words);
    }
  };
  look();
  const timer = setInterval(look, HOUR_MS).unref();
  return () => clearInterval(timer);
}
