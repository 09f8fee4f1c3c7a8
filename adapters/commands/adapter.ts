import { type Command, CommandError } from '../../schemas/command.ts';
import { holdNursery } from '../nursery.ts';
import { textOf } from './local-api.ts';

export const adapter: Command = {
  name: 'adapter',
  summary: 'run the adapter of one or several agencies',
  options: [['--config <file>', 'adapter.yaml']],
  example: 'ketenpost adapter --config adapter.yaml',
  async run(_args, options, context) {
    const file = textOf(options, 'config');
    if (file === undefined) {
      throw new CommandError('usage', '--config is missing', 'give --config adapter.yaml');
    }
    const release = holdNursery();
    const { readAdapterConfig } = await import('../config.ts');
    const { startAdapter } = await import('../start.ts');
    const reread = () => readAdapterConfig(file);
    const running = await startAdapter(await reread(), { file, reread });
    process.on('SIGHUP', () => void running.reload());
    release();
    for (const { oin, rest, data } of running.agencies) {
      const told = [`oin=${oin}`, rest && `rest=${rest}`, data && `gegevens=${data}`];
      context.line(['ready', ...told.filter((one) => one !== undefined)].join(' '));
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
