/**
 * A load balancer before several doors, as an operator would put there: it passes TCP on and ends no
 * TLS, takes the doors in turn, and goes to the next one when a door cannot be reached.
 */
import { createServer, type Socket, connect as tcpConnect } from 'node:net';

export interface Balancer {
  close(): Promise<void>;
}

export async function openBalancer(ports: {
  readonly door: number;
  readonly doors: readonly number[];
}): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
  };
  const server = createServer(async (near) => {
    keep(near);
    turn += 1;
    const far = await reach(ports.doors, turn);
    if (far === undefined || near.destroyed) {
      near.destroy();
      far?.destroy();
      return;
    }
    keep(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(ports.door, '127.0.0.1', done);
  });
  return {
    close: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy();
        server.close(() => done());
      }),
  };
}

/** The first door, from this turn on, that takes a connection. */
async function reach(doors: readonly number[], turn: number): Promise<Socket | undefined> {
  for (const offset of doors.keys()) {
    const port = doors[(turn + offset) % doors.length] ?? 0;
    const socket = await new Promise<Socket | undefined>((done) => {
      const attempt = tcpConnect(port, '127.0.0.1', () => done(attempt));
      attempt.setNoDelay(true).once('error', () => done(undefined));
    });
    if (socket !== undefined) return socket;
  }
  return undefined;
}
