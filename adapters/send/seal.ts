/** Seals a kept message for the router, anew for each attempt: its key may have changed since. */
import { digestOf } from '../../certs/digest.ts';
import { seal as sealFor } from '../../certs/seal.ts';
import type { Digest } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { CTY } from '../../schemas/typ.ts';
import type { Rooms } from '../rooms.ts';
import type { OutboxRow } from '../store/outbox.ts';

export interface Submission {
  readonly row: OutboxRow;
  readonly jwe: string;
  /** Of the JWE: a refusal before the signature was verified states this one. */
  readonly jweDigest: Digest;
}

/** @throws Refusal when the router has no certificate that may be used now */
export async function seal(rooms: Rooms, row: OutboxRow): Promise<Submission> {
  const content = rooms.store.outbox.content(row.jti);
  if (content === undefined) throw new Error('the outbox holds no such message');
  const to = await recipient(rooms);
  const jwe = await sealFor(Buffer.from(content.jws), CTY.submission, to);
  return { row, jwe, jweDigest: digestOf(jwe) };
}

/** The first certificate for confidentiality that may be used now, and how the register says to wrap. */
async function recipient({ directory, router, trust, clock }: Rooms) {
  const entry = await directory.entry(router);
  const now = clock.now();
  for (const { certificate, until } of entry.of('vertrouwelijkheid')) {
    const usable = now < until && now >= certificate.notBefore && now < certificate.notAfter;
    if (!usable) continue;
    trust.judge(certificate, { use: 'vertrouwelijkheid', at: now, now });
    return { certificate, alg: entry.registration.zegel };
  }
  throw new Refusal('recipient-unavailable', 'the router has no certificate that is valid now');
}
