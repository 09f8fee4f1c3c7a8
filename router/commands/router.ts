/** `ketenpost router`: runs until it is told to stop. */
import { type Command, CommandError, EXITS, type Report } from '../../schemas/command.ts';
import { readRouterConfig } from '../config.ts';
import { openLog } from '../log.ts';
import { ROLES, type Router, type RunRole, startRouter } from '../start.ts';

export const router: Command = {
  name: 'router',
  summary: 'run the router, or one of its roles, until it is told to stop',
  options: [
    ['--config <file>', 'the configuration (router.yaml)'],
    ['--role <role>', `what this process does: ${ROLES.join(', ')}`, 'all'],
  ],
  example: 'ketenpost router --config router.yaml',
  async run(_args, options, { line, signal }): Promise<Report> {
    const role = readRole(options['role']);
    const file = readConfigFile(options['config']);
    const reread = () => readRouterConfig(file);
    const config = await reread();
    const log = openLog(config.log.level, role);
    const running = await startRouter(config, role, { log, file, reread });
    process.on('SIGHUP', () => void running.reload());
    line(readyLine(running));
    log.info({ door: running.door, metrics: running.metrics }, 'ready');
    const reason = await Promise.race([told(signal), running.broken]);
    log.info(reason === 'told' ? {} : { err: reason }, 'stopping');
    leaveAtLast(config.door.times.stopSeconds);
    await running.stop();
    log.info('stopped');
    const json = { role, stopped: reason === 'told' ? 'told' : 'broker gone' };
    return { json, exit: reason === 'told' ? 'ok' : 'unreachable' };
  },
};

/** `ready role=all door=https://localhost:8443 metrics=http://127.0.0.1:9464`; whoever started us waits for it. */
const readyLine = ({ role, door, metrics }: Router): string =>
  ['ready', `role=${role}`, ...(door ? [`door=${door}`] : []), `metrics=${metrics}`].join(' ');

function readRole(value: string | boolean | undefined): RunRole {
  const role = ROLES.find((one) => one === (value ?? 'all'));
  if (role !== undefined) return role;
  throw new CommandError('usage', 'there is no such role', `Choose one of ${ROLES.join(', ')}.`);
}

function readConfigFile(value: string | boolean | undefined): string {
  if (typeof value === 'string') return value;
  const next = 'Name the configuration with --config <file>.';
  throw new CommandError('usage', '--config is missing', next);
}

const told = (signal: AbortSignal): Promise<'told'> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('told');
    signal.addEventListener('abort', () => resolve('told'), { once: true });
  });

/** A second signal, or a stop that takes too long, ends the process at once. */
function leaveAtLast(seconds: number): void {
  const leave = () => process.exit(EXITS.fault);
  for (const name of ['SIGTERM', 'SIGINT']) process.once(name, leave);
  setTimeout(leave, seconds * 1000 + 1000).unref();
}
