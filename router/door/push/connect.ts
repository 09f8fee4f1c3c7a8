/**
 * The connection to an endpoint. It must show a TLS certificate that the register lists for its
 * agency, before a byte of a message goes there.
 */
import type { TLSSocket } from 'node:tls';
import { type Dialler, dial } from '../../../certs/reach/dial.ts';
import type { Target } from '../../../certs/reach/target.ts';
import type { Oin } from '../../../schemas/ids.ts';
import type { Peers } from '../peers.ts';

export type { Lookup } from '../../../certs/reach/dial.ts';

/** Somebody else's certificate, or none that the register lists. */
export class NotTheirs extends Error {
  override readonly name = 'NotTheirs';
}

export interface Call {
  readonly target: Target;
  /** Whether the register says that the host is inside. */
  readonly inside: boolean;
  /** Whose certificate it may show. */
  readonly holders: readonly Oin[];
}

export interface Caller extends Dialler {
  readonly peers: Peers;
}

/** @throws BadEndpoint, NotTheirs, or what TLS, the network or the pipeline say */
export async function openConnection(caller: Caller, call: Call): Promise<TLSSocket> {
  const { target, inside, holders } = call;
  const socket = await dial(caller, target, inside);
  try {
    await checkHolder(caller.peers, socket, holders);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Asked anew before each item: a certificate may be revoked under an open connection. @throws NotTheirs */
export async function checkHolder(
  peers: Peers,
  socket: TLSSocket,
  holders: readonly Oin[],
): Promise<void> {
  const { oin } = await peers.identify(socket);
  if (!holders.includes(oin)) throw new NotTheirs('the certificate is of another agency');
}
