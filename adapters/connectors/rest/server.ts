/** Serves the local API of one agency: bearer token, strict JSON in, problem+json when it says no. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { TlsIdentity } from '../../../certs/keystore.ts';
import { cannotListen } from '../../../schemas/command.ts';
import { toFaults } from '../../../schemas/faults.ts';
import { toProblem } from '../../../schemas/problem.ts';
import { readJson } from '../../../schemas/read.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { MESSAGE_BYTES } from '../../../schemas/size.ts';
import { createValidator } from '../../../schemas/validate.ts';
import { kindOf } from '../../log.ts';
import type { Rooms } from '../../rooms.ts';
import { ALARMS } from './alarms.ts';
import { CONDITION } from './condition.ts';
import { CONSULTATIONS } from './consultations.ts';
import { DESTRUCTIONS } from './destructions.ts';
import { DISCLOSURES } from './disclosures.ts';
import { EVENTS } from './events.ts';
import { EVIDENCE } from './evidence.ts';
import { HANDOVERS } from './handovers.ts';
import { MISSING } from './missing.ts';
import { API_VERSION, openApi } from './openapi.ts';
import { RADAR } from './radar.ts';
import { RECEIVED } from './received.ts';
import { RETENTION } from './retention.ts';
import type { Route } from './route.ts';
import { SENT } from './sent.ts';
import { STANDS } from './stands.ts';
import { SUBSCRIPTIONS } from './subscriptions.ts';
import { TERM_ROUTES } from './terms.ts';
import { THREADS } from './threads.ts';
import { bearerCheck } from './token.ts';
import { TYPES } from './types.ts';

export const ROUTES: readonly Route[] = [
  ...[...SENT, ...RECEIVED, ...ALARMS, ...TERM_ROUTES, ...THREADS, ...RADAR, ...HANDOVERS],
  ...[...CONSULTATIONS, ...SUBSCRIPTIONS, ...STANDS, ...DISCLOSURES, ...EVENTS],
  ...[...DESTRUCTIONS, ...EVIDENCE, ...MISSING, ...RETENTION, ...CONDITION, ...TYPES],
];

export interface RestConfig {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly tls?: TlsIdentity;
}

export interface Rest {
  readonly url: string;
  stop(): Promise<void>;
}

/** A message of the greatest size, spelled widely. */
const BODY_LIMIT = 4 * MESSAGE_BYTES;
/** How long an answer under way may take when the adapter is to stop. */
const PATIENCE_MS = 5_000;
const OPEN_PATHS: ReadonlySet<string> = new Set(['/v1/openapi.json', '/healthz']);

export async function startRest(rooms: Rooms, config: RestConfig): Promise<Rest> {
  const server = create(config, rooms);
  guard(server, config.token);
  explain(server, rooms);
  for (const route of ROUTES) add(server, rooms, route);
  const address = await server
    .listen({ host: config.host, port: config.port })
    .catch(cannotListen('rest.port'));
  const document = openApi(ROUTES, address);
  documentRoute.set(server, document);
  return { url: address, stop: () => stop(server) };
}

/** A connection on which nothing was asked yet does not count as idle: it would be waited for. */
async function stop(server: FastifyInstance): Promise<void> {
  const hangUp = setTimeout(() => server.server.closeAllConnections(), PATIENCE_MS);
  await server.close();
  clearTimeout(hangUp);
}

/** The document names the address, which is known only when the server listens. */
const documentRoute = new WeakMap<FastifyInstance, object>();

function create({ tls }: RestConfig, { store }: Rooms): FastifyInstance {
  const options = {
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  } as const;
  const server = (
    tls === undefined
      ? Fastify(options)
      : Fastify({ ...options, https: { ...tls, minVersion: 'TLSv1.2' } })
  ) as FastifyInstance;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: unknown, body: Buffer) => readJson(body),
  );
  server.get('/v1/openapi.json', async () => documentRoute.get(server) ?? {});
  server.get('/healthz', async (_, reply) => {
    const { full } = store.space;
    return reply.status(full ? 503 : 200).send({ status: full ? 'storage-full' : 'ok' });
  });
  return server;
}

