import * as assert from 'uvu/assert';
import { Refusal } from '../../schemas/refusal.ts';

/** Runs something that must be refused. @returns the code of the refusal */
export async function refusedWith(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  assert.unreachable('was not refused');
  return '';
}
