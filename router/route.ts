/**
 * Takes one submission off the bus and gives its answer: the pipeline's result, or what stands in its
 * stead. A refusal is expected and receipted; a repeat is answered with what was answered before;
 * anything else is a fault of ours.
 */
import type { Oin } from '../schemas/ids.ts';
import { toProblem } from '../schemas/problem.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { Prio } from './bus/subjects.ts';
import { FAULTS_TO_PARK } from './faultcounts.ts';
import { Journey } from './journey.ts';
import { pipeline } from './pipeline.ts';
import type { RouteAnswer } from './questions.ts';
import { refuse } from './refuse.ts';
import { repeat } from './repeat.ts';
import type { Rooms } from './rooms.ts';
import { Overtaken, Repeat } from './verdicts.ts';

export interface Offered {
  readonly jwe: Uint8Array;
  /** Who the door says has brought it. */
  readonly peer: Oin;
  readonly prio: Prio;
}

const ATTEMPTS = 3;

/** Never throws: whatever befalls, the door is told. */
export async function route(rooms: Rooms, offered: Offered): Promise<RouteAnswer> {
  rooms.metrics.moveMessages(1);
  try {
    for (let attempt = 1; ; attempt++) {
      const answer = await travel(rooms, new Journey(offered), attempt < ATTEMPTS);
      if (answer !== 'again') return answer;
    }
  } finally {
    rooms.metrics.moveMessages(-1);
  }
}

async function travel(
  rooms: Rooms,
  journey: Journey,
  mayStartOver: boolean,
): Promise<RouteAnswer | 'again'> {
  try {
    return await outcome(rooms, journey);
  } catch (error) {
    if (error instanceof Overtaken && mayStartOver) return 'again';
    return await fault(rooms, journey, error);
  } finally {
    journey.end();
  }
}

async function outcome(rooms: Rooms, journey: Journey): Promise<RouteAnswer> {
  try {
    const { message, recipients, receipt, repeated } = await pipeline(rooms, journey);
    rooms.faults.forget(journey.key);
    say(rooms, journey, repeated ? 'repeated' : 'accepted');
    const value = { bericht: message.jti, staat: 'aanvaard', ontvangstbewijs: receipt } as const;
    return { ok: true, value: { ...value, ontvangers: [...recipients], herhaald: repeated } };
  } catch (error) {
    if (error instanceof Repeat) {
      say(rooms, journey, 'repeated');
      return repeat(rooms, error);
    }
    if (!(error instanceof Refusal)) throw error;
    const problem = await refuse(rooms, journey, error);
    rooms.metrics.countRefusal(error.code);
    say(rooms, journey, 'refused', error.code);
    return { ok: false, problem };
  }
}

/** One line for each message, by its ids. */
function say(
  { metrics, log }: Rooms,
  { message, peer, prio, stage }: Journey,
  verdict: 'accepted' | 'repeated' | 'refused',
  code?: string,
): void {
  metrics.countMessage(prio, verdict);
  const about = { peer, sender: message?.sender, message: message?.jti, prio };
  log.info({ ...about, verdict, ...(code !== undefined && { stage, code }) }, 'message');
}

/** Logged without content; the third time for one message it is put aside with its story. */
async function fault(rooms: Rooms, journey: Journey, error: unknown): Promise<RouteAnswer> {
  const { message, peer, prio, stage, jwe } = journey;
  rooms.metrics.countMessage(prio, 'fault');
  rooms.metrics.countFault(stage);
  const attempts = rooms.faults.add(journey.key);
  const about = { peer, sender: message?.sender, message: message?.jti, stage, attempts };
  rooms.log.error({ err: error, ...about }, 'message failed');
  if (attempts === FAULTS_TO_PARK) {
    const cause = error instanceof Error ? error.name : 'unknown';
    const story = {
      sender: message?.sender,
      jti: message?.jti,
      peer,
      prio,
      stage,
      cause,
      attempts,
    };
    await rooms.deadletters
      .park({ pile: 'ours', ...story }, jwe)
      .catch((err) => rooms.log.error({ err, ...about }, 'parking failed'));
  }
  return { ok: false, problem: toProblem(new Refusal('temporarily-unavailable')) };
}
