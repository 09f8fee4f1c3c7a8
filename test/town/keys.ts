/**
 * The town's authority and everybody's keys, in one folder as `ketenpost certs` lays it out. Made
 * afresh, or, for tests that need many towns, copied from a cache that is made on the fly.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Authority,
  type AuthorityOptions,
  createAuthority,
  openAuthority,
} from '../../certs/authority/authority.ts';
import type { FiledKey } from '../../certs/config.ts';
import { USES, type Use } from '../../certs/profile.ts';
import { projectFolder } from '../../project.ts';
import type { Clock } from '../../schemas/clock.ts';
import type { Oin } from '../../schemas/ids.ts';
import {
  AGENCIES,
  AGENCY_NAMES,
  type AgencyName,
  OPERATOR,
  REGISTRAR,
  type TownAgency,
} from './agencies.ts';
import { keyFromPool } from './key-pool.ts';

export type KeyKind = 'rsa' | 'ec';

/** Told after each key: how many of how many there are. */
export type OnKey = (made: number, of: number) => void;

export interface TownKeys {
  readonly authority: Authority;
  identity(oin: Oin): {
    readonly oin: Oin;
    readonly signing: FiledKey;
    readonly opening: readonly FiledKey[];
    readonly tls: FiledKey;
  };
  /** PEM files of a use, newest first. */
  certificates(oin: Oin, use: Use): string[];
  /** The key for authenticity that the police no longer uses, and that the register still lists. */
  readonly formerPoliceKey: FiledKey;
}

/** Who has which keys. The police has two for authenticity: one can be revoked and life goes on. */
const wanted = (names: readonly AgencyName[]): (readonly [TownAgency, Use])[] => [
  ...[OPERATOR, ...names.map((name) => AGENCIES[name])].flatMap((agency) =>
    USES.map((use) => [agency, use] as const),
  ),
  [REGISTRAR, 'authenticiteit'],
  [AGENCIES.politie, 'authenticiteit'],
];

/** Makes all keys anew. RSA takes seconds: they are made side by side. */
export async function makeKeys(
  dir: string,
  kind: KeyKind,
  onKey: OnKey,
  names: readonly AgencyName[] = AGENCY_NAMES,
  options: AuthorityOptions = {},
): Promise<TownKeys> {
  const authority = await createAuthority(dir, options);
  const all = wanted(names);
  let made = 0;
  await Promise.all(
    all.map(async ([{ oin, naam: name }, use]) => {
      await authority.issue({ oin, name, use, key: kind });
      onKey(++made, all.length);
    }),
  );
  return keysIn(dir, authority);
}

/** Keys of tests are a day old: a clock that is an hour behind is then within their time. */
const YESTERDAY: Clock = { now: () => Date.now() - 24 * 60 * 60 * 1000 };

/**
 * Makes what tests copy, unless it is there. Before many tests start at once: each would make its own.
 * @returns where it lies
 */
export async function prepareKeys(kind: KeyKind, onKey: OnKey = () => undefined): Promise<string> {
  const name = `${kind}-day-old-${buildOfCerts()}`;
  const cache = join(projectFolder(), '.build', 'test-town-keys', name);
  if (!existsSync(cache)) await fillCache(cache, kind, onKey);
  return cache;
}

/** Copies keys that an earlier test made, with revocation lists of this moment. */
export async function copyKeys(dir: string, kind: KeyKind, onKey: OnKey): Promise<TownKeys> {
  const cache = await prepareKeys(kind, onKey);
  cpSync(cache, dir, { recursive: true });
  const authority = await openAuthority(dir, { generate: keyFromPool });
  await authority.writeCrls();
  return keysIn(dir, authority);
}

/** Two tests may fill it at once: whoever is first has filled it. */
async function fillCache(cache: string, kind: KeyKind, onKey: OnKey): Promise<void> {
  const mine = `${cache}.${process.pid}`;
  mkdirSync(dirname(cache), { recursive: true });
  const options = { clock: YESTERDAY, generate: keyFromPool };
  await makeKeys(mine, kind, onKey, AGENCY_NAMES, options);
  try {
    renameSync(mine, cache);
  } catch {
    rmSync(mine, { recursive: true });
  }
}

/** Names the code that made the keys: other code, other cache. Days too, for they end. */
function buildOfCerts(): string {
  const certs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'certs');
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 7));
  for (const name of (readdirSync(certs, { recursive: true }) as string[]).sort())
    if (name.endsWith('.js')) hash.update(readFileSync(join(certs, name)));
  return hash.digest('hex').slice(0, 12);
}

function keysIn(dir: string, authority: Authority): TownKeys {
  const folder = (oin: Oin) => join(dir, 'agencies', oin);
  const source = (oin: Oin, name: string): FiledKey => {
    const file = (ending: string) => join(folder(oin), ending);
    const passphraseFile = file('passphrase');
    return existsSync(file(`${name}.p12`))
      ? { p12: file(`${name}.p12`), passphraseFile }
      : { key: file(`${name}.key.pem`), certificate: file(`${name}.pem`), passphraseFile };
  };
  const named = (oin: Oin, use: Use) =>
    readdirSync(folder(oin))
      .filter((name) => new RegExp(`^${use}(-\\w+)?\\.pem$`).test(name))
      .map((name) => name.slice(0, -'.pem'.length))
      .sort((a, b) => a.length - b.length);
  const [, former = ''] = named(AGENCIES.politie.oin, 'authenticiteit');
  return {
    authority,
    identity: (oin) => ({
      oin,
      signing: source(oin, 'authenticiteit'),
      opening: [source(oin, 'vertrouwelijkheid')],
      tls: source(oin, 'tls'),
    }),
    certificates: (oin, use) => named(oin, use).map((name) => join(folder(oin), `${name}.pem`)),
    formerPoliceKey: source(AGENCIES.politie.oin, former),
  };
}
