/**
 * The open connections of the data door: so many of one certificate, and so many of one address that
 * have not shown a certificate yet, so that nobody holds the door shut for the others.
 */
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** An adapter asks for one case at a time; several people may do so at once. */
const OF_CERTIFICATE = 16;
/** Whoever shows none is gone within the time of a handshake. */
const OF_ADDRESS = 50;

/** To be called once for a server, before it listens. */
export function keepRoom(server: Server): void {
  const strangers = new Map<string, number>();
  const known = new Map<string, number>();
  const arrivals = new Map<string, () => void>();
  server.on('connection', (socket: Socket) => {
    const leave = enter(strangers, socket.remoteAddress ?? '', OF_ADDRESS);
    if (leave === undefined) {
      socket.destroy();
      return;
    }
    const name = nameOf(socket);
    arrivals.set(name, leave);
    socket.once('close', () => {
      leave();
      if (arrivals.get(name) === leave) arrivals.delete(name);
    });
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    arrivals.get(nameOf(socket))?.();
    const print = socket.getPeerX509Certificate()?.fingerprint256 ?? '';
    const leave = enter(known, print, OF_CERTIFICATE);
    if (leave === undefined) socket.destroy();
    else socket.once('close', leave);
  });
}

/** The TLS layer wraps one socket in another. */
const nameOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** @returns how to leave, once; undefined when it is full */
function enter(places: Map<string, number>, who: string, most: number): (() => void) | undefined {
  const taken = places.get(who) ?? 0;
  if (taken >= most) return undefined;
  places.set(who, taken + 1);
  let inside = true;
  return () => {
    if (!inside) return;
    inside = false;
    const rest = (places.get(who) ?? 1) - 1;
    if (rest > 0) places.set(who, rest);
    else places.delete(who);
  };
}
