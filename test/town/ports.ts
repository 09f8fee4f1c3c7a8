/**
 * Ports to listen on that are named before anything listens there. The kernel is not asked for them: what it gives
 * out it gives to others a moment later, as the end of some connection. Each test file has a row of its own.
 */
import { createServer } from 'node:net';

/** Below those that Linux gives out by itself (net.ipv4.ip_local_port_range). */
const FIRST = 10_240;
const ROW = 128;
const ROWS = 170;

/** By the number that test/run.ts gives each file, so that two that run at once never share a row. */
const row = Number(process.env['TEST_FILE_NUMBER'] ?? process.pid) % ROWS;
let next = 0;

/** Ports that nobody listens on, each given once until the row is through. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried++) {
    if (tried === ROW) throw new Error(`fewer than ${count} of ${ROW} ports are free`);
    const port = FIRST + row * ROW + (next++ % ROW);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((done) => {
    probe.once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}
