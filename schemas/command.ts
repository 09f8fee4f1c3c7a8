/**
 * What a command of the command line is, so that each room can offer its own and one place
 * (command-line.ts) parses, prints and sets the exit code. A command returns a report; it never prints.
 */
export interface Report {
  /** What `--json` prints. */
  readonly json: unknown;
  /** Lines for people, printed before the table. */
  readonly text?: string;
  readonly table?: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  /** Defaults to 'ok'. */
  readonly exit?: ExitName;
}

/** Documented in docs/configuration.md. */
export const EXITS = {
  ok: 0,
  /** Something of ours broke. */
  fault: 1,
  /** The command line or configuration is wrong. */
  usage: 2,
  /** What was asked was understood and refused. */
  refused: 3,
  /** A check found that something is not as it should be (ledger verify, demo). */
  failed: 4,
  /** The router, adapter or broker could not be reached. */
  unreachable: 5,
} as const;
export type ExitName = keyof typeof EXITS;

/** A failure that a user can mend: what is wrong, and what to do next. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exit: ExitName;
  readonly next: string;
  constructor(exit: ExitName, message: string, next: string) {
    super(message);
    this.exit = exit;
    this.next = next;
  }
}

/**
 * Why an address of the configuration cannot be listened on, for a `catch`; any other error is passed on.
 * @param setting its name in the configuration, such as `door.port`
 * @throws CommandError, or the error itself
 */
export const cannotListen =
  (setting: string) =>
  (error: NodeJS.ErrnoException & { address?: string; port?: number }): never => {
    if (error.syscall !== 'listen') throw error;
    throw new CommandError(
      'usage',
      `cannot listen on ${error.address} port ${error.port} (${error.code})`,
      `Choose another ${setting}, or stop what listens there.`,
    );
  };

export interface CommandContext {
  /** Shows that long work goes on; written to standard error, dropped with --json. */
  progress(text: string): void;
  /** Aborted on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Writes a line to standard output at once, for commands that run on (router, adapter). */
  line(text: string): void;
}

export interface Command {
  /** Words as typed, arguments as commander writes them: `registry show <oin>`. */
  readonly name: string;
  readonly summary: string;
  /** Commander's option syntax and a sentence: `['--config <file>', 'the configuration']`. */
  readonly options: readonly (readonly [flags: string, description: string, fallback?: string])[];
  /** A whole line that works as typed. */
  readonly example: string;
  run(
    args: readonly string[],
    options: Readonly<Record<string, string | boolean | undefined>>,
    context: CommandContext,
  ): Promise<Report>;
}