function guard(server: FastifyInstance, token: string): void {
  const isGood = bearerCheck(token);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'api-version': API_VERSION,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const [path = ''] = request.url.split('?');
    if (OPEN_PATHS.has(path) || isGood(request.headers.authorization)) return;
    reply.header('www-authenticate', 'Bearer');
    throw new Refusal('token-invalid');
  });
}

/** Turns whatever was thrown into a problem; what is a fault of ours is logged without its text. */
function explain(server: FastifyInstance, { log, oin }: Rooms): void {
  server.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const methods = methodsOf(path);
    if (methods.length === 0) throw new Refusal('not-found', undefined, [], 'adapter');
    reply.header('allow', methods.join(', '));
    throw new Refusal('method-not-allowed', undefined, [], 'adapter');
  });
  server.setErrorHandler((error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
    const refusal = toRefusal(error);
    if (refusal === undefined) log.error({ oin, ...kindOf(error) }, 'request failed');
    const problem = toProblem(refusal ?? new Refusal('temporarily-unavailable'));
    return reply.status(problem.status).type('application/problem+json').send(problem);
  });
}

const OPEN_ROUTES = [...OPEN_PATHS].map((path) => ({ method: 'GET', path }));

/** The methods that a path takes. */
const methodsOf = (path: string): string[] =>
  [...ROUTES, ...OPEN_ROUTES].filter((one) => fits(one.path, path)).map(({ method }) => method);

function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith('{') ? given[at] !== '' : part === given[at]))
  );
}

function toRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const { statusCode } = error as { statusCode?: unknown };
  if (statusCode === 413) return new Refusal('too-large', undefined, [], 'adapter');
  if (statusCode === 415) return new Refusal('unsupported-media-type', undefined, [], 'adapter');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Refusal('bad-request', undefined, [], 'adapter');
  }
  return undefined;
}

function add(server: FastifyInstance, rooms: Rooms, route: Route): void {
  const check = route.body && !route.checksItself ? bodyCheck(route.body) : undefined;
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: async (request, reply) => {
      check?.(request.body);
      const { status, body } = await route.handle(rooms, {
        path: request.params as Record<string, string>,
        query: readQuery(request.query, route),
        body: request.body,
        medewerker: readName(request.headers['ketenpost-medewerker']),
      });
      return reply.status(status).send(body);
    },
  });
}

/** One for all routes and agencies: each validator of its own costs half a megabyte. */
const validator = createValidator();

/** @returns throws Refusal schema-invalid with every fault */
function bodyCheck(schema: object): (body: unknown) => void {
  const validate = validator.compile(schema);
  const names = new Set(Object.keys((schema as { properties?: object }).properties ?? {}));
  return (body) => {
    if (validate(body)) return;
    throw new Refusal('schema-invalid', undefined, toFaults(validate.errors ?? [], '', names));
  };
}

/** One that the route does not take would be a slip that changes nothing; one twice, a list where one value is meant. */
function readQuery(query: unknown, { query: taken = [] }: Route): Record<string, string> {
  const found = Object.entries(Object(query));
  const names = taken.map(({ name }) => name);
  if (found.some(([name]) => !names.includes(name))) {
    const takes = names.length === 0 ? 'takes nothing' : `takes ${names.join(', ')}`;
    throw new Refusal('bad-request', `this route ${takes} after ? in the address`);
  }
  if (found.every((one): one is [string, string] => typeof one[1] === 'string')) {
    return Object.fromEntries(found);
  }
  throw new Refusal('bad-request', 'a parameter stands twice in the address');
}

/** Header values are Latin-1: a name with other letters comes percent-encoded. */
function readName(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  try {
    return decodeURIComponent(header).slice(0, 200);
  } catch {
    throw new Refusal('bad-request', 'Ketenpost-Medewerker is not percent-encoded UTF-8');
  }
}
