/** An agency with a web address: its endpoint on real TLS, before it a real door, pipeline and broker. */
import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { loadTls, type TlsIdentity } from '../../../certs/keystore.ts';
import type { Lookup } from '../../../router/door/push/connect.ts';
import type { Schedule } from '../../../router/door/push/schedule.ts';
import { readAuthorities } from '../../../router/door/tls.ts';
import { type Door, openDoor } from '../../../router/door.ts';
import { openLog } from '../../../router/log.ts';
import { createMetrics, type Metrics } from '../../../router/metrics.ts';
import type { Draft } from '../../../router/registry/agency-file.ts';
import { bodySchema, messageTypes } from '../../../schemas/validate.ts';
import { AGENCIES, type AgencyName, OPERATOR } from '../../town/agencies.ts';
import { noteOf } from '../../town/note-of.ts';
import { until } from '../../town/wait.ts';
import { settingsOf } from '../door/stand.ts';
import { changing, type House, type HouseOptions, openHouse } from '../house.ts';
import type { Player } from '../player.ts';

/** What came in at an endpoint. */
export interface Brought {
  readonly key: string;
  readonly kind: string;
  readonly type: string;
  readonly prio: string;
  readonly path: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Whose certificate the caller showed. */
  readonly peer: string | undefined;
  /** Milliseconds since the process began. */
  readonly at: number;
}

export interface Said {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export type Manner = (brought: Brought, earlier: readonly Brought[]) => Said | Promise<Said>;

export interface EndpointOf {
  readonly port: number;
  readonly brought: Brought[];
  manner: Manner;
  close(): Promise<void>;
}

/** Short waits: what the real ones are is tried in schedule.test.ts. */
export const QUICK: Schedule = {
  waits: [200, 300, 400],
  slow: 600,
  pause: { spoed: 300, normaal: 300 },
  urgent: 10_000,
  look: 300,
  soon: 100,
};

export interface Street {
  readonly house: House;
  readonly metrics: Metrics;
  readonly log: Record<string, unknown>[];
  readonly authorities: readonly string[];
  /** Names that lead where a test says; others lead where the machine says. */
  readonly names: Map<string, () => readonly string[]>;
  /** How often a name was looked up. */
  readonly looked: string[];
  endpoint(of: AgencyName, manner?: Manner, shown?: TlsIdentity): Promise<EndpointOf>;
  /** Opens a door, and what there was before stays open. */
  door(schedule?: Schedule, push?: object): Promise<Door>;
  /** Lets the registrar write down where to bring. */
  bringTo(of: AgencyName, bezorgadres: Draft['bezorgadres'] | undefined): Promise<void>;
  count(outcome: string): Promise<number>;
  close(): Promise<void>;
}

export async function openStreet(options: HouseOptions = {}): Promise<Street> {
  const house = await openHouse({ leaseMs: 600, ...options });
  const { roots, issuers } = house.keys.authority.trust;
  const authorities = await readAuthorities([...roots, ...issuers]);
  const metrics = createMetrics();
  const log: Record<string, unknown>[] = [];
  const names = new Map<string, () => readonly string[]>();
  const looked: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  const lookup: Lookup = async (host) => {
    looked.push(host);
    const to = names.get(host)?.() ?? ['127.0.0.1'];
    return to.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  /** How often a door asked for endpoints. */
  const looks = async () =>
    Number(/ask_seconds_count\{question="endpoints"\} (\d+)/.exec(await metrics.text())?.[1] ?? 0);
  return {
    ...{ house, metrics, log, authorities, names, looked },
    async endpoint(of, given, shown) {
      const manner = given ?? taking(await house.agency(of));
      const tls = shown ?? (await loadTls(house.keys.identity(AGENCIES[of].oin).tls));
      const made = await listen(tls, authorities, manner);
      closing.unshift(made.close);
      return made;
    },
    async door(schedule = QUICK, push = {}) {
      const door = await openDoor({
        settings: { ...settingsOf({}), push: { ...settingsOf({}).push, ...push } },
        tls: await loadTls(house.keys.identity(OPERATOR.oin).tls),
        ...{ authorities, metrics, clock: house.clock, bus: house.broker.buses.door },
        types: { list: messageTypes, schemaOf: bodySchema },
        log: openLog('info', 'door', { write: (line) => void log.push(JSON.parse(line)) }),
        // Belief in a certificate lasts a tenth of a second instead of ten.
        push: { lookup, schedule, lookMs: 100, timer: { now: () => performance.now() * 100 } },
      });
      let stopping: Promise<void> | undefined;
      const stop = () => {
        stopping ??= door.stop();
        return stopping;
      };
      closing.unshift(stop);
      return { ...door, stop };
    },
    async bringTo(of, bezorgadres) {
      await house.register(
        changing(AGENCIES[of].oin, ({ bezorgadres: _, ...draft }) => ({
          ...draft,
          ...(bezorgadres && { bezorgadres }),
        })),
      );
      const before = await looks();
      if (before > 0) await until('the door to know', async () => (await looks()) > before + 1);
    },
    async count(outcome) {
      const found = new RegExp(`pushes_total\\{outcome="${outcome}"\\} (\\d+)`);
      return Number(found.exec(await metrics.text())?.[1] ?? 0);
    },
    async close() {
      for (const one of closing) await one();
      await house.stop();
    },
  };
}

async function listen(
  tls: TlsIdentity,
  authorities: readonly string[],
  manner: Manner,
): Promise<EndpointOf> {
  const brought: Brought[] = [];
  const server: Server = createServer({
    ...{ cert: tls.cert, key: tls.key, ca: [...authorities] },
    ...{ requestCert: true, rejectUnauthorized: true },
  });
  const made = {
    brought,
    manner,
    get port() {
      return (server.address() as AddressInfo).port;
    },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, url = '' } = request;
      const subject = (request.socket as TLSSocket).getPeerCertificate().subject;
      const one: Brought = {
        key: String(headers['idempotency-key']),
        kind: String(headers['ketenpost-soort']),
        type: String(headers['content-type']),
        prio: String(headers['ketenpost-prio']),
        path: url,
        headers,
        text: Buffer.concat(chunks).toString(),
        peer: (subject as unknown as Record<string, string> | undefined)?.['serialNumber'],
        at: performance.now(),
      };
      const earlier = [...brought];
      brought.push(one);
      Promise.resolve(made.manner(one, earlier)).then(
        ({ status, headers: more = {}, body = '' }) => response.writeHead(status, more).end(body),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return made;
}

/** An agency that takes what comes: a receipt for a delivery, the same one for a repeat; for anything else a ticket that lists it. */
export function taking(player: Player): Manner {
  const given = new Map<string, Promise<string>>();
  const state = async (text: string) => {
    const { jws } = await player.open(text);
    return player.receipt(jws, 'afgeleverd');
  };
  return async ({ key, kind, text }) => {
    if (kind !== 'aflevering')
      return { status: 200, body: await player.ticket({ gezien: [noteOf(text)] }) };
    const receipt = given.get(key) ?? state(text);
    given.set(key, receipt);
    return {
      status: 200,
      headers: { 'content-type': 'application/secevent+jwt' },
      body: await receipt,
    };
  };
}

/** Waits until so many came in. */
export const came = (endpoint: EndpointOf, many: number, seconds = 60): Promise<boolean> =>
  until(`${many} to be brought`, () => endpoint.brought.length >= many, seconds);

export const here = (endpoint: EndpointOf, path = '/in'): { url: string; intern: true } => ({
  url: `https://localhost:${endpoint.port}${path}`,
  intern: true,
});
