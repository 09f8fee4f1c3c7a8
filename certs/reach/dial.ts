/**
 * A TLS connection to an address that somebody else named. The name is looked up once, what it leads
 * to is judged, and that very address is called: nothing is looked up a second time.
 */
import type { LookupAddress } from 'node:dns';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { STRONG_TLS } from './strong-tls.ts';
import { BadEndpoint, checkAddress, type Target } from './target.ts';

/** As dns.promises.lookup with `all`. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

export interface Dialler {
  /** Our own certificate and key, as PEM. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** What the chain of the other end may rest on, as PEM. */
  readonly authorities: readonly string[];
  readonly lookup: Lookup;
  readonly timeoutMs: number;
}

/**
 * Whose the certificate of the other end is, is for the caller to judge before it says a word.
 * @param inside whether it is said that this host is inside
 * @throws BadEndpoint, or what TLS and the network say
 */
export async function dial(dialler: Dialler, target: Target, inside: boolean): Promise<TLSSocket> {
  const addresses = target.literal ? [target.host] : await find(dialler, target.host);
  // One that is not allowed among many: whoever answers for this name is not to be trusted with it.
  for (const address of addresses) checkAddress(address, inside);
  const socket = await first(addresses, (address) => open(dialler, target, address));
  try {
    checkAddress(socket.remoteAddress ?? '', inside);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function find({ lookup }: Dialler, host: string): Promise<string[]> {
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

function open(
  { tls, authorities, timeoutMs }: Dialler,
  { host, port, literal }: Target,
  address: string,
): Promise<TLSSocket> {
  const options: ConnectionOptions = {
    ...{ host: address, port, ...tls, ca: [...authorities], ALPNProtocols: ['http/1.1'] },
    ...STRONG_TLS,
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
