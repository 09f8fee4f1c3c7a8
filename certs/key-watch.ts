/**
 * Notices that keys were placed: looks at files and configuration at an interval, and has them loaded
 * anew when one changed. Looking is cheap and works on every file system; what must go faster is told
 * by SIGHUP.
 */
import { stat } from 'node:fs/promises';

export interface WatchOptions {
  /** The files to look at, asked anew each time. */
  files(): readonly string[];
  /** Loads anew. What goes wrong is for it to tell. @returns false to be called again at the next look */
  reload(): Promise<boolean>;
  readonly everyMs?: number;
}

const EVERY_MS = 15_000;

/** @returns how to stop */
export function watchKeys({ files, reload, everyMs = EVERY_MS }: WatchOptions): () => void {
  let seen: string | undefined;
  let busy = false;
  const look = async () => {
    if (busy) return;
    busy = true;
    try {
      const now = await stateOf(files());
      if (seen === undefined || seen === now || (await reload())) seen = now;
    } finally {
      busy = false;
    }
  };
  const tryLook = () => void look().catch(() => undefined);
  tryLook();
  const timer = setInterval(tryLook, everyMs).unref();
  return () => clearInterval(timer);
}

async function stateOf(files: readonly string[]): Promise<string> {
  const states = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ ino, mtimeMs, size }) => `${ino}/${mtimeMs}/${size}`,
        () => 'gone',
      ),
    ),
  );
  return states.join(' ');
}
