/** Puts the fake router behind a real door: HTTPS with client certificates, long poll and all. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { readCertificate } from '../../certs/certificate.ts';
import { readJws } from '../../certs/verify.ts';
import type { Ophaalverzoek } from '../../schemas/generated/wire.ts';
import { type Oin, toUrn } from '../../schemas/ids.ts';
import { toProblem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import type { TownKeys } from '../town/keys.ts';
import { FakeRouter } from './fake-router.ts';

export interface Fault {
  /** `cut`: the connection breaks before the request is looked at; `mute`: after it was done. */
  readonly how: 'cut' | 'mute' | 'answer';
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

interface Visit {
  readonly peer: Oin;
  /** The collection ticket that it shows. */
  readonly ticket: string;
  /** Whoever asked has hung up. */
  readonly gone: AbortSignal;
}

export class FakeDoor {
  readonly router: FakeRouter;
  readonly url: string;
  readonly requests: string[] = [];
  /** What agencies said of their clocks. */
  readonly statements: string[] = [];
  /** What the door says of anybody's subscriptions. */
  subscriptions: object[] = [];
  /** Asked at each request: a fault, or nothing. */
  fault: (method: string, path: string) => Fault | undefined = () => undefined;
  /** The router's clock, as the header `Date` tells it. */
  now: () => number = () => Date.now();
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  constructor(router: FakeRouter, server: Server, url: string) {
    this.router = router;
    this.#server = server;
    this.url = url;
    router.mail.onMail = () => {
      for (const wake of this.#waiting) wake();
    };
  }

  static async open(keys: TownKeys): Promise<FakeDoor> {
    const router = await FakeRouter.open(keys);
    const { roots, issuers } = keys.authority.trust;
    const ca = [...roots, ...issuers].map((file) => readFileSync(file, 'utf8'));
    const server = createServer({
      ...router.identity.tls,
      ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const door = new FakeDoor(router, server, `https://localhost:${port}`);
    server.on('request', (request, response) => void door.#serve(request, response));
    return door;
  }

  async close(): Promise<void> {
    for (const wake of this.#waiting) wake();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** Breaks every connection, as a network does. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    const fault = this.fault(method, url);
    if (fault?.how === 'cut') return void request.socket.destroy();
    try {
      const body = await readAll(request);
      if (fault?.how === 'answer') {
        this.#head(response, fault.status ?? 503, fault.headers ?? {});
        return void response.end(fault.body ?? '');
      }
      const { status, value } = await this.#answer(method, url, body, {
        peer: peerOf(request),
        ticket: (request.headers.authorization ?? '').replace('Bearer ', ''),
        gone: goneWith(response),
      });
      if (fault?.how === 'mute') return void request.socket.destroy();
      const type = status < 300 ? 'application/json' : 'application/problem+json';
      this.#head(response, status, { 'content-type': type });
      response.end(JSON.stringify(value));
    } catch (error) {
      const problem = toProblem(
        error instanceof Refusal ? error : new Refusal('temporarily-unavailable'),
      );
      this.#head(response, problem.status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify(problem));
    }
  }

  #head(response: ServerResponse, status: number, headers: Record<string, string>): void {
    const date = new Date(this.now()).toUTCString();
    response.writeHead(status, { date, ...headers });
  }

  async #answer(method: string, url: string, body: string, visit: Visit) {
    const { peer } = visit;
    const [path = ''] = url.split('?');
    const [, , collection, id = '', what] = path.split('/');
    const route = `${method} ${collection}${what ? `/${what}` : ''}`;
    switch (route) {
      case 'POST berichten': {
        const value = await this.router.submit(body, peer);
        return { status: 'status' in value ? value.status : 202, value };
      }
      case 'POST postbus/_ophalen':
        return {
          status: 200,
          value: await this.#collect(visit, id as Oin, JSON.parse(body) as Ophaalverzoek),
        };
      case 'POST ontvangstbewijzen':
        return this.#takeReceipt(peer, body);
      case 'POST klokken':
      case 'POST subscriptions':
        this.statements.push(body);
        return { status: 202, value: {} };
      case 'GET subscriptions':
        return { status: 200, value: this.subscriptions };
      case 'GET subscriptions/events':
        return { status: 200, value: this.router.mail.events(peer) };
      case 'GET berichten':
        checkTicket(visit);
        return { status: 200, value: this.router.status(id) };
      case 'GET berichten/ontvangstbewijzen':
        checkTicket(visit);
        return {
          status: 200,
          value: { ontvangstbewijzen: this.router.records.get(id)?.receipts ?? [] },
        };
      case `GET ontvangstbewijzen/${what ?? ''}`:
        checkTicket(visit);
        return {
          status: 200,
          value: { ontvangstbewijzen: this.router.history(peer, id, Number(what)) },
        };
      case 'GET organisaties/certificaten':
        return {
          status: 200,
          value: { oin: id, registratie: await this.router.registration(id as Oin) },
        };
      default:
        throw new Refusal('not-found');
    }
  }

  #takeReceipt(peer: Oin, jws: string) {
    const { aangenomen, code } = this.router.takeReceipt(peer, jws);
    if (aangenomen) return { status: 202, value: {} };
    const problem = toProblem(new Refusal(code ?? 'receipt-invalid'));
    return { status: problem.status, value: problem };
  }

  async #collect({ peer, gone }: Visit, mailbox: Oin, asked: Ophaalverzoek) {
    if (peer !== mailbox) throw new Refusal('ticket-invalid');
    const ticket = readJws(asked.bewijs, TYP.ticket).claims;
    if (ticket['postbus'] !== `urn:nld:oin:${mailbox}`) throw new Refusal('ticket-invalid');
    let answer = this.router.collect(mailbox, asked);
    const end = Date.now() + (asked.wachten ?? 0) * 1000;
    const { bewijs } = asked;
    while (
      answer.afleveringen.length +
        answer.ontvangstbewijzen.length +
        answer.uitslagen.length +
        (answer.alarmen ?? []).length +
        (answer.mededelingen ?? []).length ===
      0
    ) {
      if (Date.now() >= end || !this.#server.listening) break;
      await this.#mail(end - Date.now(), gone);
      if (gone.aborted) break;
      answer = this.router.collect(mailbox, { bewijs, maximum: asked.maximum ?? 10 });
    }
    return answer;
  }

  #mail(ms: number, gone: AbortSignal): Promise<void> {
    return new Promise((done) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        gone.removeEventListener('abort', wake);
        done();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
      gone.addEventListener('abort', wake, { once: true });
    });
  }
}

function goneWith(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return gone.signal;
}

/** @throws Refusal ticket-invalid, unless it is of whoever asks */
function checkTicket({ peer, ticket }: Visit): void {
  if (ticket === '') throw new Refusal('ticket-invalid');
  const { postbus, iss } = readJws(ticket, TYP.ticket).claims;
  if (postbus !== toUrn(peer) || iss !== postbus) throw new Refusal('ticket-invalid');
}

/** Who stands at the other end of each connection. */
const peers = new WeakMap<TLSSocket, Oin>();
function peerOf(request: IncomingMessage): Oin {
  const socket = request.socket as TLSSocket;
  const oin = peers.get(socket) ?? readCertificate(socket.getPeerCertificate().raw).oin;
  if (oin === undefined) throw new Refusal('not-authenticated');
  peers.set(socket, oin);
  return oin;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
