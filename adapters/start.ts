/** The adapter process: one or several agencies side by side, none able to see another. */
import { rmSync, writeFileSync } from 'node:fs';
import { type Clock, systemClock } from '../schemas/clock.ts';
import { type Agency, startAgency } from './agency.ts';
import type { AdapterConfig, AgencyConfig } from './config.ts';
import { createLog, type Log } from './log.ts';
import { Stack } from './stack.ts';

export interface Adapter {
  readonly agencies: readonly Agency[];
  stop(): Promise<void>;
}

/** @throws CommandError or Error that says what to mend; nothing is left running then */
export async function startAdapter(
  config: AdapterConfig,
  around: { readonly clock?: Clock; readonly log?: Log } = {},
): Promise<Adapter> {
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
  return { agencies, stop: () => stack.stop() };
}

/** Where the commands find the local API when the configuration leaves its port open. */
export const addressFile = ({ store }: AgencyConfig): string => `${store.path}.url`;

function tellAddress(config: AgencyConfig, { rest }: Agency, stack: Stack): void {
  if (rest === undefined) return;
  const file = stack.add(addressFile(config), (it) => rmSync(it, { force: true }));
  writeFileSync(file, `${rest}\n`, { mode: 0o600 });
}
