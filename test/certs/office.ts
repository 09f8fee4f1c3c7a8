/** An authority in a folder of its own, for tests; the folder goes when the process ends. */
import type { KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Authority,
  type AuthorityOptions,
  createAuthority,
} from '../../certs/authority/authority.ts';
import type { Issued } from '../../certs/authority/issue.ts';
import type { Certificate } from '../../certs/certificate.ts';
import type { IdentityConfig } from '../../certs/config.ts';
import type { OpeningKey, SigningKey } from '../../certs/keys.ts';
import { loadOpeningKey, loadSigningKey } from '../../certs/keystore.ts';
import { readPkcs12 } from '../../certs/pkcs12.ts';
import { type Oin, parseOin } from '../../schemas/ids.ts';
import { keyFromPool } from '../town/key-pool.ts';

export const POLICE = parseOin('00000099000000010000');
export const VT = parseOin('00000099000000020000');
export const ROUTER = parseOin('00000099000000001000');

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-certs-'));
  folders.push(folder);
  return folder;
}

/** No key of it stands twice in one process; those of other tests may be the same. */
export const openOffice = (options: AuthorityOptions = {}): Promise<Authority> =>
  createAuthority(join(temporaryFolder(), 'pki'), { generate: keyFromPool, ...options });

interface Held<Key> {
  readonly key: Key;
  readonly certificate: Certificate;
  /** The bare key, for what only a test does with it. */
  readonly privateKey: KeyObject;
}

/** The keys of an agency, as handles and bare, and its configuration. */
export interface Desk {
  readonly oin: Oin;
  readonly config: IdentityConfig;
  readonly signing: Held<SigningKey>;
  readonly opening: Held<OpeningKey>;
  readonly tls: Issued;
}

/** Issues the three certificates of an agency. */
export async function deskOf(office: Authority, oin: Oin, key: 'rsa' | 'ec'): Promise<Desk> {
  const request = { oin, name: `Dienst ${oin.slice(9, 17)}`, key };
  const [signing, opening, tls] = await Promise.all([
    office.issue({ ...request, use: 'authenticiteit' }),
    office.issue({ ...request, use: 'vertrouwelijkheid' }),
    office.issue({ ...request, use: 'tls' }),
  ]);
  return {
    oin,
    config: { oin, signing: signing.source, opening: [opening.source], tls: tls.source },
    signing: { ...bare(signing), key: await loadSigningKey(signing.source) },
    opening: { ...bare(opening), key: await loadOpeningKey(opening.source) },
    tls,
  };
}

function bare({ certificate, source, passphrase }: Issued) {
  const privateKey =
    'p12' in source
      ? readPkcs12(readFileSync(source.p12), passphrase).key
      : createPrivateKey({ key: readFileSync(source.key), passphrase });
  return { certificate, privateKey };
}
