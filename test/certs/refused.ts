import * as assert from 'uvu/assert';
import { CommandError } from '../../schemas/command.ts';
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

/** Runs something that a user must mend. @returns what he is told: the message, and what to do next */
export async function told(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof CommandError) return `${error.message} → ${error.next}`;
    throw error;
  }
  return 'nothing was wrong';
}
