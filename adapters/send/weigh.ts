/** Judges what the router answered to a submission: only what it signed is final. */
import { CODES, type Code, isCode } from '../../schemas/codes.ts';
import type { Inzending } from '../../schemas/generated/wire.ts';
import type { Problem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { confirm } from '../confirm.ts';
import type { Answer } from '../door.ts';
import { kindOf } from '../log.ts';
import type { Rooms } from '../rooms.ts';
import type { Submission } from './seal.ts';

export type Verdict =
  | { readonly kind: 'accepted'; readonly again: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | {
      readonly kind: 'later';
      readonly code: Code;
      readonly afterMs: number;
      /** The usual wait is not longer than this. */
      readonly withinMs?: number;
    };

/**
 * Codes that speak of the connection, the lane or the key that was sealed for, not of the message:
 * whoever stands between could have caused them, even where the router signed the refusal. The
 * message is kept and offered again when that has been mended.
 */
const NOT_ABOUT_THE_MESSAGE: ReadonlySet<Code> = new Set<Code>([
  'not-authenticated',
  'not-found',
  'too-many-requests',
  'bad-request',
  'issuer-mismatch',
  'decryption-failed',
]);

export async function weigh(
  rooms: Rooms,
  submission: Submission,
  answer: Answer<Inzending>,
): Promise<Verdict> {
  return answer.ok
    ? await weighAcceptance(rooms, submission, answer.value)
    : await weighProblem(rooms, submission, answer.problem, answer.retryAfterMs);
}

/** Without a good receipt a 202 is worth nothing: the message is offered again. */
async function weighAcceptance(
  rooms: Rooms,
  { row }: Submission,
  { ontvangstbewijs, herhaald }: Inzending,
): Promise<Verdict> {
  const receipt = await confirm(rooms, ontvangstbewijs, { mailed: false });
  const good = receipt.counted && receipt.state === 'aanvaard' && receipt.message === row.jti;
  if (good) return { kind: 'accepted', again: herhaald };
  return { kind: 'later', code: 'receipt-invalid', afterMs: 0 };
}

async function weighProblem(
  rooms: Rooms,
  submission: Submission,
  problem: Problem,
  afterMs: number,
): Promise<Verdict> {
  const code: Code = isCode(problem.code) ? problem.code : 'temporarily-unavailable';
  if (code === 'decryption-failed') rooms.directory.forget(rooms.router);
  if (CODES[code].retry || NOT_ABOUT_THE_MESSAGE.has(code)) return { kind: 'later', code, afterMs };
  if (await isSigned(rooms, submission, problem)) return { kind: 'refused', problem };
  return { kind: 'later', code, afterMs };
}

async function isSigned(rooms: Rooms, submission: Submission, problem: Problem): Promise<boolean> {
  if (problem.ontvangstbewijs === undefined) return false;
  try {
    const receipt = await confirm(rooms, problem.ontvangstbewijs, { mailed: false, submission });
    return receipt.counted && receipt.state === 'geweigerd';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    rooms.log.warn(
      { bericht: submission.row.jti, ...kindOf(error) },
      'refusal without good receipt',
    );
    return false;
  }
}
