/** The one way out: what is given and what is declined leave with the same headers, as JSON. */
import type { Server } from 'node:https';
import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import type { Problem } from '../../schemas/problem.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { ALWAYS } from './headers.ts';
import { toDeclined } from './problems.ts';
import { type Given, JSON_TYPE, PROBLEM_TYPE } from './route.ts';
import type { Visit, Visits } from './visit.ts';

export type DoorRequest = FastifyRequest<RouteGenericInterface, Server>;
export type DoorReply = FastifyReply<RouteGenericInterface, Server>;

export interface Replies {
  give(reply: DoorReply, given: Given, type?: string): DoorReply;
  /** Says any error as a problem; a fault of ours is logged and counted. */
  fail(error: unknown, request: DoorRequest, reply: DoorReply): DoorReply;
}

interface Parts {
  readonly visits: Visits;
  readonly metrics: Metrics;
  readonly log: Log;
  isClosing(): boolean;
}

export function createReplies({ visits, metrics, log, isClosing }: Parts): Replies {
  function give(reply: DoorReply, { status, body, headers }: Given, type = JSON_TYPE) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    if (isClosing()) reply.header('connection', 'close');
    return reply
      .code(status)
      .headers({ ...ALWAYS, ...headers })
      .type(type)
      .send(text);
  }
  return {
    give,
    fail(error, request, reply) {
      const visit = visits.of(request.raw, reply.raw);
      const { declined, fault } = toDeclined(error);
      if (fault) {
        log.error({ err: error, req: visit.id, route: visit.route }, 'fault');
        metrics.countFault('door');
      }
      const { problem, headers, by } = declined;
      if (by === 'door') metrics.countRefusal(problem.code);
      const body = mark(problem, visit);
      keepReading(request, reply, problem.status);
      return give(reply, { status: statusOf(problem), body, headers }, PROBLEM_TYPE);
    },
  };
}

/** Ties the problem to the line in the log. */
function mark(problem: Problem, visit: Visit): Problem {
  visit.code = problem.code;
  return { ...problem, instance: problem.instance ?? `urn:uuid:${visit.id}` };
}

const statusOf = ({ status }: Problem): number => (status >= 400 && status < 600 ? status : 503);

/** So much of a body that was declined is read and thrown away, so that its sender hears why. */
const READ_ON = 16_000_000;

/**
 * Fastify closes the connection when it refuses a body, and a client that is still sending would
 * see a reset instead of the answer, and would try again for ever.
 */
function keepReading(request: DoorRequest, reply: DoorReply, status: number): void {
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (status === 413 && length <= READ_ON) reply.removeHeader('connection');
}
