/**
 * What the register says of other agencies. The router hands out the entries, the registrar has
 * signed them: nothing here is believed on the router's word. Kept for a short time only.
 */
import { type Certificate, readCertificate, type Use } from '../certs/certificate.ts';
import { readRegistration } from '../certs/registry-entry.ts';
import { readJws } from '../certs/verify.ts';
import type { Clock } from '../schemas/clock.ts';
import type { Registratie, Registratiecertificaat } from '../schemas/generated/wire.ts';
import { type Oin, type Thumbprint, toUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';

const KEPT_MS = 2 * 60_000;
/** A certificate that is not in the entry may be new: the entry is fetched again, but not more often than this. */
const REFRESH_MS = 5_000;
const DAY_MS = 86_400_000;

export interface Entry {
  readonly registration: Registratie;
  /** As the registrar signed it, and with which certificate. */
  readonly signed: string;
  readonly registrar: Certificate | undefined;
  /** The registered certificates of one use, the preferred one first. */
  of(use: Use): readonly Registered[];
}

export interface Registered {
  readonly certificate: Certificate;
  /** Not used at or after this moment, whatever its own dates. */
  readonly until: number;
}

interface Kept {
  readonly at: number;
  readonly entry: Promise<Entry>;
}

export interface DirectoryConfig {
  readonly registrar: { readonly oin: Oin; readonly certificates: Certificate[] };
  readonly clock: Clock;
  /** Fetches the entry of an agency as the registrar signed it. */
  fetch(oin: Oin): Promise<string>;
  /** Told of every entry that was read and is the registrar's. */
  note?(entry: Registratie): void;
}

export class Directory {
  readonly #config: DirectoryConfig;
  readonly #kept = new Map<Oin, Kept>();
  /** When the newest entry of each agency that was seen here was signed. */
  readonly #signed = new Map<Oin, number>();

  constructor(config: DirectoryConfig) {
    this.#config = config;
  }

  /** @throws Refusal when there is no such entry or it was not signed by the registrar */
  async entry(oin: Oin, newerThan = KEPT_MS): Promise<Entry> {
    const now = this.#config.clock.now();
    const kept = this.#kept.get(oin);
    if (kept !== undefined && Math.abs(now - kept.at) < newerThan) return kept.entry;
    const entry = this.#load(oin);
    this.#kept.set(oin, { at: now, entry });
    // A failure is not remembered; whoever waits for it hears of it all the same.
    entry.catch(() => this.#kept.delete(oin));
    return entry;
  }

  /**
   * The registered certificate of an agency with this thumbprint.
   * @param at when it was used to sign, in milliseconds
   * @throws Refusal certificate-unknown
   */
  async certificate(oin: Oin, use: Use, x5t: Thumbprint, at: number): Promise<Certificate> {
    const found =
      find(await this.entry(oin), use, x5t) ?? find(await this.entry(oin, REFRESH_MS), use, x5t);
    if (found === undefined || at >= found.until) throw new Refusal('certificate-unknown');
    return found.certificate;
  }

  /** Forgets an entry, when something suggests that it has changed. */
  forget(oin: Oin): void {
    this.#kept.delete(oin);
  }

  async #load(oin: Oin): Promise<Entry> {
    const { registrar } = this.#config;
    const signed = await this.#config.fetch(oin);
    const registration = await readRegistration(signed, registrar.certificates);
    const { x5t } = readJws(signed, TYP.registration).header;
    if (registration.oin !== oin || registration.iss !== toUrn(registrar.oin)) {
      throw new Refusal('issuer-mismatch', 'the entry of the register is not the one asked for');
    }
    // A door that hands out an older entry would bring back a certificate that was withdrawn.
    if (registration.iat < (this.#signed.get(oin) ?? 0)) {
      throw new Refusal('temporarily-unavailable', 'the entry of the register is an older one');
    }
    this.#signed.set(oin, registration.iat);
    this.#config.note?.(registration);
    const all = registration.certificaten.map((one) => ({
      ...register(one),
      use: one.gebruik,
    }));
    return {
      ...{ registration, signed, of: (use) => all.filter((one) => one.use === use) },
      registrar: registrar.certificates.find((one) => one.x5t === x5t),
    };
  }
}

/** That the certificate is the agency's own has been checked where the entry was read. */
function register({ der, tot }: Registratiecertificaat): Registered {
  const until = tot === undefined ? Number.POSITIVE_INFINITY : Date.parse(tot) + DAY_MS;
  return { certificate: readCertificate(Buffer.from(der, 'base64')), until };
}

const find = (entry: Entry, use: Use, x5t: Thumbprint): Registered | undefined =>
  entry.of(use).find((one) => one.certificate.x5t === x5t);
