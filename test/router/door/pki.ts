/** Certificates for the tests of the door. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Shown {
  readonly key: string;
  readonly cert: string;
}

export interface Pki {
  readonly ca: string;
  issue(oin: string, name: string): Shown;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

/** An authority of one layer, on P-256 because that is quick to make. */
export function newPki(): Pki {
  const dir = mkdtempSync(join(tmpdir(), 'ketenpost-door-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: dir });
  openssl('req', '-x509', ...EC, '-subj', '/CN=test CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  return {
    ca: read('ca.pem'),
    issue(oin, name) {
      openssl(
        ...['req', '-x509', '-CA', 'ca.pem', '-CAkey', 'ca.key', ...EC],
        ...['-subj', `/CN=${name}/serialNumber=${oin}`, '-addext', 'subjectAltName=DNS:localhost'],
        ...['-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', 'one.key'],
        ...['-out', 'one.pem'],
      );
      return { key: read('one.key'), cert: read('one.pem') };
    },
  };
}
