/** Answers what is not HTTP, or came too slowly, before there is a request: by hand, in the same form as all else. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../schemas/clock.ts';
import type { Code } from '../../schemas/codes.ts';
import type { Metrics } from '../metrics.ts';
import { ALWAYS } from './headers.ts';
import { decline, frameworkCode } from './problems.ts';
import { PROBLEM_TYPE } from './route.ts';

interface Parts {
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** How long the client has to take in why it was refused. */
const LAST_WORD_MS = 5000;

export function answerBrokenHttp(error: Error, socket: Socket, parts: Parts): void {
  const reset = 'code' in error && error.code === 'ECONNRESET';
  const code = frameworkCode(error);
  // What HTTP did not say is a fault of TLS: a handshake that failed or was never made. There nothing
  // can be written, and an orderly end would wait for ever.
  if (reset || code === undefined || !socket.writable) {
    socket.destroy();
    return;
  }
  setTimeout(() => socket.destroy(), LAST_WORD_MS).unref();
  const { status, headers, body } = say(code, parts);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}`;
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}

/** Answers an `Expect` other than 100-continue, which Node would do without a word. */
export function answerExpectation(response: ServerResponse, parts: Parts): void {
  const { status, headers, body } = say('bad-request', parts);
  response.writeHead(status, headers).end(body);
}

function say(code: Code, { metrics, clock }: Parts) {
  const { problem } = decline(code);
  metrics.countRefusal(code);
  metrics.observeRequest('unknown', problem.status, 0);
  const body = JSON.stringify(problem);
  const headers = {
    ...ALWAYS,
    connection: 'close',
    'content-type': `${PROBLEM_TYPE}; charset=utf-8`,
    'content-length': String(Buffer.byteLength(body)),
    date: new Date(clock.now()).toUTCString(),
  };
  return { status: problem.status, headers, body };
}
