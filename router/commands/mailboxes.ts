/** `ketenpost mailboxes`: what waits for whom, by number, size and age. No content. */
import { type Command, CommandError } from '../../schemas/command.ts';
import { Unanswered } from '../bus/bus.ts';
import { subjects } from '../bus/subjects.ts';
import type { MailboxReport } from '../mailboxes/survey.ts';
import { CONFIG_OPTION, withAdmin } from './admin.ts';

const TIME_LIMIT_MS = 60_000;

export const mailboxes: Command = {
  name: 'mailboxes',
  summary: 'show what waits for whom',
  options: [CONFIG_OPTION],
  example: 'ketenpost mailboxes --config router.yaml',
  run: (_, options) =>
    withAdmin(options, async ({ bus }) => {
      const found = await ask(() =>
        bus.ask(subjects.mailboxLevels, new Uint8Array(), { timeoutMs: TIME_LIMIT_MS }),
      );
      const full = found.filter((one) => one.full).length;
      return {
        json: found,
        text: full === 0 ? 'No mailbox is full.' : `Full, and taking no new messages: ${full}.`,
        table: {
          head: [
            'oin',
            'name',
            'status',
            'items',
            'bytes',
            'oldest',
            'most items',
            'most bytes',
            '',
          ],
          rows: found.map(row),
        },
      };
    }),
};

const row = ({ oin, naam, status, items, bytes, oldest, full, limit }: MailboxReport): string[] => [
  ...[oin, naam ?? '', status ?? 'not registered', `${items}`, `${bytes}`],
  oldest === undefined ? '' : new Date(oldest).toISOString(),
  ...[`${limit.items}`, `${limit.bytes}`, full ? 'FULL' : ''],
];

async function ask(question: () => Promise<Uint8Array>): Promise<MailboxReport[]> {
  try {
    const answer = JSON.parse(Buffer.from(await question()).toString());
    return (answer as { mailboxes: MailboxReport[] }).mailboxes;
  } catch (fault) {
    if (!(fault instanceof Unanswered)) throw fault;
    throw new CommandError('unreachable', 'no pipeline answers', 'Start ketenpost router.');
  }
}
