/**
 * The log of the router: one JSON object a line on standard error. A line never holds a body, a
 * name, a BSN, a token or a key, which is why an error is told without its message: messages of
 * errors quote what they stumbled over.
 */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What may be said of an error: its class, its code and where it was thrown. */
export function describeFault(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    at: at.slice(0, 8).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeFault(error.cause) }),
  };
}

/** Opens the log. Errors go under the key `err` and lose their message. */
export function openLog(
  level: LogLevel,
  role: string,
  to: DestinationStream = pino.destination({ fd: 2, sync: false }),
): Log {
  return pino(
    {
      level,
      base: { service: 'ketenpost', role, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeFault },
    },
    to,
  );
}
