/** An agency's own system that listens to a webhook: answers as told, and remembers what it took. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GivenMessage } from '../../adapters/view.ts';

export interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: GivenMessage;
}

export class FakeSystem {
  readonly calls: Call[] = [];
  /** The status for each call; 'hang' never answers, 'cut' breaks the connection. */
  answer: (call: Call) => number | 'hang' | 'cut' = () => 200;
  headers: Record<string, string> = {};
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
    server.on('request', async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = JSON.parse(Buffer.concat(parts).toString()) as GivenMessage;
      const call = { headers: request.headers, body };
      this.calls.push(call);
      const status = this.answer(call);
      if (status === 'hang') return;
      if (status === 'cut') return void request.socket.destroy();
      response.writeHead(status, this.headers).end('een antwoord dat niemand bewaart');
    });
  }

  static async open(): Promise<FakeSystem> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new FakeSystem(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/berichten`;
  }

  /** How often a message was handed over. */
  count = (jti: string): number => this.calls.filter((one) => one.body.bericht.jti === jti).length;

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
