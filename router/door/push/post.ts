/** Brings one item to an endpoint: one POST, answered with what the agency states of it. */
import type { TLSSocket } from 'node:tls';
import { type Dispatcher, Pool } from 'undici';
import type { Piece } from '../../questions.ts';
import { type Call, type Caller, checkHolder, openConnection } from './connect.ts';
import { judgeError, judgeStatus, type Outcome, unreadable } from './outcome.ts';
import { readRetryAfter } from './schedule.ts';

export interface Mouth {
  post(piece: Piece, stop: AbortSignal): Promise<Outcome>;
  close(): Promise<void>;
}

interface Parts {
  readonly caller: Caller;
  readonly call: Call;
  /** The mailbox that is brought from. */
  readonly postbus: string;
  readonly connections: number;
  /** For the whole of one POST. */
  readonly timeoutMs: number;
  now(): number;
}

/** A receipt or a ticket is a few kilobytes; what is more is none. */
const LARGEST_ANSWER = 16_384;
const TYPES = {
  aflevering: 'application/jose',
  ontvangstbewijs: 'application/secevent+jwt',
  alarm: 'application/jwt',
  mededeling: 'application/jwt',
} as const;
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

export function openMouth(parts: Parts): Mouth {
  const { call, caller } = parts;
  const { host, port } = call.target;
  const open = new Set<TLSSocket>();
  const pool = new Pool(`https://${host.includes(':') ? `[${host}]` : host}:${port}`, {
    connections: parts.connections,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    connect: (_options, callback) => {
      openConnection(caller, call).then(
        (socket) => {
          open.add(socket);
          socket.once('close', () => open.delete(socket));
          callback(null, socket);
        },
        (error: Error) => callback(error, null),
      );
    },
  });
  return {
    async post(piece, stop) {
      try {
        await Promise.all([...open].map((socket) => judgeAgain(parts, socket)));
        return await post(parts, pool, piece, stop);
      } catch (error) {
        return judgeError(error);
      }
    },
    close: () => pool.destroy(),
  };
}

/** What is not theirs any more is closed, and the next connection says why. */
async function judgeAgain({ caller, call }: Parts, socket: TLSSocket): Promise<void> {
  try {
    await checkHolder(caller.peers, socket, call.holders);
  } catch {
    socket.destroy();
  }
}

async function post(parts: Parts, pool: Pool, piece: Piece, stop: AbortSignal): Promise<Outcome> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(parts.timeoutMs)]);
  const { statusCode, headers, body } = await pool.request({
    ...{ method: 'POST', path: parts.call.target.path, body: piece.inhoud, signal },
    headers: headersOf(parts.postbus, piece),
  });
  const outcome = judgeStatus(statusCode, readRetryAfter(headers['retry-after'], parts.now()));
  // What a no says is not for us: it is neither read nor kept.
  if (outcome.kind !== 'taken') {
    body.on('error', () => undefined).destroy();
    return outcome;
  }
  const text = await readShort(body);
  if (text === undefined) return unreadable(statusCode);
  if (text === '') return outcome;
  return COMPACT_JWS.test(text) ? { ...outcome, said: text } : unreadable(statusCode);
}

/**
 * The key is that of the message, whatever copy of it is brought: who has seen it answers as before.
 */
const headersOf = (postbus: string, { soort, afzender, bericht, prio }: Piece) => ({
  'content-type': TYPES[soort],
  accept: soort === 'aflevering' ? TYPES.ontvangstbewijs : TYPES.alarm,
  'idempotency-key': `${afzender}.${bericht}${soort === 'aflevering' ? '' : `.${soort}`}`,
  'ketenpost-soort': soort,
  'ketenpost-ontvanger': postbus,
  'ketenpost-afzender': afzender,
  'ketenpost-bericht': bericht,
  'ketenpost-prio': prio,
});

/** @returns undefined when it is longer than an answer can be */
async function readShort(body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    // Leaving the loop closes the connection.
    if (size > LARGEST_ANSWER) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('latin1').trim();
}
