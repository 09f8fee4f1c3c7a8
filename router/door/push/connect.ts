/**
 * The connection to an endpoint. The name is looked up once, what it leads to is judged, and that very
 * address is called: nothing is looked up a second time. The endpoint must show a TLS certificate
 * that the register lists for its agency, before a byte of a message goes there.
 */
import type { LookupAddress } from 'node:dns';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Oin } from '../../../schemas/ids.ts';
import { BadEndpoint, checkAddress, type Target } from '../../push/url.ts';
import type { Peers } from '../peers.ts';
import { TLS } from '../tls.ts';

/** As dns.promises.lookup with `all`. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

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

export interface Caller {
  /** Our own certificate and key, as PEM. */
  readonly tls: { readonly cert: string; readonly key: string };
  readonly authorities: readonly string[];
  readonly lookup: Lookup;
  readonly peers: Peers;
  readonly timeoutMs: number;
}

const { minVersion, ciphers, ecdhCurve, sigalgs, secureOptions } = TLS;

/** @throws BadEndpoint, NotTheirs, or what TLS, the network or the pipeline say */
export async function openConnection(caller: Caller, call: Call): Promise<TLSSocket> {
  const { target, inside, holders } = call;
  const addresses = target.literal ? [target.host] : await find(caller, target.host);
  // One that is not allowed among many: whoever answers for this name is not to be trusted with it.
  for (const address of addresses) checkAddress(address, inside);
  const socket = await first(addresses, (address) => dial(caller, target, address));
  try {
    checkAddress(socket.remoteAddress ?? '', inside);
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

async function find({ lookup }: Caller, host: string): Promise<string[]> {
  const found = await lookup(host);
  if (found.length === 0) throw new BadEndpoint('its name leads nowhere');
  return found.map(({ address }) => address);
}

/** The first that can be reached; the last failure when none can. */
async function first<T>(
  addresses: readonly string[],
  attempt: (address: string) => Promise<T>,
): Promise<T> {
  let last: unknown;
  for (const address of addresses.slice(0, 4)) {
    try {
      return await attempt(address);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function dial(
  { tls, authorities, timeoutMs }: Caller,
  { host, port, literal }: Target,
  address: string,
): Promise<TLSSocket> {
  const options: ConnectionOptions = {
    ...{ host: address, port, ...tls, ca: [...authorities], ALPNProtocols: ['http/1.1'] },
    ...{ minVersion, ciphers, ecdhCurve, sigalgs, secureOptions },
    // The name on the certificate is that of the URL, whatever address it led to.
    ...(!literal && { servername: host }),
  };
  return new Promise((done, fail) => {
    const socket = connect(options);
    const timer = setTimeout(() => socket.destroy(timedOut()), timeoutMs);
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('closed')));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      // Between here and who takes it over, an error must not end the process.
      socket.on('error', () => undefined);
      done(socket);
    });
    socket.once('close', () => clearTimeout(timer));
  });
}

const timedOut = () => Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
