import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import { readRegistration } from '../../certs/registry-entry.ts';
import type { Registratie } from '../../schemas/generated/wire.ts';
import { type Agency, createRegister, type Register } from '../registry.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { RegisterStore } from './store.ts';

/** Reads whole registers; entries that were verified before are not verified again. */
export class RegisterReader {
  readonly #store: RegisterStore;
  readonly #registrar: readonly Certificate[];
  #known = new Map<string, Agency>();

  constructor(store: RegisterStore, registrar: readonly Certificate[]) {
    this.#store = store;
    this.#registrar = registrar;
  }

  /** @throws when anything in it is missing or not signed by the registrar: a register is good as a whole or not at all */
  async read(version: number): Promise<Register> {
    const manifest = await this.#readManifest(version);
    const entries = await Promise.all(
      Object.entries(manifest.agencies).map(async ([oin, hash]) => {
        const agency = this.#known.get(hash) ?? (await this.#readEntry(hash));
        if (agency.oin !== oin) throw new Error('an entry is not of the agency it is listed for');
        return [hash, agency] as const;
      }),
    );
    this.#known = new Map(entries);
    return createRegister([...this.#known.values()], version);
  }

  /** The version that this one took the place of; 0 when it was the first. */
  async before(version: number): Promise<number> {
    return (await this.#readManifest(version)).vorige;
  }

  async #readManifest(version: number): Promise<Manifest> {
    const jws = await this.#store.manifest(version);
    if (jws === undefined) throw new Error(`there is no manifest of version ${version}`);
    const manifest = await readManifest(jws, this.#registrar);
    if (manifest.versie === version) return manifest;
    throw new Error('a manifest is not of the version it is kept as');
  }

  async #readEntry(hash: string): Promise<Agency> {
    const jws = await this.#store.entry(hash);
    if (jws === undefined) throw new Error('an entry of the manifest is missing');
    return toAgency(await readRegistration(jws, this.#registrar), jws);
  }
}

/** @param claims of an entry that was read by readRegistration, or written here */
function toAgency(claims: Registratie, registratie: string): Agency {
  const { oin, naam, rollen, status, van, tot, zegel, mandaten, abonnementen, telefoon } = claims;
  const { bezorgadres } = claims;
  return {
    oin,
    naam,
    rollen,
    status,
    van,
    zegel,
    mandaten,
    abonnementen,
    registratie,
    ...(tot !== undefined && { tot }),
    ...(telefoon !== undefined && { telefoon }),
    ...(bezorgadres !== undefined && { bezorgadres }),
    werkgebied: claims.werkgebied ?? {},
    certificates: claims.certificaten.map(({ gebruik: use, der, tot: until }) => ({
      use,
      certificate: readCertificate(Buffer.from(der, 'base64')),
      ...(until !== undefined && { until }),
    })),
  };
}
