/**
 * Tells the sender that a copy was not delivered. What a copy sealed anew could mend is `onleesbaar`
 * and will be offered again; what no offer can mend is `afgewezen`. Either way the proof is kept.
 */
import { digestOf } from '../../certs/digest.ts';
import type { Code } from '../../schemas/codes.ts';
import type { Postbusstuk } from '../../schemas/generated/wire.ts';
import type { Digest } from '../../schemas/ids.ts';
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

/** Whether no offer can mend it. */
export const isFinal = ({ code }: Refusal): boolean => FINAL.has(code);

/** @returns `left` when the reason may pass: the copy stays in the mailbox */
export async function refuse(
  rooms: Rooms,
  item: Postbusstuk,
  refusal: Refusal,
): Promise<Reception> {
  const { afzender, bericht } = item;
  rooms.log.warn({ afzender, bericht, ...kindOf(refusal) }, 'a delivery was not taken');
  if (refusal.retry) return 'left';
  const state = isFinal(refusal) ? 'afgewezen' : 'onleesbaar';
  const digest = await digestWithin(rooms, item);
  await tell(rooms, item, { state, code: refusal.code, digest });
  return 'refused';
}

/** Sealed for a key that is not ours, or not any more. */
export async function unreadable(rooms: Rooms, item: Postbusstuk): Promise<Reception> {
  const { afzender, bericht } = item;
  rooms.log.warn({ afzender, bericht }, 'a delivery was sealed for a key that is not here');
  const digest = digestOf(item.inhoud);
  await tell(rooms, item, { state: 'onleesbaar', code: 'unreadable', digest });
  return 'refused';
}

/** The digest of the message when it can be opened, else of what it came in. */
async function digestWithin(rooms: Rooms, item: Postbusstuk): Promise<Digest> {
  const opened = await open(rooms, item).catch(() => null);
  return opened?.digest ?? digestOf(item.inhoud);
}

interface Verdict {
  readonly state: 'onleesbaar' | 'afgewezen';
  readonly code: Code;
  readonly digest: Digest;
}

/** Stores the proof and the receipt; what has been said of this copy before is said again. */
async function tell(rooms: Rooms, item: Postbusstuk, verdict: Verdict): Promise<void> {
  const { store } = rooms;
  const { afzender: sender, bericht: message } = item;
  const { state, code, digest } = verdict;
  const said = store.replies
    .of(sender, message)
    .some((one) => one.copy === digest && one.state === state);
  const about = { sender, message, conversation: message };
  const reply = said ? undefined : await stateFact(rooms, { ...about, ...verdict });
  const at = rooms.clock.now();
  const kind = 'aflevering';
  await store.write(() => {
    const proof = { digest: digestOf(item.inhoud), kind, at, code, sender, message } as const;
    store.evidence.add(proof, item.inhoud);
    if (reply !== undefined) store.replies.add(reply.row, reply.jws);
    else store.replies.resend(sender, message, digest, state === 'onleesbaar');
  });
  rooms.rings.replies();
}
