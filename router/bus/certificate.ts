/** The TLS certificates that the servers of the broker show: to know when they end. */
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';

const PATIENCE_MS = 5000;

/** One for each server that could be asked; one that is away now is left out. */
export async function readBrokerCertificates({
  servers,
  ca,
}: {
  readonly servers: readonly string[];
  readonly ca: string;
}): Promise<Certificate[]> {
  const authority = await readFile(ca);
  const all = await Promise.all(
    servers.map((server) => shownBy(new URL(server), authority).catch(() => undefined)),
  );
  return all.filter((one) => one !== undefined);
}

/** A NATS server says INFO in clear, and speaks TLS from then on. */
async function shownBy({ hostname, port }: URL, ca: Buffer): Promise<Certificate> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connectTcp(Number(port), host);
  try {
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    await once(socket, 'data');
    const tls = connectTls({ socket, ca, servername: host, minVersion: 'TLSv1.2' });
    await once(tls, 'secureConnect');
    return readCertificate(tls.getPeerCertificate(true).raw);
  } finally {
    socket.destroy();
  }
}

const once = (socket: Socket, event: 'data' | 'secureConnect'): Promise<void> =>
  new Promise((done, fail) => {
    socket.once(event, () => done());
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('closed')));
  });
