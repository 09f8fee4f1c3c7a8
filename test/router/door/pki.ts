/** Certificates for the tests of the door, by the development authority. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, createAuthority } from '../../../certs/authority/authority.ts';
import { loadTls, type TlsIdentity } from '../../../certs/keystore.ts';
import { readAuthorities } from '../../../router/door/tls.ts';
import { parseOin } from '../../../schemas/ids.ts';
import { keyFromPool } from '../../town/key-pool.ts';
import { copyKeys } from '../../town/keys.ts';

export interface Pki {
  /** Root and issuers, as PEM. */
  readonly authorities: readonly string[];
  /** A TLS certificate on P-256, because that is quick to make; RSA-3072 when asked. */
  issue(oin: string, key?: 'ec' | 'rsa'): Promise<TlsIdentity>;
}

/** The authority of the town. */
export async function townPki(): Promise<Pki> {
  const { authority } = await copyKeys(folder(), 'ec', () => undefined);
  return pkiOf(authority);
}

/** An authority that nobody knows. */
export const otherPki = async (): Promise<Pki> =>
  pkiOf(await createAuthority(folder(), { generate: keyFromPool }));

export async function pkiOf(authority: Authority): Promise<Pki> {
  const { roots, issuers } = authority.trust;
  return {
    authorities: await readAuthorities([...roots, ...issuers]),
    async issue(oin, key = 'ec') {
      const request = { oin: parseOin(oin), name: 'Test', use: 'tls', key } as const;
      return loadTls((await authority.issue(request)).source);
    },
  };
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ketenpost-door-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 'certs');
}
