/**
 * An agency without an adapter: composes, signs, seals and submits by hand, straight to the door,
 * with the agency's own keys. It can therefore do what no adapter would.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { readCertificate } from '../../certs/certificate.ts';
import type { IdentityConfig } from '../../certs/config.ts';
import type { SigningKey } from '../../certs/keys.ts';
import { type Identity, loadIdentity } from '../../certs/keystore.ts';
import { seal } from '../../certs/seal.ts';
import { sign } from '../../certs/sign.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../../schemas/ids.ts';
import { CTY, TYP } from '../../schemas/typ.ts';

export interface RawAnswer {
  readonly status: number;
  /** Inzending, Problem or whatever else came back. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RawAgency {
  readonly identity: Identity;
  /** A whole and good set of claims, with what is given in place of the defaults. */
  claims(given: Partial<Bericht> & Pick<Bericht, 'berichttype' | 'grondslag' | 'inhoud'>): Bericht;
  sign(claims: object, key?: SigningKey): Promise<string>;
  /** Seals a JWS for the router. */
  seal(jws: string): Promise<string>;
  submit(jwe: string, prio?: 'spoed' | 'normaal'): Promise<RawAnswer>;
  /** Signs, seals and submits. */
  send(claims: Bericht): Promise<RawAnswer>;
  /** Any request to the door under this agency's TLS certificate. */
  call(method: 'GET' | 'POST', path: string, body?: string, type?: string): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface RawOptions {
  readonly identity: IdentityConfig;
  readonly url: string;
  /** PEM files: the root, and the router's certificate for confidentiality. */
  readonly root: string;
  readonly router: string;
  readonly sealAlg?: 'RSA-OAEP-256' | 'ECDH-ES+A256KW';
}

export async function rawAgency(options: RawOptions): Promise<RawAgency> {
  const identity = await loadIdentity(options.identity);
  const to = {
    certificate: readCertificate(readFileSync(options.router)),
    alg: options.sealAlg ?? 'RSA-OAEP-256',
  };
  const agent = new Agent({
    connect: { ...identity.tls, ca: readFileSync(options.root) },
  });
  const agency: RawAgency = {
    identity,
    claims: (given) => fill(given, identity),
    sign: (claims, key = identity.signing) => sign(claims, TYP.message, key),
    seal: (jws) => seal(Buffer.from(jws), CTY.submission, to),
    submit: (jwe, prio = 'normaal') =>
      ask(agent, options.url, 'POST', '/v1/berichten', jwe, {
        'content-type': 'application/jose',
        'ketenpost-prio': prio,
      }),
    send: async (claims) =>
      agency.submit(await agency.seal(await agency.sign(claims)), claims.prio),
    call: (method, path, body, type = 'application/json') =>
      ask(
        agent,
        options.url,
        method,
        path,
        body,
        body === undefined ? {} : { 'content-type': type },
      ),
    close: () => agent.destroy(),
  };
  return agency;
}

function fill(given: Parameters<RawAgency['claims']>[0], { oin }: Identity): Bericht {
  const now = Date.now();
  const iat = Math.floor(now / 1000);
  return {
    iss: toUrn(oin),
    jti: newUuid7(now),
    iat,
    exp: iat + 5 * 86_400,
    versie: '1.0',
    conversatie: newUuid7(now),
    prio: 'normaal',
    ...given,
  };
}

async function ask(
  dispatcher: Agent,
  url: string,
  method: 'GET' | 'POST',
  path: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<RawAnswer> {
  const response = await request(new URL(path, url), {
    ...{ dispatcher, method, headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, body: text === '' ? {} : JSON.parse(text) };
}
