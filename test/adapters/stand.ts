/** A stand for tests: keys, a fake door, and adapters of the town's agencies on folders of their own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agency, startAgency } from '../../adapters/agency.ts';
import type { AgencyConfig } from '../../adapters/config.ts';
import { createLog } from '../../adapters/log.ts';
import { openAuthority } from '../../certs/authority/authority.ts';
import type { TrustStore } from '../../certs/truststore.ts';
import { projectFolder } from '../../project.ts';
import type { CommandContext } from '../../schemas/command.ts';
import { AGENCIES, type AgencyName, OPERATOR, REGISTRAR } from '../town/agencies.ts';
import { copyKeys, type TownKeys } from '../town/keys.ts';
import { until } from '../town/wait.ts';
import { FakeDoor } from './fake-door.ts';

/** A clock that can be put forward and back. */
export class MovableClock {
  offset = 0;
  now = (): number => Date.now() + this.offset;
  move(seconds: number): void {
    this.offset += seconds * 1000;
  }
}

/** In which a test runs a command of people: what it tells on the way is not looked at. */
export const quiet: CommandContext = {
  progress: () => undefined,
  line: () => undefined,
  signal: new AbortController().signal,
};

/** Where commands of people find the local API of an adapter. */
export interface Where {
  readonly url: string;
  readonly tokenFile: string;
}

export interface Stand {
  readonly folder: string;
  readonly keys: TownKeys;
  readonly door: FakeDoor;
  readonly clock: MovableClock;
  /** Every line that adapters logged. */
  readonly log: string[];
  config(name: AgencyName, more?: Partial<AgencyConfig>): AgencyConfig;
  start(name: AgencyName, more?: Partial<AgencyConfig>): Promise<Agency>;
  /** Lists of revoked certificates as they are by the clock, taken in by all that runs. */
  freshLists(): Promise<void>;
  /** Stops what runs, and removes the folder. */
  close(): Promise<void>;
}

export async function openStand(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-adapters-'));
  const keys = await copyKeys(join(folder, 'certs'), 'ec', () => undefined);
  const door = await FakeDoor.open(keys);
  const clock = new MovableClock();
  door.now = clock.now;
  const log: string[] = [];
  const running: Agency[] = [];
  const logger = createLog('debug', { write: (line) => void log.push(line) });
  const config = (name: AgencyName, more: Partial<AgencyConfig> = {}): AgencyConfig => {
    const { oin } = AGENCIES[name];
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    return {
      identity: keys.identity(oin),
      trust: { ...keys.authority.trust, crlRefreshSeconds: 60 },
      registrar: {
        oin: REGISTRAR.oin,
        certificates: keys.certificates(REGISTRAR.oin, 'authenticiteit'),
      },
      router: { url: door.url, oin: OPERATOR.oin, waitSeconds: 20 },
      store: { path: join(own, 'adapter.db'), keyFile: join(own, 'store.key') },
      ...more,
    };
  };
  return {
    folder,
    keys,
    door,
    clock,
    log,
    config,
    start: async (name, more) => {
      const agency = await startAgency(config(name, more), { clock, log: logger });
      running.push(agency);
      return agency;
    },
    freshLists: async () => {
      const authority = await openAuthority(keys.authority.dir, { clock });
      await authority.writeCrls();
      const trusts = running.map(({ rooms }) => rooms.trust as TrustStore);
      await Promise.all(trusts.map((trust) => trust.revocations.refresh()));
    },
    close: async () => {
      await Promise.all(running.map((agency) => agency.stop()));
      await door.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The body of a sample message. */
export function sample(type: string, name: string): Record<string, unknown> {
  const file = join(projectFolder(), 'schemas', 'messages', 'samples', type, `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

/** A report that the police sends to VT. */
export const report = (more: object = {}): Record<string, unknown> => ({
  berichttype: 'vt-melding',
  aan: [AGENCIES.vt.oin],
  grondslag: 'wpg-18.1',
  prio: 'spoed',
  inhoud: sample('vt-melding', 'heusden-spoed'),
  ...more,
});

export { until };
