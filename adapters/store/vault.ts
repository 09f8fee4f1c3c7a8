/**
 * Encrypts what the store must not hold in clear: AES-256-GCM with a fresh nonce per value, bound to
 * the table and the identity of its row, so that a value moved to another row does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { StoreKey } from './keyfile.ts';

/** An encrypted value as it lies in a row: nonce, tag, ciphertext; and the id of its key. */
export interface Sealed {
  readonly body: Uint8Array;
  readonly key: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;
// A shorter tag would be easier to guess: no other length is taken.
const LENGTHS = { authTagLength: TAG } as const;

/** Names a row: its table and the values of its identifying columns. */
export const rowName = (table: string, ...identity: readonly string[]): string =>
  [table, ...identity].join('/');

export class Vault {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: StoreKey;

  /** @param keys the newest first: that one encrypts, all of them decrypt */
  constructor(keys: readonly StoreKey[]) {
    const [current] = keys;
    if (current === undefined) throw new Error('a vault needs a key');
    this.#current = current;
    this.#keys = new Map(keys.map((key) => [key.id, key.bytes]));
  }

  /** The id of the key that new values are encrypted under. */
  get current(): string {
    return this.#current.id;
  }

  seal(row: string, value: Uint8Array | string): Sealed {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(CIPHER, this.#current.bytes, nonce, LENGTHS).setAAD(
      Buffer.from(row),
    );
    const sealed = Buffer.concat([cipher.update(value), cipher.final()]);
    return { key: this.#current.id, body: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
  }

  /** @throws Error when the key is gone or the value is not what was stored in this row */
  open(row: string, sealed: Sealed): Buffer {
    const key = this.#keys.get(sealed.key);
    if (key === undefined) throw new Error(`the store key ${sealed.key} is not in the key file`);
    const body = Buffer.from(sealed.body);
    const decipher = createDecipheriv(CIPHER, key, body.subarray(0, NONCE), LENGTHS)
      .setAAD(Buffer.from(row))
      .setAuthTag(body.subarray(NONCE, NONCE + TAG));
    try {
      return Buffer.concat([decipher.update(body.subarray(NONCE + TAG)), decipher.final()]);
    } catch {
      throw new Error(`a value in table ${row.split('/')[0]} was changed outside this program`);
    }
  }

  /** Encrypts a value anew under the current key. */
  renew(row: string, sealed: Sealed): Sealed {
    return this.seal(row, this.open(row, sealed));
  }
}
