/**
 * The register: which agencies there are, what they may, where they work and with which
 * certificates. What is here was signed by the registrar and verified when it was read.
 */
import type { Certificate, Use } from '../certs/certificate.ts';
import type { SealAlg } from '../certs/keys.ts';
import type { Abonnement, Registratie } from '../schemas/generated/wire.ts';
import type { Oin, Thumbprint } from '../schemas/ids.ts';
import { dayOf } from '../schemas/reference.ts';

export interface ListedCertificate {
  readonly use: Use;
  readonly certificate: Certificate;
  /** The last day on which it is used (YYYY-MM-DD), whatever its own dates. */
  readonly until?: string;
}

export interface Agency {
  readonly oin: Oin;
  readonly naam: string;
  readonly rollen: readonly string[];
  readonly status: 'actief' | 'geschorst';
  readonly van: string;
  readonly tot?: string;
  readonly werkgebied: NonNullable<Registratie['werkgebied']>;
  /** Where somebody answers when it is urgent. */
  readonly telefoon?: string;
  /** Where the router brings what comes in, instead of the agency collecting it. */
  readonly bezorgadres?: NonNullable<Registratie['bezorgadres']>;
  readonly zegel: SealAlg;
  /** Who may submit and collect for it. */
  readonly mandaten: readonly Oin[];
  readonly abonnementen: readonly Abonnement[];
  /** Of a use, newest first. */
  readonly certificates: readonly ListedCertificate[];
  /** The entry as the registrar signed it. */
  readonly registratie: string;
}

/** Times (`at`) are milliseconds since 1970. */
export interface Register {
  /** 0 when nothing has been registered yet. */
  readonly version: number;
  /** Whether it is in force or not: see inForce. */
  agency(oin: Oin): Agency | undefined;
  all(): readonly Agency[];
  /** A certificate that is listed for this use and not withdrawn at that time. */
  certificate(x5t: Thumbprint, use: Use, at: number): Certificate | undefined;
  byRole(role: string, at: number): Agency[];
  byVtRegion(region: string, at: number): Agency[];
  /** Agencies with a subscription to this type, on this basis, for this case. */
  subscribers(
    wanted: { berichttype: string; grondslag: string; zaak?: string },
    at: number,
  ): Agency[];
}

/** Whether the agreement with this agency holds on that day. */
export function inForce(agency: Agency, at: number): boolean {
  const day = dayOf(at);
  return agency.van <= day && (agency.tot === undefined || day <= agency.tot);
}

/** The certificates of an agency for one use that the registrar lets be used then, newest first. */
export const listed = (agency: Agency, use: Use, at: number): Certificate[] =>
  agency.certificates
    .filter((one) => one.use === use && (one.until === undefined || dayOf(at) <= one.until))
    .map(({ certificate }) => certificate);

export function createRegister(agencies: readonly Agency[], version: number): Register {
  const byOin = new Map(agencies.map((agency) => [agency.oin, agency]));
  const holders = new Map(
    agencies.flatMap((agency) =>
      agency.certificates.map(({ use, certificate }) => [`${use} ${certificate.x5t}`, agency]),
    ),
  );
  const inForceAt = (at: number) => agencies.filter((agency) => inForce(agency, at));
  return {
    version,
    agency: (oin) => byOin.get(oin),
    all: () => agencies,
    certificate(x5t, use, at) {
      const holder = holders.get(`${use} ${x5t}`);
      return holder && listed(holder, use, at).find((certificate) => certificate.x5t === x5t);
    },
    byRole: (role, at) => inForceAt(at).filter(({ rollen }) => rollen.includes(role)),
    byVtRegion: (region, at) =>
      inForceAt(at).filter(
        ({ rollen, werkgebied }) => rollen.includes('vt') && werkgebied.vtRegio === region,
      ),
    subscribers: (wanted, at) =>
      inForceAt(at).filter(({ abonnementen }) => abonnementen.some((one) => covers(one, wanted))),
  };
}

const covers = (
  subscription: Abonnement,
  wanted: { berichttype: string; grondslag: string; zaak?: string },
): boolean =>
  subscription.berichttype === wanted.berichttype &&
  subscription.grondslag === wanted.grondslag &&
  (subscription.zaken === undefined ||
    (wanted.zaak !== undefined && subscription.zaken.includes(wanted.zaak)));
