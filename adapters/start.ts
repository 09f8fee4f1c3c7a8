/** The adapter process: one or several agencies side by side, none able to see another. */
import { rmSync, writeFileSync } from 'node:fs';
import { type Clock, systemClock } from '../schemas/clock.ts';
import { type Agency, startAgency } from './agency.ts';
import type { AdapterConfig, AgencyConfig } from './config.ts';
import { openKeys } from './keys.ts';
import { createLog, type Log } from './log.ts';
import { Stack } from './stack.ts';

export interface Adapter {
  readonly agencies: readonly Agency[];
  /** Takes the keys into use that the configuration names now; what cannot be loaded changes nothing, and is logged. */
  reload(): Promise<boolean>;
  stop(): Promise<void>;
}

interface Around {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Where the configuration was read from, and how to read it anew when keys are replaced. */
  readonly file?: string;
  readonly reread?: () => Promise<AdapterConfig>;
}

/** @throws CommandError or Error that says what to mend; nothing is left running then */
export async function startAdapter(config: AdapterConfig, around: Around = {}): Promise<Adapter> {
  const { clock = systemClock, log = createLog(config.log.level) } = around;
  const stack = new Stack(log);
  const agencies: Agency[] = [];
  try {
    for (const one of config.agencies) {
      const agency = stack.add(await startAgency(one, { clock, log }), (it) => it.stop());
      tellAddress(one, agency, stack);
      agencies.push(agency);
    }
  } catch (cause) {
    await stack.stop();
    throw cause;
  }
  const keys = stack.add(openKeys({ config, agencies, log, ...around }), (one) => one.stop());
  return { agencies, reload: keys.reload, stop: () => stack.stop() };
}

/** Where the commands find the local API when the configuration leaves its port open. */
export const addressFile = ({ store }: AgencyConfig): string => `${store.path}.url`;

function tellAddress(config: AgencyConfig, { rest }: Agency, stack: Stack): void {
  if (rest === undefined) return;
  const file = stack.add(addressFile(config), (it) => rmSync(it, { force: true }));
  writeFileSync(file, `${rest}\n`, { mode: 0o600 });
}
