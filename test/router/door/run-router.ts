/** `ketenpost router` as a process: the command, its signals, its line and its exit code, nothing else. */
import { router } from '../../../router/commands/router.ts';
import { EXITS } from '../../../schemas/command.ts';

const [, , config, role] = process.argv;
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const context = {
  progress: () => undefined,
  line: (text: string) => void process.stdout.write(`${text}\n`),
  signal: stop.signal,
};
const { exit = 'ok' } = await router.run([], { config, role }, context);
process.exitCode = EXITS[exit];
