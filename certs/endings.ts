/** Certificates end. Who looks after them is told in time: 60, 30 and 7 days before, and when it is past. */
import type { Oin } from '../schemas/ids.ts';
import type { Certificate } from './certificate.ts';

const DAY = 86_400_000;

/** Days before the end at which there is a warning, and at the end itself. */
export const MILESTONES = [60, 30, 7, 0] as const;

/** Whose certificate it is to us: `own`, an agency of the register, a pinned issuer, the registrar, the broker. */
export type Whose = 'own' | 'agency' | 'issuer' | 'registrar' | 'broker';

/** A certificate that is in use. */
export interface InUse {
  readonly whose: Whose;
  /** For what: tls, authenticiteit, vertrouwelijkheid; empty for an issuer. */
  readonly use: string;
  readonly certificate: Pick<Certificate, 'x5t' | 'name' | 'notAfter'> & {
    readonly oin?: Oin | undefined;
  };
}

/** Whole days that are left; below zero when it ended. */
export const daysLeft = ({ notAfter }: { readonly notAfter: number }, now: number): number =>
  Math.floor((notAfter - now) / DAY);

/** The last milestone that was passed, or undefined while there is time. */
export const milestoneOf = (days: number): (typeof MILESTONES)[number] | undefined =>
  MILESTONES.filter((one) => days < one).at(-1);

export interface Ending extends InUse {
  readonly days: number;
}

export interface Endings {
  /** @returns those that passed a milestone since they were looked at last */
  look(all: readonly InUse[], now: number): Ending[];
}

/** Remembers what it told, so that each milestone is told once by each process. */
export function openEndings(): Endings {
  const told = new Map<string, number>();
  return {
    look(all, now) {
      return all.flatMap((one) => {
        const days = daysLeft(one.certificate, now);
        const milestone = milestoneOf(days);
        const before = told.get(one.certificate.x5t);
        if (milestone === undefined || (before !== undefined && before <= milestone)) return [];
        told.set(one.certificate.x5t, milestone);
        return [{ ...one, days }];
      });
    },
  };
}

/** For a log line: no name of a person is in a certificate of an organisation, but its own name may be long. */
export const inLog = ({ whose, use, certificate, days }: Ending) => ({
  whose,
  ...(use !== '' && { use }),
  ...(certificate.oin !== undefined && { oin: certificate.oin }),
  certificate: certificate.x5t,
  until: new Date(certificate.notAfter).toISOString().slice(0, 10),
  days,
});
