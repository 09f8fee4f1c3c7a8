/** The two blocks of configuration that router and adapters share: whose keys, and whom to trust. */
import { PATTERNS } from '../schemas/ids.ts';

/** Where a key lies: one PKCS#12 file, or an encrypted PKCS#8 key in PEM with its certificate. */
export type KeyFiles =
  | { readonly p12: string }
  | { readonly key: string; readonly certificate: string };

/** Where the passphrase of a key comes from. */
export type Passphrase =
  | { readonly passphraseFile: string }
  /** Name of an environment variable. */
  | { readonly passphraseEnv: string }
  /** Name of a file in $CREDENTIALS_DIRECTORY, where systemd puts the credentials of a unit. */
  | { readonly passphraseCredential: string };

export type KeySource = KeyFiles & Passphrase;
/** A key whose passphrase lies in a file, as the development authority writes it. */
export type FiledKey = KeyFiles & { readonly passphraseFile: string };

/** A key for opening may say that its register entry asks for RSA-OAEP with SHA-1. */
export type OpeningSource = KeySource & { readonly alsoSha1?: boolean };

export interface IdentityConfig {
  readonly oin: string;
  /** The certificate for authenticity. */
  readonly signing: KeySource;
  /** The certificates for confidentiality, newest first. */
  readonly opening: readonly OpeningSource[];
  readonly tls: KeySource;
}

export interface TrustConfig {
  readonly roots: readonly string[];
  readonly issuers: readonly string[];
  /** Files, or http(s) addresses. */
  readonly crls: readonly string[];
  readonly crlRefreshSeconds?: number;
  /** How old the list of a leaf's issuer may be; PKIoverheid says 4. */
  readonly crlMaxAgeHours?: number;
}

const path = { type: 'string', minLength: 1 } as const;
const passphrases = {
  passphraseFile: { ...path, description: 'file that holds the passphrase' },
  passphraseEnv: {
    type: 'string',
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    description: 'or: environment variable that holds it',
  },
  passphraseCredential: {
    type: 'string',
    pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]*$',
    description: 'or: credential of the systemd unit (LoadCredential=) that holds it',
  },
} as const;

/** An object that has at least these members, for a choice between kinds. */
const having = (...names: string[]) => ({
  type: 'object',
  required: names,
  properties: Object.fromEntries(names.map((name) => [name, true])),
});

const keySource = (description: string, more: object = {}) => ({
  type: 'object',
  description,
  additionalProperties: false,
  properties: {
    p12: { ...path, description: 'PKCS#12 file with key and certificate' },
    key: { ...path, description: 'encrypted PKCS#8 key in PEM' },
    certificate: { ...path, description: 'certificate of the key in PEM' },
    ...passphrases,
    ...more,
  },
  allOf: [
    { oneOf: [having('p12'), having('key', 'certificate')] },
    { oneOf: Object.keys(passphrases).map((name) => having(name)) },
  ],
});

const alsoSha1 = {
  type: 'boolean',
  description: 'open RSA-OAEP too, when the register entry asks for it',
} as const;

/** JSON Schema of `identity:`. */
export const identitySchema = {
  type: 'object',
  description: 'who this is, and its keys: p12, or key and certificate, each with its passphrase',
  additionalProperties: false,
  required: ['oin', 'signing', 'opening', 'tls'],
  properties: {
    oin: {
      type: 'string',
      pattern: PATTERNS.oin,
      description: 'in quotes, or YAML makes it a number',
    },
    signing: keySource('the key and certificate for authenticity'),
    opening: {
      type: 'array',
      minItems: 1,
      items: keySource('one key and certificate for confidentiality', { alsoSha1 }),
      description: 'the keys for confidentiality, newest first',
    },
    tls: keySource('the key and certificate for TLS'),
  },
} as const;

const paths = { type: 'array', minItems: 1, items: path } as const;

/** JSON Schema of `trust:`. */
export const trustSchema = {
  type: 'object',
  description: 'whom to trust: nothing but what is pinned here',
  additionalProperties: false,
  required: ['roots', 'issuers', 'crls'],
  properties: {
    roots: { ...paths, description: 'pinned root certificates' },
    issuers: { ...paths, description: 'pinned certificates between root and leaf' },
    crls: { ...paths, description: 'revocation lists: files or http(s) addresses' },
    crlRefreshSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 14_400,
      default: 40,
      description:
        'how often the lists are read again; with the 10 seconds that the door remembers a peer, a revocation works within a minute',
    },
    crlMaxAgeHours: {
      type: 'integer',
      minimum: 1,
      maximum: 168,
      default: 4,
      description: "how old the list of a leaf's issuer may be",
    },
  },
} as const;
