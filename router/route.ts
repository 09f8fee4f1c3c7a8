/**
 * Takes one submission off the bus and gives its answer: the pipeline's result, or what stands in its
 * stead. A refusal is expected and receipted; a repeat is answered with what was answered before;
 * anything else is a fault of ours.
 */
import type { Oin } from '../schemas/ids.ts';
import { toProblem } from '../schemas/problem.ts';
import { Refusal } from '../schemas/refusal.ts';
import type { Prio } from './bus/subjects.ts';
import { park } from './deadletters/park.ts';
import { FAULTS_TO_PARK, kindOfFault, pileOf } from './deadletters/piles.ts';
import { Journey } from './journey.ts';
import { pipeline } from './pipeline.ts';
import type { RouteAnswer } from './questions.ts';
import { refuse } from './refuse.ts';
import { repeat } from './repeat.ts';
import type { Rooms } from './rooms.ts';
import { Deadly, Overtaken, Repeat } from './verdicts.ts';

export interface Offered {
  readonly jwe: Uint8Array;
  /** Who the door says has brought it. */
  readonly peer: Oin;
  readonly prio: Prio;
  /** Whether an operator offers it again. */
  readonly redriven?: boolean;
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
    await outlived(rooms, journey);
    say(rooms, journey, repeated ? 'repeated' : 'accepted');
    const value = { bericht: message.jti, staat: 'aanvaard', ontvangstbewijs: receipt } as const;
    return { ok: true, value: { ...value, ontvangers: [...recipients], herhaald: repeated } };
  } catch (error) {
    if (error instanceof Repeat) {
      await outlived(rooms, journey);
      say(rooms, journey, 'repeated');
      return repeat(rooms, error);
    }
    if (!(error instanceof Refusal)) throw error;
    const problem = await refuse(rooms, journey, error);
    if (!error.retry) await outlived(rooms, journey);
    rooms.metrics.countRefusal(error.code);
    say(rooms, journey, 'refused', error.code);
    return { ok: false, problem };
  }
}

/** It has its verdict: no pipeline dies of it any more, and nobody need remember that one did. */
const outlived = ({ underWork }: Rooms, { key }: Journey): Promise<void> =>
  underWork.forget(key).catch(() => undefined);

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

/** Logged without content; when it has happened often enough it is put aside with its story. */
async function fault(rooms: Rooms, journey: Journey, error: unknown): Promise<RouteAnswer> {
  const { message, peer, prio, stage } = journey;
  rooms.metrics.countMessage(prio, 'fault');
  rooms.metrics.countFault(stage);
  const { pile, attempts } = judge(rooms, journey, error);
  const about = { peer, sender: message?.sender, message: message?.jti, stage, attempts };
  rooms.log.error({ err: error, ...about }, 'message failed');
  if (pile !== undefined) {
    const cause = error instanceof Error ? error.name : 'unknown';
    await park(rooms, journey, { pile, cause, attempts }).catch((err) =>
      rooms.log.error({ err, ...about }, 'parking failed'),
    );
  }
  return { ok: false, problem: toProblem(new Refusal('temporarily-unavailable')) };
}

/** Whether it is put aside now, and on which pile (deadletters/piles.ts). */
function judge({ faults }: Rooms, { key, stage }: Journey, error: unknown) {
  if (error instanceof Deadly) return { pile: 'poison', attempts: error.deaths } as const;
  const kinds = faults.add(key, kindOfFault(error, stage));
  const attempts = kinds.length;
  return { attempts, pile: attempts === FAULTS_TO_PARK ? pileOf(kinds) : undefined };
}
