import { type Command, CommandError } from '../../schemas/command.ts';
import { rotateKey } from '../store/rotate.ts';
import { chooseAgency } from './choose-agency.ts';
import { textOf } from './local-api.ts';

export const rotate: Command = {
  name: 'adapter rotate-key',
  summary: 'encrypt the store of a stopped adapter under a new key',
  options: [
    ['--config <file>', 'adapter.yaml'],
    ['--agency <oin>', 'which agency, when the configuration has several'],
  ],
  example: 'ketenpost adapter rotate-key --config adapter.yaml',
  async run(_args, options, context) {
    const file = textOf(options, 'config');
    if (file === undefined)
      throw new CommandError('usage', '--config is missing', 'give --config adapter.yaml');
    const { store } = await chooseAgency(file, textOf(options, 'agency'));
    const done = await rotateKey(store, (count) =>
      context.progress(`${count} values encrypted anew …`),
    );
    const text = `${done.values} values encrypted anew under key ${done.key}\nMake a new copy of ${store.keyFile}. Backups from before are readable with the old key only: keep its copy as long as them.`;
    return { json: done, text };
  },
};
