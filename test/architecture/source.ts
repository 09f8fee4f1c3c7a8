/** The project as the guards see it: tracked files, their text, and who imports whom. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { projectFolder } from '../../project.ts';

export interface Source {
  readonly path: string;
  readonly text: string;
}

const UNTRACKED = /^(node_modules|\.?dist|\.build|\.git|\.demo)(\/|$)/;

/** What git tracks; in an unpacked archive without git, every file that is not made by us. */
export function trackedFiles(): string[] {
  try {
    const list = execFileSync('git', ['ls-files', '-z'], { cwd: projectFolder(), stdio: 'pipe' });
    return String(list).split('\0').filter(Boolean).filter(isThere);
  } catch {
    return filesBelow('.').filter((path) => !UNTRACKED.test(path));
  }
}

/** A file that was moved away and not yet committed is tracked and not there. */
const isThere = (path: string): boolean =>
  readdirSync(join(projectFolder(), dirname(path)), { withFileTypes: true }).some(
    (entry) => entry.name === posix.basename(path),
  );

function filesBelow(folder: string): string[] {
  return readdirSync(join(projectFolder(), folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (UNTRACKED.test(path)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

export const readSource = (path: string): Source => ({
  path,
  text: readFileSync(join(projectFolder(), path), 'utf8'),
});

const IMPORTS = [
  /^(?:import|export)\b[^;'"`]*?\bfrom\s+['"]([^'"\n]+)['"]/gm,
  /^import\s+['"]([^'"\n]+)['"]/gm,
  /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g,
];

/** What a file imports: packages by name, files of ours by their path from the root. */
export function importsOf({ path, text }: Source): string[] {
  const code = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/`[^`]*`/g, '``');
  const named = IMPORTS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((hit) => hit[1] ?? ''),
  );
  return [...new Set(named)].map((name) =>
    name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
  );
}

/** `router/bus/bus.ts` → `router`; a file at the top → ``. */
export const roomOf = (path: string): string =>
  (path.includes('/') ? path.split('/')[0] : '') ?? '';
