/** What the figures were made with: without it they say nothing. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { projectVersion } from '../project.ts';
import { describeServer } from '../router/bus/server.ts';

export interface Configuration {
  readonly ketenpost: string;
  readonly node: string;
  readonly openssl: string;
  /** The nats-server, and whether it writes through. */
  readonly broker: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  /** Load of the machine in the minute before: what else it was doing. */
  readonly load: number;
  readonly date: string;
}

export const configuration = (): Configuration => ({
  ketenpost: [projectVersion(), commit()].filter(Boolean).join(' '),
  node: process.versions.node,
  openssl: process.versions.openssl,
  broker: describeServer(),
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  date: new Date().toISOString().slice(0, 16),
});

/** Which sources these are, where they lie in a repository. */
function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('describe', '--always', '--dirty');
  } catch {
    return '';
  }
}
