/**
 * An identity whose keys can be changed while it is in use. Whoever needs a key asks for it at the
 * moment of use and keeps nothing, so that a reload is one swap: what is under way ends with the
 * keys that it began with.
 */

import { CommandError } from '../schemas/command.ts';
import type { Oin, Thumbprint } from '../schemas/ids.ts';
import type { Certificate } from './certificate.ts';
import type { IdentityConfig, KeySource } from './config.ts';
import type { OpeningKey, SigningKey } from './keys.ts';
import { type Identity, loadIdentity, type TlsIdentity } from './keystore.ts';

/** The thumbprints that came and went with a reload; both empty when nothing changed. */
export interface KeyChange {
  readonly added: readonly Thumbprint[];
  readonly removed: readonly Thumbprint[];
}

export class LiveIdentity implements Identity {
  #current: Identity;
  /** Signs with the key that is in use at that moment: for rooms that are given a key once. */
  readonly signer: SigningKey;

  private constructor(current: Identity) {
    this.#current = current;
    const now = () => this.#current.signing;
    this.signer = {
      get alg() {
        return now().alg;
      },
      get x5t() {
        return now().x5t;
      },
      oin: current.oin,
      sign: (bytes) => now().sign(bytes),
    };
  }

  /** @throws CommandError as loadIdentity */
  static async load(config: IdentityConfig): Promise<LiveIdentity> {
    return new LiveIdentity(await loadIdentity(config));
  }

  get oin(): Oin {
    return this.#current.oin;
  }
  get signing(): SigningKey {
    return this.#current.signing;
  }
  get opening(): readonly OpeningKey[] {
    return this.#current.opening;
  }
  get tls(): TlsIdentity {
    return this.#current.tls;
  }
  get certificates(): readonly Certificate[] {
    return this.#current.certificates;
  }

  /**
   * Loads the keys anew. All of them, or none: when one cannot be loaded the old ones stay in use.
   * @param check throws when they may not be shown to others yet; keys that open are taken all the same,
   *   for others may use them from the moment that the register lists them
   * @throws CommandError as loadIdentity, also when they are of another OIN; what check throws
   */
  async reload(
    config: IdentityConfig,
    check: (next: Identity) => Promise<void> | void = () => undefined,
  ): Promise<KeyChange> {
    const next = await loadIdentity(config);
    if (next.oin !== this.oin) {
      const todo = 'another OIN is another agency: stop this one and start that';
      throw new CommandError('usage', 'identity.oin changed', todo);
    }
    try {
      await check(next);
    } catch (error) {
      this.#current = withOpening(this.#current, next);
      throw error;
    }
    const [before, after] = [this.#current, next].map(({ certificates }) =>
      certificates.map(({ x5t }) => x5t),
    ) as [Thumbprint[], Thumbprint[]];
    this.#current = next;
    return {
      added: after.filter((one) => !before.includes(one)),
      removed: before.filter((one) => !after.includes(one)),
    };
  }
}

/** An identity with the keys for confidentiality of another; their certificates lie between the outer two. */
function withOpening(identity: Identity, { opening, certificates }: Identity): Identity {
  const { certificates: before } = identity;
  const all = [...before.slice(0, 1), ...certificates.slice(1, -1), ...before.slice(-1)];
  return { ...identity, opening, certificates: all };
}

/** The files that an identity is read from: when one changes, a reload is due. */
export function filesOf({ signing, opening, tls }: IdentityConfig): string[] {
  const of = (source: KeySource): string[] => [
    ...('p12' in source ? [source.p12] : [source.key, source.certificate]),
    ...('passphraseFile' in source ? [source.passphraseFile] : []),
  ];
  return [...new Set([signing, ...opening, tls].flatMap(of))];
}
