/**
 * What happens to a message on its way out. Once: compose → sign → keep. Then, as often as it takes:
 * seal → submit → weigh → record; and when it had been offered before, inquire.
 */
import { isDeepStrictEqual } from 'node:util';
import { sign } from '../certs/sign.ts';
import { readJws } from '../certs/verify.ts';
import { CODES } from '../schemas/codes.ts';
import type { Bericht } from '../schemas/generated/wire.ts';
import type { Uuid7 } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';
import { noteClosing } from './events/note-closing.ts';
import { numbered } from './events/number.ts';
import { inquire } from './inquire.ts';
import { kindOf } from './log.ts';
import type { Rooms } from './rooms.ts';
import { compose } from './send/compose.ts';
import type { Draft } from './send/draft.ts';
import { keep } from './send/keep.ts';
import { record } from './send/record.ts';
import { seal } from './send/seal.ts';
import { type Verdict, weigh } from './send/weigh.ts';
import type { OutboxRow } from './store/outbox.ts';

/** What was signed so far in the router's future is not offered yet; it refuses a minute. */
const MOST_EARLY_MS = 30_000;

export interface Posted {
  readonly bericht: Uuid7;
  readonly conversatie: Uuid7;
  readonly staat: 'ingediend';
}

/**
 * Takes a message in. When this resolves the message is signed and on the disk, and will be offered.
 * @param file the name of the file that it was taken up from
 * @throws Refusal with every fault, or id-reused
 */
export async function post(rooms: Rooms, draft: unknown, file?: string): Promise<Posted> {
  const { jti } = Object(draft) as Partial<Draft>;
  // Before it is judged by the clock: what was in time when it was handed in is not late now.
  if (typeof jti === 'string' && rooms.store.outbox.get(jti)) return postAgain(rooms, draft, jti);
  const claims = compose(rooms, draft);
  const isNew = await numbered(rooms, claims, async (final, also) => {
    const jws = await sign(final, TYP.message, rooms.identity.signing);
    return keep(rooms, { claims: final, jws, ...(file !== undefined && { file }) }, () => {
      noteClosing(rooms.store, final, rooms.clock.now());
      also?.();
    });
  });
  if (!isNew) return postAgain(rooms, draft, claims.jti);
  rooms.rings.outbox();
  return { bericht: claims.jti, conversatie: claims.conversatie, staat: 'ingediend' };
}

/** The same id and the same content get the same answer. */
function postAgain(rooms: Rooms, draft: unknown, jti: Uuid7): Posted {
  const jws = rooms.store.outbox.content(jti)?.jws ?? '';
  const first = readJws(jws, TYP.message).claims as unknown as Bericht;
  const again = compose(rooms, draft, settled(first, Object(draft)));
  if (!isDeepStrictEqual(first, JSON.parse(JSON.stringify(again)))) throw new Refusal('id-reused');
  return { bericht: jti, conversatie: first.conversatie, staat: 'ingediend' };
}

/** What the adapter filled in the first time, and the draft leaves open. */
function settled(first: Bericht, draft: Partial<Draft>): Partial<Bericht> {
  const { iat, exp, conversatie, versie, aud } = first;
  return {
    iat,
    ...(draft.geldigTot === undefined && { exp }),
    ...(draft.conversatie === undefined && { conversatie }),
    ...(draft.versie === undefined && { versie }),
    ...(draft.aan === undefined && aud && { aud }),
    ...withNumberOf(first, draft),
  };
}

/** The number of an event, which is ours to give. */
function withNumberOf({ inhoud: first }: Bericht, { inhoud }: Partial<Draft>): Partial<Bericht> {
  const { sequence, sequencetype } = first as Record<string, unknown>;
  if (sequence === undefined || inhoud === undefined || 'sequence' in inhoud) return {};
  return { inhoud: { ...inhoud, sequence, sequencetype } };
}

/** Offers a kept message to the router once. Whatever comes of it is written down. */
export async function offer(rooms: Rooms, row: OutboxRow): Promise<Verdict> {
  const { jti } = row;
  const verdict = await attempt(rooms, row);
  await record(rooms, jti, verdict);
  // It has been there before: what came of that may have been lost on the way back.
  const again = verdict.kind === 'accepted' ? verdict.again : row.attempts > 0;
  if (verdict.kind !== 'later' && again) await recover(rooms, jti);
  return verdict;
}

async function attempt(rooms: Rooms, row: OutboxRow): Promise<Verdict> {
  try {
    const early = await howEarly(rooms, row);
    // Our clock was ahead when it was signed: the router would refuse it for good, and later will not.
    // Or the router's was behind, and is set right before that: it is asked again at the usual times.
    if (early > MOST_EARLY_MS)
      return { kind: 'later', code: 'stale', afterMs: 0, withinMs: Math.ceil(early) };
    const submission = await seal(rooms, row);
    const answer = await rooms.door.submit(submission.jwe, row.prio);
    return await weigh(rooms, submission, answer);
  } catch (error) {
    // What time alone does not mend is for somebody to look at.
    const lasting = error instanceof Refusal && !CODES[error.code].retry;
    rooms.log[lasting ? 'warn' : 'info']({ bericht: row.jti, ...kindOf(error) }, 'offer failed');
    const code = error instanceof Refusal ? error.code : 'temporarily-unavailable';
    return { kind: 'later', code, afterMs: 0 };
  }
}

/** How far in the router's future a message was signed, in milliseconds; asked when that is in doubt. */
async function howEarly({ door, router }: Rooms, { issued }: OutboxRow): Promise<number> {
  const early = () => door.times.map((time) => issued * 1000 - time);
  const isSure = door.times.length > 0 && early().every((by) => by <= MOST_EARLY_MS);
  if (!isSure) await door.registration(router);
  return Math.min(...early());
}

/** Fetches the receipts that may have been lost since. The next offer, or question, will try again. */
async function recover(rooms: Rooms, jti: Uuid7): Promise<void> {
  await inquire(rooms, jti).catch((error: unknown) =>
    rooms.log.info({ bericht: jti, ...kindOf(error) }, 'the router could not be asked'),
  );
}
