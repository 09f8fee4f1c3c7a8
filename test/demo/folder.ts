/**
 * Where the demo lives: .demo/ in the project, made anew by each run. While another demo lives
 * there, a folder of the system for temporary files. What a fallen demo left running is ended.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../project.ts';
import { paths } from '../town/files.ts';

const holder = (folder: string): string => join(folder, 'pid');

export function makeFolder(): string {
  const usual = join(projectFolder(), '.demo');
  const folder = isHeld(usual) ? mkdtempSync(join(tmpdir(), 'ketenpost-demo-')) : emptied(usual);
  writeFileSync(holder(folder), `${process.pid}\n`);
  return folder;
}

/** The usual folder stays for whoever wants to look; one of the system's would only be litter. */
export function leaveFolder(folder: string): void {
  rmSync(holder(folder), { force: true });
  if (!folder.startsWith(projectFolder())) rmSync(folder, { recursive: true, force: true });
}

function emptied(folder: string): string {
  endLeftovers(folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  return realpathSync(folder);
}

const numbersIn = (file: string): number[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];

/** The command line of a process that lives, empty otherwise. Only Linux tells it so. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

const isHeld = (folder: string): boolean =>
  numbersIn(holder(folder)).some((pid) => commandLine(pid).includes('demo'));

/** Numbers of processes come round again: only what names our folder is ours. */
function endLeftovers(folder: string): void {
  for (const pid of numbersIn(paths(folder).pids))
    if (commandLine(pid).includes(folder)) process.kill(pid, 'SIGKILL');
}
