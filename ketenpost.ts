#!/usr/bin/env node
/**
 * The command line as a process: its signals, its two outputs and its exit code. What is typed is found and
 * run in command-line.ts; commands themselves live in the rooms (see commands.ts).
 */
import { runCommandLine } from './command-line.ts';
import { EXITS } from './schemas/command.ts';

/** The first SIGINT or SIGTERM asks the command to stop; a second SIGINT does not ask. */
function untilStopped(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => {
    stop.abort();
    process.once('SIGINT', () => process.exit(130));
  });
  return stop.signal;
}

// Node answers SIGUSR1 with a debugger, and a debugger reads every key in memory: with a listener it does not.
process.on('SIGUSR1', () => undefined);

// Whoever reads our output may stop reading (`ketenpost ledger show | head`): not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXITS.ok : EXITS.fault);
});
const { stdout, stderr } = process;
process.exit(await runCommandLine(process.argv.slice(2), { stdout, stderr, untilStopped }));
