/**
 * Whose connection is this? The TLS layer proves that the peer holds a key and that its chain ends
 * at a pinned certificate; the register says to whom the certificate belongs and whether it is
 * good now. The answer is kept for seconds only, so that a revocation is soon felt on connections
 * that are open already.
 */
import type { TLSSocket } from 'node:tls';
import { LRUCache } from 'lru-cache';
import type { Questions } from '../questions.ts';
import type { Inquiries } from './inquiries.ts';
import { Declined, decline } from './problems.ts';

export type Peer = Questions['peer']['value'];

export interface Peers {
  /** @throws Declined not-authenticated, or a retryable no; Unanswered */
  identify(socket: TLSSocket): Promise<Peer>;
}

interface Shown {
  readonly fingerprint: string;
  readonly der: string;
}
type Finding = { readonly peer: Peer } | { readonly no: Declined };

/** How long an answer is believed. A yes and a no alike: a stranger must not make the bus busy. */
const KEEP_MS = 10_000;
const KEEP_AT_MOST = 2000;

/** @param timer monotonic milliseconds: a clock that is set back must not lengthen belief */
export function openPeers(
  inquiries: Pick<Inquiries, 'ask'>,
  timer: { now(): number } = performance,
): Peers {
  const shown = new WeakMap<TLSSocket, Shown>();
  const findings = new LRUCache<string, Finding, string>({
    max: KEEP_AT_MOST,
    ttl: KEEP_MS,
    ttlResolution: 0,
    perf: timer,
    ignoreFetchAbort: true,
    // Concurrent asks for one fingerprint wait for the same answer.
    fetchMethod: (_fingerprint, _stale, { context, options }) =>
      find(inquiries, context).then((finding) => {
        if ('no' in finding && finding.no.problem.opnieuw) options.ttl = 1000;
        return finding;
      }),
  });
  return {
    async identify(socket) {
      if (!socket.authorized) throw stranger();
      const { fingerprint, der } = remember(shown, socket);
      const finding = await findings.fetch(fingerprint, { context: der });
      if (finding === undefined) throw stranger();
      if ('no' in finding) throw finding.no;
      return finding.peer;
    },
  };
}

/** To a stranger every no is the same: what is known of a certificate is not told to who shows it. */
const stranger = (): Declined => decline('not-authenticated', undefined, { connection: 'close' });

async function find(inquiries: Pick<Inquiries, 'ask'>, der: string): Promise<Finding> {
  try {
    return { peer: await inquiries.ask('peer', { der }) };
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    return { no: error.problem.opnieuw ? error : stranger() };
  }
}

function remember(shown: WeakMap<TLSSocket, Shown>, socket: TLSSocket): Shown {
  const known = shown.get(socket);
  if (known !== undefined) return known;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw stranger();
  const entry = {
    fingerprint: certificate.fingerprint256,
    der: certificate.raw.toString('base64'),
  };
  shown.set(socket, entry);
  return entry;
}
