import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../schemas/clock.ts';
import {
  type Command,
  type CommandContext,
  CommandError,
  type Report,
} from '../../schemas/command.ts';
import { newUuid7 } from '../../schemas/ids.ts';
import { readObject } from '../../schemas/read.ts';
import type { Posted } from '../outlet.ts';
import type { Track } from '../track.ts';
import { findApi, followIt, type LocalApi, type Options, textOf, WHERE } from './local-api.ts';
import { reportOf } from './track.ts';

/** What an option is called in the draft. */
const FIELDS: Readonly<Record<string, string>> = {
  type: 'berichttype',
  versie: 'versie',
  grondslag: 'grondslag',
  prio: 'prio',
  zaak: 'zaak',
  conversatie: 'conversatie',
  verwijst: 'verwijst',
  vervangt: 'vervangt',
  trektIn: 'trektIn',
  geldigTot: 'geldigTot',
};

export const send: Command = {
  name: 'send <file>',
  summary: 'hand in a message: a body with --type, or a whole draft; - reads from stdin',
  options: [
    ['--type <type>', 'message type, such as vt-melding'],
    ['--versie <version>', 'version of the type; the newest when absent'],
    ['--to <oins>', 'recipients, with commas between them; found by the router when absent'],
    ['--grondslag <code>', 'legal basis'],
    ['--prio <prio>', 'spoed or normaal'],
    ['--zaak <uuid>', 'case'],
    ['--conversatie <id>', 'conversation that it belongs to'],
    ['--verwijst <id>', 'message that it refers to'],
    ['--vervangt <id>', 'message that it corrects'],
    ['--trekt-in <id>', 'message that it withdraws'],
    ['--geldig-tot <moment>', 'end; five days on when absent'],
    ['--wait', 'wait until every recipient has it, or it is certain that one has not'],
    ...WHERE,
  ],
  example:
    'ketenpost send melding.json --type vt-melding --grondslag bpg-4.2.1.i --prio spoed --wait --config adapter.yaml',
  async run([file = '-'], options, context) {
    const api = await findApi(options);
    const draft = toDraft(readFile(file), options);
    const posted = await api.post<Posted>('/v1/berichten', draft);
    if (options['wait'] !== true) {
      const text = `ingediend ${posted.bericht}\n${followIt(posted.bericht, options)}`;
      return { json: posted, text };
    }
    return await waitFor(api, posted.bericht, context);
  },
};

function readFile(file: string): Record<string, unknown> {
  return readObject(readFileSync(file === '-' ? 0 : file));
}

/** An id of our own: should the adapter fall silent, the same command can be given again. */
function toDraft(content: Record<string, unknown>, options: Options): Record<string, unknown> {
  const whole = 'inhoud' in content && 'berichttype' in content;
  const given = Object.entries(FIELDS).flatMap(([option, field]) => {
    const value = textOf(options, option);
    return value === undefined ? [] : [[field, value]];
  });
  const to = textOf(options, 'to');
  const draft = {
    jti: newUuid7(systemClock.now()),
    ...(whole ? content : { inhoud: content }),
    ...Object.fromEntries(given),
    ...(to !== undefined && { aan: to.split(',').map((oin) => oin.trim()) }),
  };
  if ('berichttype' in draft) return draft;
  throw new CommandError(
    'usage',
    'it is not said what kind of message this is',
    'add --type <type>',
  );
}

const ENDED = new Set(['geweigerd', 'afgerond', 'verlopen']);

async function waitFor(api: LocalApi, jti: string, context: CommandContext): Promise<Report> {
  for (let told = ''; ; ) {
    const track = await api.get<Track>(`/v1/berichten/${jti}`);
    if (ENDED.has(track.staat) || context.signal.aborted) return reportOf(track);
    const news = `${track.staat}, ${track.pogingen} offered`;
    if (news !== told) context.progress(news);
    told = news;
    await pause(500, undefined, { signal: context.signal }).catch(() => undefined);
  }
}
