/**
 * How the door speaks TLS: 1.3 first, 1.2 with the suites that the NCSC guideline calls "goed"
 * (forward secrecy, AEAD), the server's order, no renegotiation. A client certificate is asked
 * for but not demanded here, because a few routes are public: peers.ts demands it.
 */
import { constants } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import type { DoorTimes } from './settings.ts';

const SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
];

const SIGNATURES = [
  ...['ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384'],
  ...['rsa_pss_rsae_sha512', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha256'],
  ...['rsa_pkcs1_sha512', 'rsa_pkcs1_sha384', 'rsa_pkcs1_sha256'],
];

export const TLS: ServerOptions = {
  minVersion: 'TLSv1.2',
  // Security level 2: no RSA key under 2048 bits and no SHA-1 anywhere in a chain.
  ciphers: `${SUITES.join(':')}:@SECLEVEL=2`,
  ecdhCurve: 'X25519:P-384:P-256',
  sigalgs: SIGNATURES.join(':'),
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
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
