/**
 * Binds the routes to Fastify. In order, for each request: is the door open, is there a host, who
 * is it, is that within limits, is the form known; only then is a body taken in. Everything that
 * goes out passes reply.ts; Fastify's own words never do.
 */
import type { Server, ServerOptions } from 'node:https';
import { TLSSocket } from 'node:tls';
import { type FastifyInstance, fastify } from 'fastify';
import type { Clock } from '../../schemas/clock.ts';
import type { Metrics } from '../metrics.ts';
import { answerBrokenHttp, answerExpectation } from './broken-http.ts';
import type { Connections } from './connections.ts';
import { PUBLIC } from './headers.ts';
import type { Limits } from './limits.ts';
import { checkGiven, checkTaken } from './media.ts';
import { methodsOf, toPattern } from './paths.ts';
import type { Peers } from './peers.ts';
import { decline } from './problems.ts';
import { readQuery } from './query.ts';
import type { DoorReply, DoorRequest, Replies } from './reply.ts';
import { type AgencyRoute, type Call, type PublicRoute, ROOT, type Route } from './route.ts';
import type { Visit, Visits } from './visit.ts';

export interface ServerParts {
  readonly tls: ServerOptions;
  readonly routes: readonly Route[];
  readonly peers: Peers;
  readonly connections: Pick<Connections, 'prove'>;
  readonly limits: Limits;
  readonly bodyBytes: number;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly visits: Visits;
  readonly replies: Replies;
  /** Whether the door is closing: then nothing new is begun. */
  isClosing(): boolean;
}

/** A connection on which nothing moves for this long is dead; longer than any long poll. */
const SILENCE_MS = 120_000;
/** Names in the head of a request. A client of ours sends fewer than ten. */
const MOST_HEADERS = 100;

export function createServer(parts: ServerParts): FastifyInstance<Server> {
  const { replies, visits } = parts;
  const app = fastify<Server>({
    https: parts.tls,
    bodyLimit: parts.bodyBytes,
    connectionTimeout: SILENCE_MS,
    keepAliveTimeout: parts.tls.keepAliveTimeout ?? 0,
    requestTimeout: parts.tls.requestTimeout ?? 0,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => void replies.fail(error, request, reply),
    clientErrorHandler: (error, socket) => answerBrokenHttp(error, socket, parts),
  });
  app.server.on('checkExpectation', (_, response) => answerExpectation(response, parts));
  takeBytes(app, parts.routes);
  app.addHook('onRequest', async (request, reply) => {
    visits.of(request.raw, reply.raw);
    checkOpen(parts, request);
  });
  app.setErrorHandler((error, request, reply) => replies.fail(error, request, reply));
  app.setNotFoundHandler((request) => {
    const allowed = methodsOf(parts.routes, request.url);
    if (allowed.length === 0) throw decline('not-found', 'there is no such path');
    throw decline('method-not-allowed', undefined, { allow: allowed.join(', ') });
  });
  for (const route of parts.routes) addRoute(app, route, parts);
  return app;
}

/** Bodies stay bytes: each route reads its own, strictly. */
function takeBytes(app: FastifyInstance<Server>, routes: readonly Route[]): void {
  app.removeAllContentTypeParsers();
  const types = new Set(routes.flatMap(({ takes }) => takes ?? []));
  app.addContentTypeParser(
    [...types],
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => body,
  );
}

/** @throws Declined while the door closes, and for requests that no HTTP client makes */
function checkOpen({ isClosing }: ServerParts, { raw }: DoorRequest): void {
  if (isClosing()) throw decline('temporarily-unavailable', 'the door is closing');
  const close = { connection: 'close' };
  const names = raw.rawHeaders.filter((_, at) => at % 2 === 0);
  if (names.length > MOST_HEADERS) throw decline('headers-too-large', undefined, close);
  const hosts = names.filter((name) => name.toLowerCase() === 'host');
  if (hosts.length !== 1) throw decline('bad-request', 'there is not one Host', close);
}

function addRoute(app: FastifyInstance<Server>, route: Route, parts: ServerParts): void {
  app.route({
    method: route.method,
    url: toPattern(route.path),
    async onRequest(request, reply) {
      const visit = parts.visits.of(request.raw, reply.raw);
      visit.route = `${route.method} ${ROOT}${route.path}`;
      if (route.open === true) admitAnybody(parts, visit, request, reply);
      else await admitAgency(parts, route, visit, request);
      checkTaken(route, request.headers);
      checkGiven(route, request.headers);
    },
    async handler(request, reply) {
      const visit = parts.visits.of(request.raw, reply.raw);
      const given = await answer(parts, route, visit, request);
      return parts.replies.give(reply, given, route.gives);
    },
  });
}

function admitAnybody(
  { limits }: ServerParts,
  visit: Visit,
  { raw }: DoorRequest,
  reply: DoorReply,
): void {
  reply.headers(PUBLIC);
  visit.onLeave(limits.admit(raw.socket.remoteAddress ?? 'nowhere', 'other'));
}

async function admitAgency(
  { connections, limits, peers }: ServerParts,
  route: AgencyRoute,
  visit: Visit,
  { raw }: DoorRequest,
): Promise<void> {
  const { oin } = await peers.identify(tls(raw.socket));
  visit.peer = oin;
  connections.prove(raw.socket);
  visit.onLeave(limits.admit(oin, route.lane(raw.headers)));
}

function answer({ peers }: ServerParts, route: Route, visit: Visit, request: DoorRequest) {
  const call = callOf(route, request, visit);
  if (route.open === true) return answerAnybody(route, call);
  if (visit.peer === undefined) throw decline('not-authenticated');
  const confirm = async () => void (await peers.identify(tls(request.raw.socket)));
  return route.answer({ ...call, peer: visit.peer, confirm });
}

const answerAnybody = async (route: PublicRoute, call: Call) => route.answer(call);

const callOf = (
  route: Route,
  { params, headers, body, raw }: DoorRequest,
  { over }: Visit,
): Call => ({
  params: params as Call['params'],
  headers,
  query: readQuery(route.query, raw.url ?? ''),
  body: body instanceof Uint8Array ? body : new Uint8Array(),
  gone: over,
});

function tls(socket: unknown): TLSSocket {
  if (socket instanceof TLSSocket) return socket;
  throw decline('not-authenticated');
}
