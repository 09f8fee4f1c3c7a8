/**
 * A steady stream of reports by several senders, as their systems hand them in: each with an id of
 * its own, handed in again under that id until the adapter has answered 202.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { newUuid7 } from '../../schemas/ids.ts';
import type { AdapterClient, Answer } from '../town/adapter-client.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import type { Offered } from './count.ts';
import { type Letter, letter } from './reports.ts';

export interface Load {
  readonly offered: readonly Offered[];
  /** Answers 503 and the like: the system was told to come back. */
  readonly turnedAway: () => number;
  /** A system hands in again, under the same ids, what its adapter took since then. */
  again(from: AgencyName, since: number): void;
  /** Hands in nothing new. Resolves when everything has its answer, or `seconds` have passed. */
  end(seconds: number): Promise<void>;
}

export interface LoadOptions {
  readonly perSecond: number;
  /** The adapters of each agency; with several, a message keeps to one. */
  readonly clients: Readonly<Record<AgencyName, readonly AdapterClient[]>>;
  /** Stands in the number of each report, so that two runs never have the same. */
  readonly run: string;
}

const AGAIN_MS = 300;
/** A system does not wait for ever either; what it was not told it asks again. */
const PATIENCE_MS = 15_000;

export function startLoad({ perSecond, clients, run }: LoadOptions): Load {
  const offered: Offered[] = [];
  const letters = new Map<string, Letter>();
  const underWay = new Set<Promise<void>>();
  let [turn, turnedAway, over, given] = [0, 0, false, false];

  const handIn = async ({ from, message }: Letter, one: Offered): Promise<void> => {
    const client = clients[from][offered.length % clients[from].length];
    if (client === undefined) throw new Error(`${from} has no adapter`);
    while (one.acceptedAt === undefined && !given) {
      const answer = await ask(client, { ...message, jti: one.jti });
      if (answer?.status === 202) one.acceptedAt = performance.now();
      else if (answer !== undefined && isFinal(answer)) return;
      else {
        if (answer !== undefined) turnedAway += 1;
        await pause(AGAIN_MS);
      }
    }
  };
  const offer = () => {
    const report = `PROEF-${run}-${turn}`;
    const chosen = letter(turn++, report);
    const one: Offered = {
      ...{ report, jti: newUuid7(Date.now()), sender: AGENCIES[chosen.from].oin, to: chosen.to },
      offeredAt: performance.now(),
    };
    offered.push(one);
    letters.set(one.jti, chosen);
    begin(chosen, one);
  };
  const begin = (chosen: Letter, one: Offered) => {
    const work = handIn(chosen, one).finally(() => underWay.delete(work));
    underWay.add(work);
  };
  const timer = setInterval(() => {
    if (!over) offer();
  }, 1000 / perSecond);

  return {
    offered,
    turnedAway: () => turnedAway,
    again(from, since) {
      const { oin } = AGENCIES[from];
      for (const one of offered) {
        const { acceptedAt, jti, sender } = one;
        const chosen = letters.get(jti);
        if (sender !== oin || acceptedAt === undefined || acceptedAt < since) continue;
        delete one.acceptedAt;
        if (chosen !== undefined) begin(chosen, one);
      }
    },
    async end(seconds) {
      over = true;
      clearInterval(timer);
      const late = pause(seconds * 1000, undefined, { ref: false });
      await Promise.race([Promise.all(underWay), late]);
      given = true;
    },
  };
}

/** @returns nothing when the adapter could not be reached or broke the connection */
async function ask(client: AdapterClient, draft: object): Promise<Answer | undefined> {
  const late = pause(PATIENCE_MS, undefined, { ref: false });
  try {
    return await Promise.race([client.call('POST', '/v1/berichten', draft), late]);
  } catch {
    return undefined;
  }
}

/** What handing in again would not mend. */
const isFinal = ({ status }: Answer): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
