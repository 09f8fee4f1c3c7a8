import { encode } from './compact.ts';
import type { SigningKey } from './keys.ts';

/**
 * Signs claims as a compact JWS (RFC 7515 §7.1) whose header is exactly `{alg, typ, x5t#S256}`.
 * Written here and not by a library, because the key is a handle and never leaves it.
 */
export async function sign(claims: object, typ: string, key: SigningKey): Promise<string> {
  const header = encode(JSON.stringify({ alg: key.alg, typ, 'x5t#S256': key.x5t }));
  const input = `${header}.${encode(JSON.stringify(claims))}`;
  return `${input}.${encode(await key.sign(Buffer.from(input)))}`;
}
