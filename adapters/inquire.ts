/**
 * Asks the router what it knows of a message of ours. Its word alone moves nothing: receipts that
 * may have been missed are fetched, and verified as any other. So nothing is lost for good that
 * somebody else took out of our mailbox.
 */
import type { Uuid7 } from '../schemas/ids.ts';
import { type State, standing } from '../schemas/states.ts';
import type { RouterStatus } from './answer.ts';
import { askOwn } from './ask-own.ts';
import { confirm } from './confirm.ts';
import { kindOf } from './log.ts';
import type { Rooms } from './rooms.ts';
import type { Recipient } from './store/outbox.ts';

/**
 * `behind`: the router has lost the message, or knows less of it than we do. `same`: it knows what we
 * know. `news`: it knew more, and its receipts were taken.
 */
export type Finding = 'news' | 'same' | 'behind';

/** @throws when the router cannot be asked now */
export async function inquire(rooms: Rooms, jti: Uuid7): Promise<Finding> {
  const answer = await askOwn(rooms, (ticket) => rooms.door.status(jti, ticket));
  const ours = rooms.store.outbox.recipients(jti);
  if (!answer.ok) {
    if (answer.problem.code === 'not-found') return ours.length > 0 ? 'behind' : 'same';
    throw new Error(`the router does not say: ${answer.problem.code}`);
  }
  if (!hasNews(answer.value, ours)) return isBehind(answer.value, ours) ? 'behind' : 'same';
  await fetchReceipts(rooms, jti);
  return 'news';
}

/** It knows recipients whom we do not, or of a copy what is further along. */
const hasNews = ({ copies }: RouterStatus, ours: readonly Recipient[]): boolean =>
  [...copies].some(([oin, theirs]) => {
    const known = ours.find((one) => one.oin === oin);
    return known === undefined || isFurther(theirs, known.state);
  });

const isBehind = ({ copies }: RouterStatus, ours: readonly Recipient[]): boolean =>
  ours.some(({ oin, state }) => isFurther(state, copies.get(oin) ?? null));

const isFurther = (one: State | null, than: State | null): boolean =>
  one !== null && one !== than && (than === null || standing([one, than]) === one);

async function fetchReceipts(rooms: Rooms, jti: Uuid7): Promise<void> {
  const answer = await askOwn(rooms, (ticket) => rooms.door.receipts(jti, ticket));
  if (!answer.ok) return;
  for (const jws of answer.value) {
    await confirm(rooms, jws, { mailed: false }).catch((error: unknown) =>
      rooms.log.info({ bericht: jti, ...kindOf(error) }, 'recovered receipt not taken'),
    );
  }
}
