/**
 * The open connections. Whoever connects is a stranger, until it has asked something with a
 * certificate that the register lists. Of strangers only so many are let in from one address, and so
 * many at all, so that the rest stays free for agencies; an address from which an agency came lately
 * is not counted with the crowd. And no certificate may hold more than its share.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { LRUCache } from 'lru-cache';
import type { Metrics } from '../metrics.ts';
import { addressGroup } from './address.ts';
import { newBudget, newPlaces } from './budget.ts';
import type { DoorLimits } from './settings.ts';

export interface Connections {
  /** Binds it to the server, once. */
  watch(server: Server): void;
  /** An agency of the register asked something on this connection. */
  prove(socket: Socket): void;
  closeIdle(): void;
  readonly count: number;
}

/** Why a connection was not let in. */
export type Crowding = 'address' | 'handshakes' | 'strangers' | 'certificate';

/** How long it is remembered that an agency came from an address. */
const KNOWN_MS = 24 * 60 * 60 * 1000;
const KNOWN_AT_MOST = 10_000;

interface Guest {
  readonly address: string;
  /** Gives back what it holds as a stranger; more than once does no harm. */
  readonly prove: () => void;
}

export function openConnections(
  limits: DoorLimits,
  metrics: Pick<Metrics, 'countCrowded'>,
): Connections {
  const open = new Set<Socket>();
  const busy = new Set<Socket>();
  const strangers = openStrangers(limits);
  const shares = newPlaces(limits.connectionsPerAgency);
  /** By remote address and port: the TLS layer wraps one socket in another. */
  const guests = new Map<string, Guest>();

  const refuse = (socket: Socket, why: Crowding) => {
    metrics.countCrowded(why);
    socket.destroy();
  };
  function arrive(socket: Socket): void {
    const name = nameOf(socket);
    const admitted = strangers.admit(addressGroup(socket.remoteAddress ?? ''));
    if (typeof admitted === 'string') {
      refuse(socket, admitted);
      return;
    }
    guests.set(name, admitted);
    socket.once('close', () => {
      admitted.prove();
      if (guests.get(name) === admitted) guests.delete(name);
    });
  }
  function enter(socket: TLSSocket): void {
    const print = socket.authorized ? socket.getPeerX509Certificate()?.fingerprint256 : undefined;
    const leave = print === undefined ? () => undefined : shares.take(print);
    if (leave === undefined) {
      refuse(socket, 'certificate');
      return;
    }
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      leave();
    });
  }
  return {
    watch(server) {
      server.on('connection', arrive).on('secureConnection', enter);
      server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
        busy.add(socket);
        response.once('close', () => busy.delete(socket));
      });
    },
    prove(socket) {
      const guest = guests.get(nameOf(socket));
      if (guest === undefined) return;
      guests.delete(nameOf(socket));
      guest.prove();
      strangers.know(guest.address);
    },
    closeIdle() {
      for (const socket of open) if (!busy.has(socket)) socket.destroy();
    },
    get count() {
      return open.size;
    },
  };
}

const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** Who has not shown yet that it is an agency. */
function openStrangers(limits: DoorLimits) {
  const perAddress = newPlaces(limits.connectionsPerAddress);
  const together = newPlaces(limits.strangers);
  const handshakes = newBudget(limits.handshakes);
  const known = new LRUCache<string, true>({ max: KNOWN_AT_MOST, ttl: KNOWN_MS });
  const balancers = new Set(limits.balancers.map(addressGroup));
  const crowd = (address: string) => (known.has(address) ? () => undefined : together.take('all'));
  return {
    know(address: string): void {
      if (!balancers.has(address)) known.set(address, true);
    },
    admit(address: string): Guest | Crowding {
      const alone = !balancers.has(address);
      if (alone && handshakes.spend(address) > 0) return 'handshakes';
      const leave = alone ? perAddress.take(address) : () => undefined;
      if (leave === undefined) return 'address';
      const leaveCrowd = crowd(address);
      if (leaveCrowd !== undefined) return { address, prove: both(leave, leaveCrowd) };
      leave();
      return 'strangers';
    },
  };
}

const both = (one: () => void, other: () => void) => () => {
  one();
  other();
};
