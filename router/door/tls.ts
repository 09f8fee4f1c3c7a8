/**
 * How the door speaks TLS: 1.3 first, 1.2 with the suites that the NCSC guideline calls "goed"
 * (forward secrecy, AEAD), the server's order, no renegotiation. A client certificate is asked
 * for but not demanded here, because a few routes are public: peers.ts demands it.
 */
import { readFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { STRONG_TLS } from '../../certs/reach/strong-tls.ts';
import type { DoorTimes } from './settings.ts';

export const TLS: ServerOptions = {
  ...STRONG_TLS,
  honorCipherOrder: true,
  ALPNProtocols: ['http/1.1'],
  requestCert: true,
  rejectUnauthorized: false,
};

/** The certificates that a client's chain may rest on: pinned roots and issuers, as PEM. */
export const readAuthorities = (paths: readonly string[]): Promise<string[]> =>
  Promise.all(paths.map((path) => readFile(path, 'utf8')));

/** Limits that Node itself keeps, against clients that are slow, half open or talkative. */
export const nodeLimits = (times: DoorTimes): ServerOptions => ({
  handshakeTimeout: times.handshakeSeconds * 1000,
  headersTimeout: times.headersSeconds * 1000,
  requestTimeout: times.requestSeconds * 1000,
  keepAliveTimeout: times.keepAliveSeconds * 1000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
  keepAlive: true,
  // Node would answer a missing Host by itself, without our problem details: the door checks it.
  requireHostHeader: false,
});
