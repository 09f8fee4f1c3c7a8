/**
 * Keys that are placed while the router runs: loaded anew by SIGHUP, or because a file changed. Each
 * part takes its own; one that cannot load keeps what it has, and says so.
 */

import { watchKeys } from '../certs/key-watch.ts';
import { filesOf, type KeyChange } from '../certs/live-identity.ts';
import type { RouterConfig } from './config.ts';
import type { Log } from './log.ts';

interface Parts {
  readonly config: RouterConfig;
  readonly parts: readonly { reload(config: RouterConfig): Promise<KeyChange | undefined> }[];
  readonly log: Log;
  /** Reads the configuration anew; without it the paths stay, and only the files may change. */
  readonly reread?: () => Promise<RouterConfig>;
  /** The configuration itself, to be looked at too. */
  readonly file?: string;
}

export interface Keys {
  /** @returns whether the keys are those that the configuration names now */
  reload(): Promise<boolean>;
  stop(): void;
}

export function openKeys({ config, parts, log, reread, file }: Parts): Keys {
  let current = config;
  let turn = Promise.resolve(true);
  let told = '';
  const reload = () => {
    turn = turn.then(async () => {
      try {
        const next = (await reread?.()) ?? current;
        for (const part of parts) tell(await part.reload(next));
        current = next;
        told = '';
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown';
        // It is tried again and again: once told is enough.
        if (reason !== told)
          log.error({ reason }, 'keys not loaded anew: the old ones stay in use');
        told = reason;
        return false;
      }
    });
    return turn;
  };
  const tell = (change: KeyChange | undefined) => {
    if (change !== undefined && change.added.length + change.removed.length > 0)
      log.info({ ...change }, 'keys loaded anew');
  };
  const files = () => [...(file === undefined ? [] : [file]), ...filesOf(current.identity)];
  return { reload, stop: watchKeys({ files, reload }) };
}
