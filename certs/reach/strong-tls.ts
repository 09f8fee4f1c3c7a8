/**
 * How Ketenpost speaks TLS, whichever end it is: 1.3 first, 1.2 with the suites that the NCSC guideline
 * calls "goed" (forward secrecy, AEAD), no renegotiation.
 */
import { constants } from 'node:crypto';

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

export const STRONG_TLS = {
  minVersion: 'TLSv1.2',
  // Security level 2: no RSA key under 2048 bits and no SHA-1 anywhere in a chain.
  ciphers: `${SUITES.join(':')}:@SECLEVEL=2`,
  ecdhCurve: 'X25519:P-384:P-256',
  sigalgs: SIGNATURES.join(':'),
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
} as const;
