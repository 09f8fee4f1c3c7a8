/**
 * Gives other agencies how a case of ours stands, when an event of ours pointed them here: HTTPS with
 * mutual TLS, one path, GET alone. Whose chain does not end at a pinned certificate gets no answer at all.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import type { TlsIdentity } from '../../certs/keystore.ts';
import { STRONG_TLS } from '../../certs/reach/strong-tls.ts';
import { cannotListen } from '../../schemas/command.ts';
import { PATTERNS, type Uuid } from '../../schemas/ids.ts';
import { toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { kindOf } from '../log.ts';
import type { Rooms } from '../rooms.ts';
import { keepRoom } from './crowd.ts';
import { type Denial, disclose, record } from './disclose.ts';
import { Visits } from './visits.ts';

export interface DataDoorConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity;
  /** The root and issuing certificates, PEM. */
  readonly ca: readonly string[];
}

export interface DataDoor {
  readonly url: string;
  /** Shows another certificate from the next connection on. */
  renew(tls: TlsIdentity): void;
  stop(): Promise<void>;
}

/** What stands before it is that of the address in the register. */
const PATH = new RegExp(`^(?:/[A-Za-z0-9._~-]+)*/v1/zaken/(${PATTERNS.uuid.slice(1, -1)})$`);
const CONNECTIONS = 200;
const LIMITS = {
  ...{ handshakeTimeout: 5_000, headersTimeout: 5_000, requestTimeout: 10_000 },
  // Node looks at these only so often: by itself every thirty seconds.
  ...{ connectionsCheckingInterval: 1_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
};

export async function openDataDoor(rooms: Rooms, config: DataDoorConfig): Promise<DataDoor> {
  const { host, port, tls, ca } = config;
  const options = {
    ...{ ...STRONG_TLS, honorCipherOrder: true, ALPNProtocols: ['http/1.1'], ca: [...ca] },
    ...{ requestCert: true, rejectUnauthorized: true },
  };
  const server = createServer({ ...options, ...tls, ...LIMITS });
  server.maxConnections = CONNECTIONS;
  keepRoom(server);
  const visits = new Visits();
  server.on('request', (request, response) => void answer(rooms, visits, request, response));
  await listen(server, host, port).catch(cannotListen('gegevens.port'));
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    renew: (next) => server.setSecureContext({ ...options, ...next }),
    stop: () => stop(server),
  };
}

async function answer(
  rooms: Rooms,
  visits: Visits,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Nobody has anything to say here but what is asked for.
  request.resume();
  try {
    const zaak = readPath(request);
    const body = await ask(rooms, visits, certificateOf(request), zaak);
    say(response, 200, 'application/json', body);
  } catch (error) {
    if (!(error instanceof Refusal)) rooms.log.error(kindOf(error), 'a case could not be given');
    const refusal = error instanceof Refusal ? error : new Refusal('temporarily-unavailable');
    const problem = toProblem(refusal);
    if (problem.opnieuwNa !== undefined) response.setHeader('retry-after', problem.opnieuwNa);
    if (problem.status === 405) response.setHeader('allow', 'GET');
    say(response, problem.status, 'application/problem+json', JSON.stringify(problem));
  }
}

async function ask(
  rooms: Rooms,
  visits: Visits,
  certificate: Certificate,
  zaak: Uuid,
): Promise<string> {
  const now = rooms.clock.now();
  const visit = visits.enter(certificate.x5t, now);
  if (visit === 'first') await record(rooms, certificate, zaak, { outcome: 'te-vaak' });
  if (visit !== 'welcome') throw toRefusal('te-vaak');
  const disclosed = await disclose(rooms, certificate, zaak);
  if (disclosed.given) return disclosed.body;
  if (disclosed.why === 'certificaat') visits.charge(certificate.x5t, now);
  throw toRefusal(disclosed.why);
}

/** Who may not know is told the same, whether there is such a case or not. */
function toRefusal(why: Denial): Refusal {
  if (why === 'te-vaak') return new Refusal('too-many-requests', undefined, [], 'adapter', 60);
  if (why === 'niet-te-beoordelen') {
    return new Refusal('temporarily-unavailable', 'it cannot be judged now', [], 'adapter', 60);
  }
  const isStranger = why === 'certificaat' || why === 'geschorst';
  return new Refusal(isStranger ? 'not-authenticated' : 'not-found', undefined, [], 'adapter');
}

/** @throws Refusal not-found, method-not-allowed */
function readPath({ method, url = '' }: IncomingMessage): Uuid {
  const [, zaak] = PATH.exec(url) ?? [];
  if (zaak === undefined) throw new Refusal('not-found', undefined, [], 'adapter');
  if (method !== 'GET') throw new Refusal('method-not-allowed', undefined, [], 'adapter');
  return zaak as Uuid;
}

function certificateOf({ socket }: IncomingMessage): Certificate {
  const shown = (socket as TLSSocket).getPeerX509Certificate();
  if (shown === undefined) throw new Refusal('not-authenticated', undefined, [], 'adapter');
  return readCertificate(shown.raw);
}

function say(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
  });
  response.end(body);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      done();
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
