/**
 * Tells the sender that a copy was not delivered. What a copy sealed anew could mend is `onleesbaar`
 * and will be offered again; what no offer can mend is `afgewezen`. Either way the proof is kept.
 */
import { digestOf } from '../../certs/digest.ts';
import type { Code } from '../../schemas/codes.ts';
import type { Postbusstuk } from '../../schemas/generated/wire.ts';
import type { Digest, Uuid7 } from '../../schemas/ids.ts';
import type { Refusal } from '../../schemas/refusal.ts';
import { kindOf } from '../log.ts';
import type { Rooms } from '../rooms.ts';
import { stateFact } from '../state-fact.ts';
import { open } from './open.ts';
import type { Reception } from './reception.ts';

/** What stands in the signed message itself, which no sealing changes. */
const FINAL: ReadonlySet<Code> = new Set<Code>([
  'schema-invalid',
  'type-unknown',
  'wrongly-addressed',
  'id-reused',
  'stale',
  'certificate-revoked',
]);

/** @returns `left` when the reason may pass: the copy stays in the mailbox */
export async function refuse(
  rooms: Rooms,
  item: Postbusstuk,
  refusal: Refusal,
): Promise<Reception> {
  const { afzender, bericht } = item;
  rooms.log.warn({ afzender, bericht, ...kindOf(refusal) }, 'a delivery was not taken');
  if (refusal.retry) return 'left';
  const state = FINAL.has(refusal.code) ? 'afgewezen' : 'onleesbaar';
  await tell(rooms, item, state, refusal.code, await digestWithin(rooms, item));
  return 'refused';
}

/** Sealed for a key that is not ours, or not any more. */
export async function unreadable(rooms: Rooms, item: Postbusstuk): Promise<Reception> {
  const { afzender, bericht } = item;
  rooms.log.warn({ afzender, bericht }, 'a delivery was sealed for a key that is not here');
  await tell(rooms, item, 'onleesbaar', 'unreadable', digestOf(item.inhoud));
  return 'refused';
}

/** The digest of the message when it can be opened, else of what it came in. */
async function digestWithin(rooms: Rooms, item: Postbusstuk): Promise<Digest> {
  const opened = await open(rooms, item).catch(() => null);
  return opened?.digest ?? digestOf(item.inhoud);
}

async function tell(
  rooms: Rooms,
  item: Postbusstuk,
  state: 'onleesbaar' | 'afgewezen',
  code: Code,
  digest: Digest,
): Promise<void> {
  const { store } = rooms;
  const { afzender: sender, bericht: message } = item;
  const said = store.replies
    .of(sender, message)
    .some((one) => one.copy === digest && one.state === state);
  const conversation = message as Uuid7;
  const fact = { sender, message, conversation, digest, state, code };
  const reply = said ? undefined : await stateFact(rooms, fact);
  const at = rooms.clock.now();
  const proof = {
    digest: digestOf(item.inhoud),
    kind: 'aflevering',
    at,
    code,
    sender,
    message,
  } as const;
  await store.write(() => {
    store.evidence.add(proof, item.inhoud);
    if (reply === undefined) store.replies.resend(sender, message, digest, state === 'onleesbaar');
    else store.replies.add(reply.row, reply.jws);
  });
  rooms.rings.replies();
}
