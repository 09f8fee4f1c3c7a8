/**
 * The local port of the router, for the operator's own tools: is the process alive, does it work,
 * and what does it count. Not for agencies: it listens on this machine unless told otherwise.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** One thing that must hold before requests are worth sending here. */
export interface Check {
  readonly name: string;
  holds(): boolean | Promise<boolean>;
}

export interface LocalPort {
  readonly url: string;
  /** From now on this counts, too. */
  add(check: Check): void;
  stop(): Promise<void>;
}

interface Options {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export async function openLocalPort({ host, port, metrics }: Options): Promise<LocalPort> {
  const checks: Check[] = [];
  const pages: Readonly<Record<string, () => Promise<Page>>> = {
    '/healthz': async () => page(200, { alive: true }),
    '/readyz': () => readiness(checks),
    '/metrics': async () => ({
      status: 200,
      type: metrics.contentType,
      text: await metrics.text(),
    }),
  };
  const server = createServer((request, response) => void answer(pages, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    add: (check) => void checks.push(check),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const page = (status: number, value: object): Page => ({
  status,
  type: 'application/json',
  text: JSON.stringify(value),
});

/** Ready when everything holds; before anything has been added, not. */
async function readiness(checks: readonly Check[]): Promise<Page> {
  const found = await Promise.all(
    checks.map(async ({ name, holds }) => [
      name,
      await Promise.resolve(holds()).catch(() => false),
    ]),
  );
  const ready = found.length > 0 && found.every(([, held]) => held === true);
  return page(ready ? 200 : 503, { ready, checks: Object.fromEntries(found) });
}

async function answer(
  pages: Readonly<Record<string, () => Promise<Page>>>,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = ''] = url.split('?');
  const open = method === 'GET' && Object.hasOwn(pages, path) ? pages[path] : undefined;
  const found = await open?.().catch(() => undefined);
  const { status, type, text } = found ?? page(open ? 500 : 404, { found: false });
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}
