/** One request from its first to its last byte: what is known of it, and what is logged and counted when it is over. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../schemas/clock.ts';
import { newUuid7, type Oin, type Uuid7 } from '../../schemas/ids.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { readTrace, readTransaction } from './headers.ts';

export interface Visit {
  /** Names the request in the log and, as `instance`, in a problem. */
  readonly id: Uuid7;
  /** Method and pattern, never the address itself. */
  route: string;
  peer: Oin | undefined;
  code: string | undefined;
  /** Aborted when the answer is out, or the client gone. */
  readonly over: AbortSignal;
  /** Calls this when the visit is over; at once when it is over already. */
  onLeave(work: () => void): void;
}

export interface Visits {
  /** The visit that this request is; begun at the first call. */
  of(request: IncomingMessage, response: ServerResponse): Visit;
}

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function openVisits(parts: Parts): Visits {
  const visits = new WeakMap<IncomingMessage, Visit>();
  return {
    of(request, response) {
      const known = visits.get(request);
      if (known !== undefined) return known;
      const visit = begin(parts, request, response);
      visits.set(request, visit);
      return visit;
    },
  };
}

/** Without a reason every abort would make an error with a stack. */
const OVER = 'the visit is over';

function begin({ clock, log, metrics }: Parts, request: IncomingMessage, response: ServerResponse) {
  const from = performance.now();
  const leaving: (() => void)[] = [];
  const over = new AbortController();
  const visit: Visit = {
    id: newUuid7(clock.now()),
    route: 'unknown',
    peer: undefined,
    code: undefined,
    over: over.signal,
    onLeave: (work) => {
      if (over.signal.aborted) work();
      else leaving.push(work);
    },
  };
  response.once('close', () => {
    const seconds = (performance.now() - from) / 1000;
    over.abort(OVER);
    for (const work of leaving) work();
    metrics.observeRequest(visit.route, response.statusCode, seconds);
    log.info(line(visit, request, response, seconds), 'request');
  });
  return visit;
}

/** What the log keeps of a request. No address, no header but the two that tie traces together. */
function line(visit: Visit, request: IncomingMessage, response: ServerResponse, seconds: number) {
  return {
    req: visit.id,
    route: visit.route,
    status: response.statusCode,
    ms: Math.round(seconds * 1000),
    peer: visit.peer,
    code: visit.code,
    gone: response.writableFinished ? undefined : true,
    trace: readTrace(request.headers['traceparent'])?.split('-')[1],
    fsc: readTransaction(request.headers['fsc-transaction-id']),
  };
}
