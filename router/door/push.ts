/**
 * Brings what waits for agencies to the endpoints that the register names, over mutual TLS. It runs
 * where the network is faced, and sees ciphertext only: the pipeline decides what may be taken, and
 * whether what the endpoint answers counts (router/push.ts).
 */
import { lookup } from 'node:dns/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Oin } from '../../schemas/ids.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Endpoint } from '../push/endpoint.ts';
import type { Inquiries } from './inquiries.ts';
import type { Notices } from './notices.ts';
import { openPeers } from './peers.ts';
import { type Around, type Bringing, startBringing } from './push/bringing.ts';
import type { Caller, Lookup } from './push/connect.ts';
import { SCHEDULE, type Schedule } from './push/schedule.ts';
import type { PushSettings } from './settings.ts';

export interface PushParts {
  readonly settings: PushSettings;
  readonly tls: Caller['tls'];
  readonly authorities: readonly string[];
  readonly inquiries: Pick<Inquiries, 'ask'>;
  readonly notices: Notices;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: { now(): number };
  /** Tests have their own. */
  readonly lookup?: Lookup;
  readonly schedule?: Schedule;
  readonly lookMs?: number;
  /** Monotonic milliseconds, by which a certificate is believed for some seconds. */
  readonly timer?: { now(): number };
}

export interface Pushes {
  /** Shows another certificate: connections are made anew. */
  renew(tls: Caller['tls']): void;
  stop(): Promise<void>;
}

/** How often the register is asked for endpoints. */
const LOOK_MS = 10_000;

export function openPushes(parts: PushParts): Pushes {
  const running = new Map<Oin, { endpoint: Endpoint; bringing: Bringing }>();
  const ending = new Set<Promise<void>>();
  let { tls } = parts;
  let stopped = false;
  const end = (oin: Oin): void => {
    const one = running.get(oin)?.bringing.stop();
    running.delete(oin);
    if (one !== undefined) ending.add(one.finally(() => ending.delete(one)));
  };
  const look = async (): Promise<void> => {
    for (const [oin, { bringing }] of [...running]) {
      if (!bringing.gone) continue;
      await parts.inquiries.ask('gone', { postbus: oin });
      end(oin);
    }
    const { bezorgadressen } = await parts.inquiries.ask('endpoints', {});
    if (stopped) return;
    const wanted = new Map(bezorgadressen.map((one) => [one.oin, one]));
    for (const [oin, { endpoint }] of running) {
      if (!isDeepStrictEqual(endpoint, wanted.get(oin))) end(oin);
    }
    for (const [oin, endpoint] of wanted) {
      if (running.has(oin)) continue;
      running.set(oin, {
        endpoint,
        bringing: startBringing(aroundOf(parts, tls, onGone), endpoint),
      });
    }
  };
  const onGone = () => looking.now();
  const looking = repeat(look, parts.lookMs ?? LOOK_MS, parts.log);
  return {
    renew(next) {
      tls = next;
      for (const oin of [...running.keys()]) end(oin);
      looking.now();
    },
    async stop() {
      stopped = true;
      looking.stop();
      for (const oin of [...running.keys()]) end(oin);
      await Promise.all(ending);
    },
  };
}

const all: Lookup = (host) => lookup(host, { all: true, verbatim: true });

function aroundOf(parts: PushParts, tls: Caller['tls'], onGone: () => void): Around {
  const { settings, authorities, inquiries, notices, metrics, log, clock } = parts;
  const caller = {
    ...{ tls, authorities, lookup: parts.lookup ?? all },
    ...{ peers: openPeers(inquiries, parts.timer), timeoutMs: settings.connectSeconds * 1000 },
  };
  return {
    ...{ caller, inquiries, notices, metrics, log, onGone },
    ...{ atOnce: settings.atOnce, timeoutMs: settings.answerSeconds * 1000 },
    ...{ schedule: parts.schedule ?? SCHEDULE, now: () => clock.now() },
  };
}

/** Does the work now and again and again, never twice at once. */
function repeat(work: () => Promise<void>, everyMs: number, log: Log) {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let turn = Promise.resolve();
  const go = (): void => {
    clearTimeout(timer);
    turn = turn
      .then(work)
      // No pipeline answers yet: it is asked again.
      .catch((err: unknown) => log.debug({ err }, 'endpoints are not known'))
      .then(() => {
        clearTimeout(timer);
        if (!stopped) timer = setTimeout(go, everyMs).unref();
      });
  };
  go();
  return {
    now: go,
    /** Waits for nothing: an answer that comes yet changes nothing. */
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
