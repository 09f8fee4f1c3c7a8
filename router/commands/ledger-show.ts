/** `ketenpost ledger show`: look into the ledger. */
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import type { Stored } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import { EVENTS } from '../ledger/events.ts';
import { CONFIG_OPTION, type Options, text, withAdmin } from './admin.ts';

const show: Command = {
  name: 'ledger show',
  summary: 'show entries: the last ones, or all of one message, agency or kind',
  options: [
    CONFIG_OPTION,
    ['--message <id>', 'only of this message'],
    ['--agency <oin>', 'only where this agency occurs'],
    ['--kind <kind>', 'only of this kind'],
    ['--last <number>', 'at most this many, the newest', '20'],
  ],
  example: 'ketenpost ledger show --kind geweigerd --last 5',
  run: (_args, options) => {
    checkFilters(options);
    return withAdmin(options, async ({ bus }) => {
      const most = Number(text(options, 'last') ?? '20');
      if (!Number.isSafeInteger(most) || most < 1) {
        throw new CommandError('usage', '--last must be a number', 'Give digits only.');
      }
      const log = bus.log('LEDGER');
      const wanted = [text(options, 'message'), text(options, 'agency')].filter(
        (one) => one !== undefined,
      );
      const kind = text(options, 'kind') ?? '*';
      // Without a filter the last ones are at the end; with one the whole ledger is searched.
      const { last } = await log.state();
      const from = wanted.length === 0 && kind === '*' ? Math.max(1, last - most + 1) : 1;
      const found: Shown[] = [];
      for await (const stored of log.list(subjects.ledger(kind), from)) {
        const text = Buffer.from(stored.data).toString();
        if (!wanted.every((one) => text.includes(JSON.stringify(one)))) continue;
        found.push(read(stored));
        if (found.length > most) found.shift();
      }
      return listing(found);
    });
  },
};

/** A filter that can fit nothing would look like a ledger in which nothing happened. */
function checkFilters(options: Options): void {
  const [kind, message, agency] = ['kind', 'message', 'agency'].map((name) => text(options, name));
  if (kind !== undefined && !Object.hasOwn(EVENTS, kind)) {
    const known = Object.keys(EVENTS).join(', ');
    throw new CommandError('usage', `there is no kind ${kind}`, `Kinds are: ${known}.`);
  }
  if (message !== undefined && !new RegExp(PATTERNS.uuid7).test(message)) {
    throw new CommandError('usage', '--message is not the id of a message', 'Give its jti whole.');
  }
  if (agency !== undefined && !new RegExp(PATTERNS.oin).test(agency)) {
    throw new CommandError('usage', '--agency is not an OIN', 'See ketenpost registry list.');
  }
}

interface Shown {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function read({ seq, data }: Stored): Shown {
  const { salt: _, kind, at, ...fields } = JSON.parse(Buffer.from(data).toString());
  return { seq, at: new Date(at).toISOString(), kind, fields };
}

const listing = (found: readonly Shown[]): Report => ({
  json: found,
  ...(found.length === 0 && { text: 'No such entries.' }),
  table: {
    head: ['seq', 'at', 'kind', 'fields'],
    rows: found.map(({ seq, at, kind, fields }) => [
      `${seq}`,
      at,
      kind,
      Object.entries(fields)
        .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : value}`)
        .join(' '),
    ]),
  },
});

export const commands: readonly Command[] = [show];
