/**
 * The open connections: no certificate may hold more than its share of them, and those who show
 * none share one such share. At the stop, connections on which nothing is asked are closed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { newPlaces } from './budget.ts';

export interface Connections {
  closeIdle(): void;
  readonly count: number;
}

export function watchConnections(server: Server, share: number): Connections {
  const open = new Set<Socket>();
  const busy = new Set<Socket>();
  const places = newPlaces(share);

  server.on('secureConnection', (socket: TLSSocket) => {
    const leave = places.take(holderOf(socket));
    if (leave === undefined) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      leave();
    });
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    busy.add(socket);
    response.once('close', () => busy.delete(socket));
  });
  return {
    closeIdle() {
      for (const socket of open) if (!busy.has(socket)) socket.destroy();
    },
    get count() {
      return open.size;
    },
  };
}

const holderOf = (socket: TLSSocket): string =>
  (socket.authorized ? socket.getPeerX509Certificate()?.fingerprint256 : undefined) ?? 'stranger';
