/** Turns whatever a command threw into what is wrong, what to do next, and an exit code. */
import { CODES } from './schemas/codes.ts';
import { CommandError, type ExitName } from './schemas/command.ts';
import { Refusal } from './schemas/refusal.ts';
import type { Failure } from './terminal.ts';

export type Explained = Failure & { readonly exit: ExitName };

/** What the system says when nobody is there, or not yet. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

const FILES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read or written by this user',
  EISDIR: 'is a folder, where a file was expected',
  ENOTDIR: 'is a file, where a folder was expected',
  EEXIST: 'exists already',
};

export function explain(error: unknown): Explained {
  if (error instanceof CommandError)
    return { exit: error.exit, message: error.message, next: error.next };
  if (error instanceof Refusal) return refused(error);
  if (isFromCommander(error)) return usage(error.message);
  const system = systemError(error);
  if (system !== undefined) return system;
  return {
    exit: 'fault',
    message: error instanceof Error ? error.message : 'something failed without saying what',
    next: 'this looks like a fault of Ketenpost: set KETENPOST_TRACE=1 to see where, and report it',
  };
}

const refused = ({ code, message, faults }: Refusal): Explained => ({
  exit: 'refused',
  message,
  code,
  faults,
  next: CODES[code].remedy,
});

/** Commander, which is loaded only where a command is parsed, throws too when it has shown help. */
export const isShownHelp = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'commander.helpDisplayed';

const isFromCommander = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');

const usage = (message: string): Explained => ({
  exit: 'usage',
  message: message.replace(/^error: /, '').replaceAll('\n', ' '),
  next: 'add --help to see the options and an example',
});

/** The first error with a code of the system, from the outside in: HTTP clients wrap the real one. */
function systemError(error: unknown): Explained | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, address, port } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code !== undefined && UNREACHABLE.has(code))
    return {
      exit: 'unreachable',
      message: `nobody answers${address === undefined ? '' : ` at ${address}:${port}`} (${code})`,
      next: 'check that it runs and that the address is right, then try again',
    };
  const why = code === undefined ? undefined : FILES[code];
  if (why !== undefined && path !== undefined)
    return { exit: 'usage', message: `${path} ${why}`, next: 'check the path, then try again' };
  return systemError(error.cause);
}
