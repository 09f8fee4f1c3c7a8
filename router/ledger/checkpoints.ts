/** Checkpoints: what the router signed about the size and the head of the chain. */
import type { Certificate } from '../../certs/certificate.ts';
import { verify } from '../../certs/verify.ts';
import type { Digest, Thumbprint } from '../../schemas/ids.ts';
import { toUrn } from '../../schemas/ids.ts';
import { checkWire } from '../../schemas/validate.ts';

export const CHECKPOINT_TYP = 'ketenpost-waarmerk+jwt';

export interface Checkpoint {
  /** Entries that it covers. */
  readonly size: number;
  readonly head: Digest;
  /** When it was signed, in milliseconds since 1970. */
  readonly at: number;
}

export type ReadCheckpoint = (jws: string) => Promise<Checkpoint>;

/**
 * Reads a checkpoint and verifies that the router signed it.
 * @param find gives the router's certificates, old ones included
 * @throws Refusal when it is not one, or not the router's
 */
export const checkpointReader =
  (find: (x5t: Thumbprint) => Certificate | undefined): ReadCheckpoint =>
  async (jws) => {
    const { claims, certificate } = await verify(jws, CHECKPOINT_TYP, find);
    const { iss, iat, omvang, hoofd } = checkWire('waarmerk', claims);
    if (certificate.oin === undefined || toUrn(certificate.oin) !== iss) {
      throw new Error('was signed by another than it says');
    }
    return { size: omvang, head: hoofd, at: iat * 1000 };
  };
