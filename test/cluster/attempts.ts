/** How many offers each message needed until the router had it, as the sender's adapter tells. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Track } from '../../adapters/track.ts';
import type { Offered } from '../fault/count.ts';
import { SENDERS } from '../fault/reports.ts';
import { AGENCIES } from '../town/agencies.ts';
import type { Town } from '../town/town.ts';

export interface Attempts {
  /** Offers until it was accepted; infinite when it was refused; undefined when it is not known yet. */
  of(jti: string): number | undefined;
  stop(): Promise<void>;
}

const LOOK_MS = 800;

/** Looks often: offers that are made after the acceptance, to fetch receipts, must not be counted. */
export function watchAttempts(town: Town, offered: readonly Offered[]): Attempts {
  const known = new Map<string, number>();
  let stopped = false;
  const look = async ({ jti, sender }: Offered) => {
    const name = SENDERS.find((one) => AGENCIES[one].oin === sender) ?? 'politie';
    const { rest } = town.agencies[name];
    const answer = await rest.call('GET', `/v1/berichten/${jti}`).catch(() => undefined);
    if (answer?.status !== 200) return;
    const { staat, pogingen } = answer.body as Track;
    if (staat === 'geweigerd') known.set(jti, Number.POSITIVE_INFINITY);
    else if (staat !== 'ingediend') known.set(jti, pogingen);
  };
  const work = (async () => {
    while (!stopped) {
      const open = offered.filter(({ jti, acceptedAt }) => acceptedAt && !known.has(jti));
      for (let at = 0; at < open.length; at += 8)
        await Promise.all(open.slice(at, at + 8).map(look));
      await pause(LOOK_MS);
    }
  })();
  return {
    of: (jti) => known.get(jti),
    async stop() {
      stopped = true;
      await work;
    },
  };
}
