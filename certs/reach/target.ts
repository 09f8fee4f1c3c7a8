/** What the address of an endpoint may look like. Read the same way here and where the connection is made. */
import { isIP } from 'node:net';
import { rangeOf } from './ranges.ts';

export interface Target {
  /** As URL writes it, without brackets: a name in lower case, or an address in its one form. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** The host is an address, so there is nothing to look up. */
  readonly literal: boolean;
}

/** An endpoint that is not called; the text says why, without the address. */
export class BadEndpoint extends Error {
  override readonly name = 'BadEndpoint';
}

const HTTPS = 443;
/** Below are the services of machines: mail, shells, name servers. */
const LOWEST = 1024;

/**
 * Octal, hexadecimal and short forms of an address are what URL makes of them: the address that a
 * connection would go to.
 * @param inside whether it is said that this host is inside
 * @throws BadEndpoint
 */
export function readTarget(text: string, inside: boolean): Target {
  const url = parse(text);
  if (url.protocol !== 'https:') throw new BadEndpoint('it is not https');
  if (url.username !== '' || url.password !== '') throw new BadEndpoint('it holds credentials');
  if (text.includes('?') || text.includes('#'))
    throw new BadEndpoint('it holds a query or a fragment');
  const port = url.port === '' ? HTTPS : Number(url.port);
  if (port !== HTTPS && port < LOWEST)
    throw new BadEndpoint(`port ${port} is not 443 or from ${LOWEST}`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const literal = isIP(host) !== 0;
  if (literal) checkAddress(host, inside);
  return { host, port, path: url.pathname, literal };
}

/** @throws BadEndpoint when a connection to this address is not allowed */
export function checkAddress(address: string, inside: boolean): void {
  const range = rangeOf(address);
  if (range === 'never') throw new BadEndpoint('its address is none that an endpoint can have');
  if (range === 'inside' && !inside)
    throw new BadEndpoint(
      'its address is inside a network, and it is not named as one that may be',
    );
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new BadEndpoint('it is not a URL');
  }
}
