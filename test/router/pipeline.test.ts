/**
 * The order of the stages is in their types. Nothing runs here: this file compiles only while every
 * line that is marked as wrong does not.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Journey } from '../../router/journey.ts';
import { pipeline } from '../../router/pipeline.ts';
import type { Rooms } from '../../router/rooms.ts';
import { authorise } from '../../router/stages/authorise.ts';
import { dispatch } from '../../router/stages/dispatch.ts';
import { receive } from '../../router/stages/receive.ts';
import { resolve } from '../../router/stages/resolve.ts';
import { seal } from '../../router/stages/seal.ts';
import { validate } from '../../router/stages/validate.ts';
import { verify } from '../../router/stages/verify.ts';

export async function inOrder(rooms: Rooms, journey: Journey): Promise<void> {
  const received = await receive(rooms, journey);
  const verified = await verify(rooms, received);
  const validated = validate(rooms, verified);
  const authorised = await authorise(rooms, validated);
  const addressed = await resolve(rooms, authorised);
  const sealed = await seal(rooms, addressed);
  await dispatch(rooms, sealed);

  // @ts-expect-error verify left out
  validate(rooms, received);
  // @ts-expect-error validate left out
  await authorise(rooms, verified);
  // @ts-expect-error authorise left out
  await resolve(rooms, validated);
  // @ts-expect-error resolve left out
  await seal(rooms, authorised);
  // @ts-expect-error seal left out
  await dispatch(rooms, addressed);
  // @ts-expect-error validate and authorise swapped
  validate(rooms, authorised);
  // @ts-expect-error a stage twice
  await authorise(rooms, authorised);
  // @ts-expect-error facts that no stage left
  await dispatch(rooms, { ...sealed, copies: [] } as Pick<
    typeof sealed,
    keyof typeof sealed & string
  >);
}

test('the table of contents has seven stages', () => {
  const stages = [...`${pipeline}`.matchAll(/await stage\('(\w+)'/g)].map(([, name]) => name);
  assert.equal(stages, [
    ...['receive', 'verify', 'validate', 'authorise', 'resolve', 'seal', 'dispatch'],
  ]);
});

test.run();
