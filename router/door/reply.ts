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
      const given = { status: statusOf(problem), body: mark(problem, visit) };
      if (!isBodyOnItsWay(request)) return give(reply, { ...given, headers }, PROBLEM_TYPE);
      reply.removeHeader('connection');
      const { connection: _, ...rest } = headers;
      return give(reply, { ...given, headers: rest }, PROBLEM_TYPE);
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
 * Whether the client may still be sending. If the connection were closed on it, as Fastify does
 * when it refuses a body, it would see a reset instead of the answer, and try again for ever.
 */
function isBodyOnItsWay({ headers }: DoorRequest): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return length > 0 && length <= READ_ON;
}
