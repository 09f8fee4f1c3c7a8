/**
 * Fetches what an event points to, at its source: only where the register says that this agency gives
 * it, over mutual TLS, from a certificate that the register lists for it. Nothing is followed further.
 */
import { lookup } from 'node:dns/promises';
import type { TLSSocket } from 'node:tls';
import { Client } from 'undici';
import { readCertificate } from '../../certs/certificate.ts';
import type { Identity } from '../../certs/keystore.ts';
import { type Dialler, dial, type Lookup } from '../../certs/reach/dial.ts';
import { BadEndpoint, readTarget, type Target } from '../../certs/reach/target.ts';
import type { Oin } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { readProblem, readText } from '../answer.ts';
import { type Bench, entryInForce, judgePeer } from './judge-peer.ts';

export interface SourceLineConfig {
  readonly identity: Identity;
  /** The root and issuing certificates, PEM. */
  readonly ca: readonly string[];
  /** Hosts that may have an address inside a network; no other may. */
  readonly insideHosts: readonly string[];
  readonly lookup?: Lookup;
}

const LARGEST = 256 * 1024;
const TIMEOUT_MS = 10_000;
const WHOLE_MS = 20_000;

export class SourceLine {
  readonly #config: SourceLineConfig;
  readonly #insideHosts: ReadonlySet<string>;

  constructor(config: SourceLineConfig) {
    this.#config = config;
    this.#insideHosts = new Set(config.insideHosts);
  }

  /**
   * @returns the answer as text, JSON that nobody has looked into yet
   * @throws Refusal source-not-trusted, source-unreachable, or what the source said
   */
  async fetch(rooms: Bench, source: Oin, dataref: string): Promise<string> {
    const { registration } = await entryInForce(rooms, source);
    const target = this.#targetOf(dataref, registration.gegevensadres);
    const socket = await this.#connect(rooms, source, target);
    const { host, port, path } = target;
    const client = new Client(`https://${host.includes(':') ? `[${host}]` : host}:${port}`, {
      pipelining: 1,
      // Not at once: the client waits for ever when it is answered before it has begun to wait.
      connect: (_options, callback) => void setImmediate(() => callback(null, socket)),
    });
    try {
      return await heard(get(client, path));
    } finally {
      await client.destroy();
      socket.destroy();
    }
  }

  /** Both read as a connection would read them: what climbs out of the address of the register does not pass. */
  #targetOf(dataref: string, address: string | undefined): Target {
    if (address === undefined) throw mistrust('the register names no address where it gives any');
    try {
      if (!new URL(dataref).href.startsWith(new URL(address).href)) {
        throw mistrust('the event points elsewhere than the register says that this agency gives');
      }
      const host = new URL(dataref).hostname.replace(/^\[(.*)\]$/, '$1');
      return readTarget(dataref, this.#insideHosts.has(host));
    } catch (error) {
      throw error instanceof Refusal ? error : mistrust(wordOf(error));
    }
  }

  async #connect(rooms: Bench, source: Oin, target: Target): Promise<TLSSocket> {
    const { identity, ca, lookup: find = everyAddress } = this.#config;
    const dialler: Dialler = {
      ...{ tls: identity.tls, authorities: ca, lookup: find, timeoutMs: TIMEOUT_MS },
    };
    const inside = this.#insideHosts.has(target.host);
    const socket = await heard(dial(dialler, target, inside));
    try {
      const shown = socket.getPeerX509Certificate();
      const certificate = shown && readCertificate(shown.raw);
      if (certificate?.oin !== source) throw mistrust('it shows the certificate of another');
      await judgePeer(rooms, certificate);
      return socket;
    } catch (error) {
      socket.destroy();
      if (!(error instanceof Refusal) || error.retry || error.code === 'source-not-trusted')
        throw error;
      throw mistrust(error.message);
    }
  }
}

const everyAddress: Lookup = (host) => lookup(host, { all: true });

async function get(client: Client, path: string): Promise<string> {
  const answer = await client.request({
    ...{ method: 'GET', path, headers: { accept: 'application/json' } },
    ...{ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS },
    signal: AbortSignal.timeout(WHOLE_MS),
  });
  const text = await readText(answer.body, LARGEST);
  if (answer.statusCode === 200) return text;
  if (answer.statusCode === 404)
    throw new Refusal('not-found', 'the source gives nothing of it', [], 'adapter');
  const { code } = readProblem(answer.statusCode, text);
  if (code === 'not-authenticated') {
    throw new Refusal('not-authenticated', 'the source does not let us in', [], 'adapter');
  }
  throw new Refusal('source-unreachable', `the source answered ${answer.statusCode}`);
}

const mistrust = (why: string): Refusal => new Refusal('source-not-trusted', why);
const wordOf = (error: unknown): string =>
  error instanceof BadEndpoint ? error.message : 'it is not an address';

/** A network that fails says nothing of the source; an address that is not allowed does. */
async function heard<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof BadEndpoint) throw mistrust(error.message);
    throw Object.assign(new Refusal('source-unreachable'), { cause: error });
  }
}
