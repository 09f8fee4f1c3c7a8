/** One agency's endpoint: its connections and its two lanes, from the entry of the register until that changes. */

import { BadEndpoint, readTarget, type Target } from '../../../certs/reach/target.ts';
import { PRIOS } from '../../bus/subjects.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { Endpoint } from '../../push/endpoint.ts';
import type { Inquiries } from '../inquiries.ts';
import type { Notices } from '../notices.ts';
import type { Caller } from './connect.ts';
import { Lane } from './lane.ts';
import { openMouth } from './post.ts';
import type { Schedule } from './schedule.ts';

export interface Around {
  readonly caller: Caller;
  readonly inquiries: Pick<Inquiries, 'ask'>;
  readonly notices: Notices;
  readonly atOnce: number;
  readonly timeoutMs: number;
  readonly schedule: Schedule;
  readonly metrics: Metrics;
  readonly log: Log;
  now(): number;
  /** One of them is gone. */
  onGone(): void;
}

export interface Bringing {
  /** The endpoint said so: it stays stopped until the pipeline knows it. */
  readonly gone: boolean;
  stop(): Promise<void>;
}

export function startBringing(around: Around, endpoint: Endpoint): Bringing {
  const target = targetOf(around, endpoint);
  if (target === undefined) return { gone: false, stop: async () => undefined };
  const { oin, houders, intern } = endpoint;
  const { caller, timeoutMs, now } = around;
  const mouth = openMouth({
    ...{ caller, postbus: oin, timeoutMs, now, connections: PRIOS.length * around.atOnce },
    call: { target, inside: intern, holders: houders },
  });
  let ended: Promise<void> | undefined;
  const stop = () => {
    ended ??= Promise.all(lanes.map((lane) => lane.stop())).then(() => mouth.close());
    return ended;
  };
  let gone = false;
  const onGone = () => {
    gone = true;
    void stop();
    around.onGone();
  };
  const lanes = PRIOS.map(
    (prio) =>
      new Lane({ ...around, postbus: oin, prio, mouth, onGone, watch: around.notices.watch(oin) }),
  );
  return {
    get gone() {
      return gone;
    },
    stop,
  };
}

/** The registrar's tool has refused it already: an entry may be older than that. */
function targetOf({ log }: Around, { oin, url, intern }: Endpoint): Target | undefined {
  try {
    return readTarget(url, intern);
  } catch (error) {
    if (!(error instanceof BadEndpoint)) throw error;
    log.warn({ postbus: oin, why: error.message }, 'nothing is brought to this endpoint');
    return undefined;
  }
}
