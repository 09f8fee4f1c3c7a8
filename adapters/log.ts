/**
 * The log of an adapter: one JSON line an event on standard error. It never holds a body, a name, a
 * token or a key; and as the text of an error may quote what it failed on, only its kind is written.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import { Refusal } from '../schemas/refusal.ts';

export type Log = Logger;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const SECRET = ['inhoud', 'bsn', 'authorization', 'token', 'passphrase', 'jws', 'jwe', 'body'];

export function createLog(
  level: string,
  destination: DestinationStream = pino.destination(2),
): Log {
  const redact = { paths: SECRET.flatMap((name) => [name, `*.${name}`]), remove: true };
  const timestamp = pino.stdTimeFunctions.isoTime;
  return pino(
    { level, base: { service: 'ketenpost', role: 'adapter' }, timestamp, redact },
    destination,
  );
}

/** What the system says of a connection, as a word: ECONNREFUSED, UND_ERR_HEADERS_TIMEOUT. */
function causeOf({ cause }: Error): { readonly cause?: string } {
  if (!(cause instanceof Error)) return {};
  const { code } = cause as { code?: unknown };
  return { cause: typeof code === 'string' ? code : cause.name };
}

/** What may be told of an error: its kind, its code and where it was thrown. Never its text. */
export function kindOf(error: unknown): Record<string, unknown> {
  if (error instanceof Refusal) return { code: error.code, stage: error.stage, ...causeOf(error) };
  if (!(error instanceof Error)) return { fault: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    fault: error.name,
    ...(typeof code === 'string' && { code }),
    at: frames.slice(0, 4).map((line) => line.trim().replace(/^at |file:\/\/\S*\//g, '')),
  };
}
