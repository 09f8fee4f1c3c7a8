/** One process has a store: a lock that the operating system lets go when the process ends, however it ends. */
import Libsql from 'libsql';
import { CommandError } from '../../schemas/command.ts';

export interface Lock {
  release(): void;
}

/** @throws CommandError when another process has the store */
export function lockStore(path: string): Lock {
  const held = new Libsql(`${path}.lock`);
  try {
    held.exec('BEGIN EXCLUSIVE');
  } catch {
    held.close();
    throw new CommandError('usage', `another process has the store ${path}`, 'stop that one first');
  }
  return {
    release: () => {
      held.exec('ROLLBACK');
      held.close();
    },
  };
}
