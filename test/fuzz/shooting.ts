/** The process that is shot at, from outside: how it is, and what it answered. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TargetPlace, TargetState } from './target.ts';

export interface Target {
  readonly place: TargetPlace;
  /** @throws Error when it is no longer there */
  state(): Promise<TargetState>;
  stop(): Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const program = join(dirname(fileURLToPath(import.meta.url)), 'target.js');
  const child = spawn(process.execPath, ['--enable-source-maps', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = new Promise<never>((_, fail) =>
    child.once('exit', (code) => fail(new Error(`the router ended with ${code}`))),
  );
  gone.catch(() => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const hear = async <T>(): Promise<T> => {
    const { value } = await Promise.race([lines.next(), gone]);
    return JSON.parse(String(value)) as T;
  };
  const place = await hear<TargetPlace>();
  return {
    place,
    async state() {
      child.stdin.write('how are you\n');
      return hear<TargetState>();
    },
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.stdin.write('stop\n');
      await ended;
    },
  };
}
