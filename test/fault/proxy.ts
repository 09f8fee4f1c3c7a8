/** A line between two parts that can be cut: a TCP proxy on loopback. */
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

export interface Line {
  readonly port: number;
  /** Breaks every connection and lets new ones come. */
  cut(): void;
  /** Breaks every connection and takes no new one. */
  refuse(): Promise<void>;
  /** Connections stay and new ones are taken, but nothing passes. */
  stall(): void;
  /** The next `count` pieces that come back are cut in the middle, and their connections with them. */
  cutReplies(count: number): void;
  /** Everything passes again. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function openLine(port: number, target: () => number): Promise<Line> {
  const pairs = new Set<Pair>();
  let [stalled, toCut] = [false, 0];
  let server: Server | undefined;

  const end = (pair: Pair) => {
    pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  };
  const endAll = () => {
    for (const pair of [...pairs]) end(pair);
  };
  const halt = ({ near, far }: Pair) => {
    near.pause();
    far.pause();
  };
  const back = (pair: Pair, piece: Buffer) => {
    if (toCut === 0) return pair.near.write(piece);
    toCut -= 1;
    pair.near.write(piece.subarray(0, Math.floor(piece.length / 2)), () => end(pair));
    return true;
  };
  const join = (near: Socket) => {
    const far = tcpConnect(target(), '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    near.on('data', (piece) => void far.write(piece));
    far.on('data', (piece) => void back(pair, piece));
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => end(pair));
      socket.on('close', () => end(pair));
    }
    if (stalled) halt(pair);
  };
  const listen = () =>
    new Promise<void>((done, fail) => {
      server = createServer(join).once('error', fail).listen(port, '127.0.0.1', done);
    });
  const unlisten = () =>
    new Promise<void>((done) => {
      const was = server;
      server = undefined;
      if (was === undefined) done();
      else was.close(() => done());
      endAll();
    });

  await listen();
  return {
    port,
    cut: endAll,
    refuse: unlisten,
    stall() {
      stalled = true;
      for (const pair of pairs) halt(pair);
    },
    cutReplies: (count) => {
      toCut = count;
    },
    async mend() {
      toCut = 0;
      stalled = false;
      for (const { near, far } of pairs) {
        near.resume();
        far.resume();
      }
      if (server === undefined) await listen();
    },
    close: unlisten,
  };
}
