/**
 * A connection of ours to another's HTTPS server, with mutual TLS: who is at the other end is judged by
 * the register's certificate for TLS when it connects, and again and again while it stays open.
 */
import { checkServerIdentity } from 'node:tls';
import { Agent, type Dispatcher, request } from 'undici';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import type { Oin, Thumbprint } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';

export interface LineConfig {
  readonly url: string;
  /** Whose certificate the other end must show. */
  readonly oin: Oin;
  readonly tls: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** The root and issuing certificates, PEM. */
  readonly ca: readonly string[];
  /** @throws Refusal when the certificate may not be used for TLS now */
  judge(certificate: Certificate): void;
  /** How often the certificate on open connections is judged anew. */
  readonly lookMs?: number;
}

const TIMEOUT = 20_000;
const CONNECTIONS = 24;
/** A revocation must work within a minute. */
const LOOK_MS = 10_000;

export class Line {
  readonly #config: LineConfig;
  #agent: Agent;
  /** What was shown on the connections that are open, by thumbprint. */
  readonly #shown = new Map<Thumbprint, Certificate>();
  readonly #look: NodeJS.Timeout;
  #tls: LineConfig['tls'];

  constructor(config: LineConfig) {
    this.#config = config;
    this.#tls = config.tls;
    this.#agent = this.#connect(config.tls);
    this.#look = setInterval(() => this.#judgeShown(), config.lookMs ?? LOOK_MS).unref();
  }

  #connect(tls: LineConfig['tls']): Agent {
    return new Agent({
      connections: CONNECTIONS,
      keepAliveTimeout: 60_000,
      connect: {
        ...tls,
        ca: [...this.#config.ca],
        minVersion: 'TLSv1.2',
        timeout: 10_000,
        // A resumed session would not be judged again.
        maxCachedSessions: 0,
        checkServerIdentity: (host, peer) =>
          checkServerIdentity(host, peer) ?? this.#judge(peer.raw),
      },
    });
  }

  /** Shows another certificate from now on. What is under way on open connections ends there. */
  renew(tls: LineConfig['tls']): void {
    const before = this.#agent;
    this.#shown.clear();
    this.#tls = tls;
    this.#agent = this.#connect(tls);
    before.close().catch(() => undefined);
  }

  /** Open connections are judged anew, long polls too: a certificate may have been revoked under them. */
  #judgeShown(): void {
    for (const certificate of this.#shown.values()) {
      try {
        this.#config.judge(certificate);
      } catch {
        this.#shown.clear();
        const before = this.#agent;
        this.#agent = this.#connect(this.#tls);
        before.destroy().catch(() => undefined);
        return;
      }
    }
  }

  #judge(raw: Buffer): Error | undefined {
    try {
      const certificate = readCertificate(raw);
      if (certificate.oin !== this.#config.oin) throw new Refusal('issuer-mismatch');
      this.#config.judge(certificate);
      this.#shown.set(certificate.x5t, certificate);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error('the certificate cannot be judged');
    }
  }

  /** @param path below the URL of the other end */
  request(
    method: Dispatcher.HttpMethod,
    path: string,
    options: Partial<Dispatcher.RequestOptions> = {},
  ) {
    return request(new URL(path, this.#config.url), {
      dispatcher: this.#agent,
      headersTimeout: TIMEOUT,
      bodyTimeout: TIMEOUT,
      ...options,
      method,
    } as Parameters<typeof request>[1]);
  }

  close(): Promise<void> {
    clearInterval(this.#look);
    return this.#agent.destroy();
  }
}
