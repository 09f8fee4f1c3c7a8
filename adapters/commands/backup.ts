import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError } from '../../schemas/command.ts';
import { backup as copy, restore as putBack } from '../store/backup.ts';
import { chooseAgency } from './choose-agency.ts';
import { type Options, textOf } from './local-api.ts';

const WHICH = [
  ['--config <file>', 'adapter.yaml'],
  ['--agency <oin>', 'which agency, when the configuration has several'],
] as const;

export const backup: Command = {
  name: 'adapter backup',
  summary: 'copy the store, also of an adapter that runs; still encrypted, without its key',
  options: [...WHICH, ['--out <file>', 'a new file; its manifest is written beside it']],
  example: 'ketenpost adapter backup --out store-2026-11-22.db --config adapter.yaml',
  async run(_args, options) {
    const { store } = await agencyOf(options);
    const out = needed(options, 'out', 'name a new file');
    const manifest = await copy(store, out, systemClock.now());
    const keys = manifest.sleutels.join(', ') || 'none yet';
    const text = `${manifest.bytes} bytes as of ${manifest.tijd} in ${out}; readable with store key ${keys}: keep a copy of ${store.keyFile} elsewhere`;
    return { json: { bestand: out, ...manifest }, text };
  },
};

export const restore: Command = {
  name: 'adapter restore <file>',
  summary: 'put a backup in place of the store of a stopped adapter',
  options: [
    ...WHICH,
    ['--overwrite', 'also when the store that is there is newer; it is put aside, not removed'],
  ],
  example: 'ketenpost adapter restore store-2026-11-22.db --config adapter.yaml',
  async run([file = ''], options) {
    const { store, identity } = await agencyOf(options);
    const overwrite = options['overwrite'] === true;
    const wishes = { oin: identity.oin, now: systemClock.now(), overwrite };
    const { manifest, aside } = await putBack(store, file, wishes);
    const lines = [
      `the store is as it was at ${manifest.tijd}`,
      ...(aside === undefined ? [] : [`what was there is kept in ${aside}`]),
      'start the adapter: it asks the router what came after the backup; then see: ketenpost missing',
    ];
    return { json: { ...manifest, ...(aside && { opzij: aside }) }, text: lines.join('\n') };
  },
};

const agencyOf = (options: Options) =>
  chooseAgency(needed(options, 'config', 'give --config adapter.yaml'), textOf(options, 'agency'));

function needed(options: Options, name: string, next: string): string {
  const value = textOf(options, name);
  if (value === undefined) throw new CommandError('usage', `--${name} is missing`, next);
  return value;
}
