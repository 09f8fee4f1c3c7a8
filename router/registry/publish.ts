import { userInfo } from 'node:os';
import type { SigningKey } from '../../certs/keys.ts';
import { sign } from '../../certs/sign.ts';
import { readJws } from '../../certs/verify.ts';
import { CommandError } from '../../schemas/command.ts';
import type { Registratie } from '../../schemas/generated/wire.ts';
import { type Oin, toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import type { Ledger } from '../ledger.ts';
import type { Agency, Register } from '../registry.ts';
import type { Draft } from './agency-file.ts';
import { compare } from './compare.ts';
import { signManifest } from './manifest.ts';
import { hashOf, type RegisterStore } from './store.ts';

/** A register as it was read, and where it stood. */
export interface Present {
  readonly register: Register;
  readonly revision: number;
}

export interface Publication {
  readonly present: Present;
  readonly wanted: readonly Draft[];
  /** What is done, as the ledger names it: apply, rollback, suspend, resume. */
  readonly act: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The entries of a register as drafts, to compare and to change. */
export const draftsOf = (register: Register): Draft[] =>
  register.all().map(({ registratie }) => {
    const { claims } = readJws(registratie, TYP.registration);
    const { iss: _, iat: __, ...draft } = claims as unknown as Registratie;
    return draft;
  });

/**
 * Signs what changed, tells the ledger, and makes it the register. An entry that did not change keeps
 * its signature.
 * @returns the new version
 * @throws CommandError when somebody else changed the register in between
 */
export async function publish(
  { store, ledger, key }: { store: RegisterStore; ledger: Ledger; key: SigningKey },
  { present, wanted, act, now }: Publication,
): Promise<number> {
  const { register, revision } = present;
  const iat = Math.floor(now / 1000);
  const changed = new Set(compare(draftsOf(register), wanted).map(({ oin }) => oin));
  const entries = await Promise.all(
    wanted.map(async (draft): Promise<[Oin, string]> => {
      const kept = changed.has(draft.oin) ? undefined : register.agency(draft.oin)?.registratie;
      const since = Math.max(iat, signedAt(register.agency(draft.oin)));
      const claims: Registratie = { iss: toUrn(key.oin), iat: since, ...draft };
      return [draft.oin, kept ?? (await sign(claims, TYP.registration, key))];
    }),
  );
  await Promise.all(entries.map(([, jws]) => store.putEntry(jws)));
  const versie = await store.free(register.version);
  const agencies = Object.fromEntries(entries.map(([oin, jws]) => [oin, hashOf(jws)]));
  const manifest = { iss: toUrn(key.oin), iat, versie, vorige: register.version, agencies };
  await ledger.append({
    kind: 'register',
    handeling: act,
    versie,
    vorige: register.version,
    registrar: key.oin,
    uitvoerder: account(),
    organisaties: [...changed],
  });
  if (await store.publish(versie, await signManifest(manifest, key), revision)) return versie;
  throw new CommandError(
    'refused',
    'the register was changed by somebody else in between',
    'Look at the differences again with ketenpost registry diff, then repeat this.',
  );
}

/** Never older than what it takes the place of, whatever the clock says: adapters take no older one. */
const signedAt = (agency: Agency | undefined): number =>
  agency === undefined ? 0 : Number(readJws(agency.registratie, TYP.registration).claims['iat']);

/** Who did it, by the account on this machine. */
function account(): string {
  const name = userInfo().username.replaceAll(/[^A-Za-z0-9._-]/g, '');
  return name === '' ? 'unknown' : name.slice(0, 80);
}
