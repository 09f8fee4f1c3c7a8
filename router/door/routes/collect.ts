/**
 * POST /v1/postbus/{oin}/_ophalen: takes receipts for what was collected before, gives what is new,
 * and waits for it when there is nothing yet. Receipts, and what the ticket says was seen, count with the first question.
 */
import type { Ophaalantwoord, Ophaalverzoek } from '../../../schemas/generated/wire.ts';
import type { Oin } from '../../../schemas/ids.ts';
import type { Watch } from '../notices.ts';
import { readBody, readOin } from '../parameters.ts';
import type { DoorRooms } from '../rooms.ts';
import { type AgencyCall, type AgencyRoute, JSON_TYPE } from '../route.ts';

/** A notice is not stored and may be lost, and a lease may end: look again after this long. */
const LOOK_AGAIN_MS = 15_000;
/** A timer may ring this much too early. */
const TIMER_SLACK_MS = 2;

export const collect = (rooms: DoorRooms): AgencyRoute => ({
  method: 'POST',
  path: '/postbus/{oin}/_ophalen',
  takes: JSON_TYPE,
  lane: () => 'poll',
  async answer(call) {
    const postbus = readOin(call.params['oin']);
    const verzoek = readBody('ophaalverzoek', call.body);
    const watch = rooms.notices.watch(postbus);
    try {
      return { status: 200, body: await poll(rooms, call, postbus, verzoek, watch) };
    } finally {
      watch.close();
    }
  },
});

async function poll(
  { inquiries, notices }: DoorRooms,
  call: AgencyCall,
  postbus: Oin,
  verzoek: Ophaalverzoek,
  watch: Watch,
): Promise<Ophaalantwoord> {
  const { peer, gone } = call;
  const until = performance.now() + (verzoek.wachten ?? 0) * 1000;
  const { ontvangstbewijzen: _given, ...again } = verzoek;
  let answer = await inquiries.ask('collect', { peer, postbus, verzoek });
  gone.addEventListener('abort', watch.close, { once: true });
  while (isEmpty(answer) && !gone.aborted && !notices.draining) {
    const left = until - performance.now();
    if (left <= TIMER_SLACK_MS) break;
    await watch.next(Math.min(left, LOOK_AGAIN_MS));
    if (gone.aborted || notices.draining || performance.now() >= until - TIMER_SLACK_MS) break;
    await call.confirm();
    answer = await inquiries.ask('collect', { peer, postbus, verzoek: again, vervolg: true });
  }
  return answer;
}

/** The fate of an offered receipt is news too, and is not held back. */
const isEmpty = ({ afleveringen, ontvangstbewijzen, uitslagen, meer, ...words }: Ophaalantwoord) =>
  [afleveringen, ontvangstbewijzen, uitslagen, words.alarmen, words.mededelingen].every(
    (all = []) => all.length === 0,
  ) && !meer;
