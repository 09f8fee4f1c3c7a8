/**
 * The table of contents of Ketenpost: the path of one message, seven stages in order. Each takes
 * what the one before left, and its type says so: leave one out or swap two and this does not
 * compile. Why the order is as it is: docs/path.md.
 */
import type { Journey, StageName } from './journey.ts';
import type { Rooms } from './rooms.ts';
import { authorise } from './stages/authorise.ts';
import { type Dispatched, dispatch } from './stages/dispatch.ts';
import { receive } from './stages/receive.ts';
import { resolve } from './stages/resolve.ts';
import { seal } from './stages/seal.ts';
import { validate } from './stages/validate.ts';
import { verify } from './stages/verify.ts';

/**
 * @throws Refusal when a stage says no, Repeat when the id has its verdict already, Overtaken when
 * another process got ahead with the same id; anything else is a fault
 */
export async function pipeline(rooms: Rooms, journey: Journey): Promise<Dispatched> {
  const stage = walk(rooms, journey);
  const received = await stage('receive', receive, journey);
  const verified = await stage('verify', verify, received);
  const validated = await stage('validate', validate, verified);
  const authorised = await stage('authorise', authorise, validated);
  const addressed = await stage('resolve', resolve, authorised);
  const sealed = await stage('seal', seal, addressed);
  return await stage('dispatch', dispatch, sealed);
}

/** Runs stages: notes that the journey reached each, and how long it took. */
function walk(rooms: Rooms, journey: Journey) {
  return async <From, To>(
    name: StageName,
    stage: (rooms: Rooms, from: From) => To | Promise<To>,
    from: NoInfer<From>,
  ): Promise<To> => {
    journey.stage = name;
    const started = performance.now();
    try {
      return await stage(rooms, from);
    } finally {
      rooms.metrics.observeStage(name, (performance.now() - started) / 1000);
    }
  };
}
