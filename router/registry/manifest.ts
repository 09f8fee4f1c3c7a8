/**
 * The manifest: which entries together are the register, signed by the registrar. Versions only go
 * up, also when an older content is brought back, so that nobody can pass off an old register as new.
 */
import type { Certificate } from '../../certs/certificate.ts';
import type { SigningKey } from '../../certs/keys.ts';
import { sign } from '../../certs/sign.ts';
import { verify } from '../../certs/verify.ts';
import { type Oin, type OinUrn, parseOin, parseOinUrn } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';

export interface Manifest {
  readonly iss: OinUrn;
  readonly iat: number;
  readonly versie: number;
  /** The version that it took the place of; 0 when it is the first. */
  readonly vorige: number;
  /** SHA-256 in hex of each agency's signed entry. */
  readonly agencies: Readonly<Record<Oin, string>>;
}

export const signManifest = (manifest: Manifest, key: SigningKey): Promise<string> =>
  sign(manifest, TYP.manifest, key);

/** @throws Refusal, when no pinned registrar signed it or it is not as a manifest should be */
export async function readManifest(
  jws: string,
  registrar: readonly Certificate[],
): Promise<Manifest> {
  const find = (x5t: string) => registrar.find((one) => one.x5t === x5t);
  const { claims, certificate } = await verify(jws, TYP.manifest, find);
  const manifest = check(claims);
  if (manifest.iss !== `urn:nld:oin:${certificate.oin}`) throw new Refusal('issuer-mismatch');
  return manifest;
}

const isVersion = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

function check({ iss, iat, versie, vorige, agencies, ...more }: Record<string, unknown>): Manifest {
  const sound = [iat, versie, vorige].every(isVersion) && Object.keys(more).length === 0;
  if (!sound || typeof agencies !== 'object' || agencies === null) throw new Refusal('malformed');
  for (const [oin, hash] of Object.entries(agencies)) {
    parseOin(oin);
    if (!/^[0-9a-f]{64}$/.test(String(hash))) throw new Refusal('malformed');
  }
  return { iss: parseOinUrn(iss), iat, versie, vorige, agencies } as Manifest;
}
