/**
 * The door: HTTPS with mutual TLS in front of the bus. It holds its TLS key and nothing else, sees
 * ciphertext only, and what it says of a peer is believed only as far as a signature agrees.
 */
import { lookup } from 'node:dns/promises';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../schemas/clock.ts';
import type { Bus } from './bus/bus.ts';
import { type Connections, openConnections } from './door/connections.ts';
import { openInquiries } from './door/inquiries.ts';
import { openLimits } from './door/limits.ts';
import { type Notices, openNotices } from './door/notices.ts';
import { openPeers } from './door/peers.ts';
import { openPushes, type PushParts } from './door/push.ts';
import { createReplies } from './door/reply.ts';
import type { MessageTypes } from './door/rooms.ts';
import { doorRoutes } from './door/routes.ts';
import { createServer } from './door/server.ts';
import type { DoorSettings } from './door/settings.ts';
import { nodeLimits, TLS } from './door/tls.ts';
import { newTurns } from './door/turns.ts';
import { openVisits } from './door/visit.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface DoorParts {
  readonly settings: DoorSettings;
  /** The door's own TLS certificate with its chain, and its key, as PEM. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** Certificates (PEM) that the chain of a client may rest on. */
  readonly authorities: readonly string[];
  readonly bus: Pick<Bus, 'ask' | 'listen'>;
  readonly types: MessageTypes;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  /** How tests bring: see PushParts. */
  readonly push?: Pick<PushParts, 'lookup' | 'schedule' | 'lookMs' | 'timer'>;
}

export interface Door {
  readonly url: string;
  readonly port: number;
  /** Shows another certificate on new connections; those that are open go on. */
  renew(tls: DoorParts['tls']): void;
  /** Takes nothing new, finishes what is under way, answers long polls at once, closes. */
  stop(): Promise<void>;
}

/** Opens the door and listens. */
export async function openDoor(parts: DoorParts): Promise<Door> {
  const { settings } = parts;
  const notices = openNotices(parts.bus);
  const connections = openConnections(settings.limits, parts.metrics);
  const app = build(parts, notices, connections);
  app.server.maxConnections = settings.limits.connections;
  connections.watch(app.server);
  const { address } = await lookup(settings.host);
  await app.listen({ host: address, port: settings.port });
  const { port } = app.server.address() as AddressInfo;
  const pushes = openPushes({
    ...parts,
    ...parts.push,
    ...{ settings: settings.push, notices, inquiries: inquiriesOf(parts) },
  });
  return {
    url: `https://${nameOf(settings.host)}:${port}`,
    port,
    renew(tls) {
      app.server.setSecureContext(contextOf(tls, parts.authorities));
      pushes.renew(tls);
    },
    async stop() {
      await pushes.stop();
      await stop(app, notices, connections, settings.times.stopSeconds);
    },
  };
}

function build(
  parts: DoorParts,
  notices: Notices,
  connections: Connections,
): FastifyInstance<Server> {
  const { settings, metrics, tls, authorities } = parts;
  const { limits, times } = settings;
  const isClosing = () => notices.draining;
  const visits = openVisits(parts);
  const inquiries = inquiriesOf(parts);
  const turns = {
    spoed: newTurns(limits.submissionsAtOnce),
    normaal: newTurns(limits.submissionsAtOnce),
  };
  return createServer({
    tls: { ...nodeLimits(times), ...contextOf(tls, authorities) },
    routes: doorRoutes({ inquiries, notices, turns, types: parts.types }),
    peers: openPeers(inquiries),
    connections,
    limits: openLimits(limits, metrics),
    bodyBytes: limits.bodyBytes,
    metrics,
    clock: parts.clock,
    visits,
    replies: createReplies({ ...parts, visits, isClosing }),
    isClosing,
  });
}

const inquiriesOf = ({ bus, metrics, settings: { times } }: DoorParts) =>
  openInquiries({ bus, metrics, timeoutMs: times.answerSeconds * 1000 });

const contextOf = (tls: DoorParts['tls'], authorities: readonly string[]) => ({
  ...TLS,
  ...tls,
  ca: [...authorities],
});

/** Certificates name hosts, and on this machine that name is localhost. */
const nameOf = (host: string): string =>
  ['127.0.0.1', '::1'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;

async function stop(
  app: FastifyInstance<Server>,
  notices: Notices,
  connections: Connections,
  seconds: number,
): Promise<void> {
  notices.drain();
  const closed = app.close();
  connections.closeIdle();
  const limit = setTimeout(() => app.server.closeAllConnections(), seconds * 1000);
  await closed;
  clearTimeout(limit);
  notices.close();
}
