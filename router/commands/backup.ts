/** `ketenpost broker backup` and `restore`: the files of a broker that stands still. */
import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError } from '../../schemas/command.ts';
import { backUp, restore } from '../backup.ts';
import { text } from './admin.ts';

const backup: Command = {
  name: 'broker backup <dir>',
  summary: 'copy a stopped broker into a new folder, without bodies',
  options: [
    ['--out <folder>', 'the new folder to write into'],
    ['--config <file>', 'router.yaml, to take along'],
    ['--store <dir>', 'a snapshot of the store, made by the file system; the broker may then run'],
    ['--with-bodies', 'sealed messages too: to move to another machine; destroy it the same day'],
  ],
  example: 'ketenpost broker backup /etc/ketenpost/broker --out /backup/2026-11-22',
  run: async ([dir = 'broker'], options) => {
    const [store, config] = [text(options, 'store'), text(options, 'config')];
    const out = text(options, 'out') ?? missingOut();
    const bodies = options['withBodies'] === true;
    const manifest = await backUp({
      ...{ broker: dir, out, bodies, clock: systemClock },
      ...(store !== undefined && { store }),
      ...(config !== undefined && { config }),
    });
    const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const lines = [
      `${manifest.files.length} files, ${bytes} bytes, are in ${out}.`,
      bodies
        ? 'It holds sealed messages: destroy it within a day.'
        : 'It holds no messages; their senders keep them. Traffic data are in it: keep it for two days at most.',
      'It holds the credentials of the broker: keep it as secret as those.',
    ];
    return {
      json: { out, bytes, made: manifest.made, bodies, files: manifest.files.length },
      text: lines.join('\n'),
    };
  },
};

function missingOut(): never {
  throw new CommandError('usage', '--out is missing', 'Name a new folder for the backup.');
}

const restoring: Command = {
  name: 'broker restore <backup> <dir>',
  summary: 'make a whole backup the store of a broker',
  options: [['--replace', 'put aside what is in the store; without it a store is never touched']],
  example: 'ketenpost broker restore /backup/2026-11-22 /etc/ketenpost/broker',
  run: async ([from = '', dir = ''], options) => {
    const replace = options['replace'] === true;
    const done = await restore({ backup: from, broker: dir, replace, clock: systemClock });
    const { manifest, store, aside, settings } = done;
    const lines = [
      `${store} is as it was at ${manifest.made}.`,
      ...(settings ? [`The settings of the broker are in ${dir} again.`] : []),
      ...(aside === null ? [] : [`What was there is in ${aside}: destroy it within a day.`]),
      'Now, in this order: ketenpost broker run, every router (none may have run on meanwhile),',
      'ketenpost ledger verify with the witnesses of an agency: it tells what history was cut off.',
      'Senders offer again what they have no receipt for.',
    ];
    return {
      json: { store, aside, settings, made: manifest.made, bodies: manifest.bodies },
      text: lines.join('\n'),
    };
  },
};

export const commands: readonly Command[] = [backup, restoring];
