import { type Command, CommandError } from '../../schemas/command.ts';
import { readAdapterConfig } from '../config.ts';
import { startAdapter } from '../start.ts';

export const adapter: Command = {
  name: 'adapter',
  summary: 'run the adapter of one or several agencies',
  options: [['--config <file>', 'adapter.yaml']],
  example: 'ketenpost adapter --config adapter.yaml',
  async run(_args, options, context) {
    const file = options['config'];
    if (typeof file !== 'string') {
      throw new CommandError('usage', '--config is missing', 'give --config adapter.yaml');
    }
    const running = await startAdapter(await readAdapterConfig(file));
    for (const { oin, rest } of running.agencies) {
      context.line(`ready oin=${oin}${rest === undefined ? '' : ` rest=${rest}`}`);
    }
    await aborted(context.signal);
    await running.stop();
    return { json: { stopped: running.agencies.map(({ oin }) => oin) }, text: 'stopped' };
  },
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
