/** The worked example of docs/wire.md: one message on its whole way, with every value in between. */
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import { projectFolder } from '../../project.ts';

export interface ExampleKey {
  readonly x5t: string;
  /** Base64 of the DER. */
  readonly certificate: string;
  /** A TEST key. */
  readonly privateKey: JsonWebKey;
}

export interface ExampleAgency {
  readonly oin: string;
  readonly authenticiteit: ExampleKey;
  readonly vertrouwelijkheid: ExampleKey;
}

export interface ExampleJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly jws: string;
  /** SHA-256 over the characters of the JWS, in base64url. */
  readonly digest: string;
}

export interface ExampleJwe {
  readonly header: Readonly<Record<string, unknown>>;
  /** The 32 bytes that were wrapped for the recipient, in base64url. */
  readonly contentKey: string;
  readonly plaintext: string;
  readonly jwe: string;
}

/** One profile of keys: RSA as PKIoverheid, or P-256. */
export interface ExampleProfile {
  readonly sender: ExampleAgency;
  readonly router: ExampleAgency;
  readonly recipient: ExampleAgency;
  readonly message: ExampleJws;
  readonly submission: ExampleJwe;
  readonly routeNote: ExampleJws;
  readonly delivery: ExampleJwe;
  readonly receipt: ExampleJws;
}

export interface Example {
  readonly note: string;
  readonly rsa: ExampleProfile;
  readonly ec: ExampleProfile;
}

export const exampleFile = (): string =>
  join(projectFolder(), 'test', 'vectors', 'worked-example.json');
export const documentFile = (): string => join(projectFolder(), 'docs', 'wire.md');

export const readExample = (): Example =>
  JSON.parse(readFileSync(exampleFile(), 'utf8')) as Example;

export const certificateOf = ({ certificate }: ExampleKey): Certificate =>
  readCertificate(Buffer.from(certificate, 'base64'));

export const keyOf = ({ privateKey }: ExampleKey): KeyObject =>
  createPrivateKey({ key: privateKey, format: 'jwk' });

/** A block of JSON in the document, under a mark that says where in the example it stands. */
const BLOCK = /<!-- example: ([\w.]+) -->\n```json\n([\s\S]*?)\n```/g;

export function blocksOf(document: string): { path: string; text: string }[] {
  return [...document.matchAll(BLOCK)].map(([, path = '', text = '']) => ({ path, text }));
}

/** What stands at a path such as `rsa.message.claims`. */
export const at = (example: Example, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], example);

/** The document with every block written anew from the example. */
export const withBlocks = (document: string, example: Example): string =>
  document.replace(BLOCK, (_, path: string) => {
    const json = JSON.stringify(at(example, path), null, 2);
    return `<!-- example: ${path} -->\n\`\`\`json\n${json}\n\`\`\``;
  });
