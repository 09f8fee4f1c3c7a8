/**
 * Keys that are placed while the adapter runs: loaded anew by SIGHUP, or because a file changed. Each
 * agency takes its own; one that cannot load keeps what it has, and says so.
 */
import { watchKeys } from '../certs/key-watch.ts';
import { filesOf } from '../certs/live-identity.ts';
import type { Agency } from './agency.ts';
import type { AdapterConfig } from './config.ts';
import type { Log } from './log.ts';

interface Parts {
  readonly config: AdapterConfig;
  readonly agencies: readonly Agency[];
  readonly log: Log;
  /** Reads the configuration anew; without it the paths stay, and only the files may change. */
  readonly reread?: () => Promise<AdapterConfig>;
  /** The configuration itself, to be looked at too. */
  readonly file?: string;
}

export interface Keys {
  /** @returns whether the keys are those that the configuration names now */
  reload(): Promise<boolean>;
  stop(): void;
}

export function openKeys({ config, agencies, log, reread, file }: Parts): Keys {
  let current = config;
  let turn = Promise.resolve(true);
  const told = new Map<string, string>();
  const one = async (next: AdapterConfig, { oin, reload }: Agency) => {
    const own = next.agencies.find(({ identity }) => identity.oin === oin);
    try {
      if (own !== undefined) await reload(own);
      told.delete(oin);
      return true;
    } catch (error) {
      const reason = reasonOf(error);
      // It is tried again and again: once told is enough.
      if (told.get(oin) !== reason) {
        log.error({ oin, reason }, 'keys not loaded anew: the old ones stay in use');
      }
      told.set(oin, reason);
      return false;
    }
  };
  const reload = () => {
    turn = turn.then(async () => {
      try {
        current = (await reread?.()) ?? current;
        const done = await Promise.all(agencies.map((agency) => one(current, agency)));
        return done.every(Boolean);
      } catch (error) {
        log.error(
          { reason: reasonOf(error) },
          'configuration not read anew: keys stay as they are',
        );
        return false;
      }
    });
    return turn;
  };
  const files = () => [
    ...(file === undefined ? [] : [file]),
    ...current.agencies.flatMap(({ identity }) => filesOf(identity)),
  ];
  return { reload, stop: watchKeys({ files, reload }) };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
