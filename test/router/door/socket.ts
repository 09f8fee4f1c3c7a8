/** Speaks to the door by hand, a byte at a time if need be. */
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { TlsIdentity } from '../../../certs/keystore.ts';
import type { Stand } from './stand.ts';

export function openSocket(
  { door, pki }: Pick<Stand, 'door' | 'pki'>,
  shown?: TlsIdentity,
  more: ConnectionOptions = {},
): Promise<TLSSocket> {
  const base: ConnectionOptions = {
    ...{ port: door.port, host: 'localhost', servername: 'localhost' },
    ca: [...pki.authorities],
  };
  return new Promise((resolve, reject) => {
    const socket = connect({ ...base, ...shown, ...more }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Everything that is heard until the door hangs up. */
export async function hear(socket: TLSSocket): Promise<string> {
  let heard = '';
  for await (const chunk of socket) heard += chunk;
  return heard;
}

/** Says something, and gives all that is answered until the door hangs up. */
export function say(socket: TLSSocket, text: string): Promise<string> {
  socket.write(text);
  return hear(socket);
}
