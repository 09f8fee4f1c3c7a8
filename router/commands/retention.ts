/** `ketenpost retention report`: what is kept, how long, by which law, and whether the promise is kept. */
import { systemClock } from '../../schemas/clock.ts';
import type { Command, Report } from '../../schemas/command.ts';
import { type Bus, Unanswered } from '../bus/bus.ts';
import { askHoldings } from '../bus/holdings.ts';
import { subjects } from '../bus/subjects.ts';
import type { RouterConfig } from '../config.ts';
import { AGES, type Contents, type Pile } from '../retention/holdings.ts';
import { makeReport, type RetentionReport, type StreamRow } from '../retention/report.ts';
import { CONFIG_OPTION, withAdmin } from './admin.ts';

const report: Command = {
  name: 'retention report',
  summary: 'what is kept, for how long, and whether that is right',
  options: [CONFIG_OPTION],
  example: 'ketenpost retention report --config router.yaml',
  run: (_args, options) =>
    withAdmin(options, async ({ bus, config }) => {
      const [holdings, contents] = await Promise.all([
        askHoldings(adminOf(config)),
        askContents(bus),
      ]);
      return told(makeReport(holdings, contents, systemClock.now()));
    }),
};

function adminOf({ broker: { servers, ca, credentials } }: RouterConfig) {
  if (credentials.admin === undefined) throw new Error('withAdmin connected without credentials');
  const seedFile = credentials.admin;
  return { servers, ca, role: 'admin', seedFile, name: 'ketenpost-retention' } as const;
}

/** A pipeline walks over all that waits. */
const TIME_LIMIT_MS = 120_000;

/** Only a pipeline may look into mailboxes. @returns null when none runs */
async function askContents(bus: Bus): Promise<Contents | null> {
  try {
    const options = { timeoutMs: TIME_LIMIT_MS };
    const answer = await bus.ask(subjects.holdings, new Uint8Array(), options);
    return JSON.parse(Buffer.from(answer).toString()) as Contents;
  } catch (fault) {
    if (fault instanceof Unanswered) return null;
    throw fault;
  }
}

const PROMISE: Readonly<Record<RetentionReport['promise'], string>> = {
  kept: 'The promise is kept: nothing is past its time.',
  broken: 'The promise is BROKEN:',
  unknown:
    'No pipeline answered: what lies in the mailboxes is not known. Start one and ask again.',
};

function told(made: RetentionReport): Report {
  const { promise, streams, contents, faults } = made;
  return {
    json: made,
    text: [
      PROMISE[promise],
      ...faults.map((fault) => `  ${fault}`),
      ...(contents === null ? [] : ['', ...linesOf(contents)]),
      '',
    ].join('\n'),
    table: {
      head: ['stream', 'keeps', 'number', 'bytes', 'oldest', 'newest', 'limit', 'set', 'gone', ''],
      rows: streams.map(cells),
    },
    exit: promise === 'kept' ? 'ok' : 'failed',
  };
}

const day = (at: number | null): string => (at === null ? '-' : new Date(at).toISOString());
const days = (count: number | null): string => (count === null ? 'none' : `${count} d`);

const cells = (row: StreamRow): string[] => [
  ...[row.stream, row.keeps, `${row.count}`, `${row.bytes}`, day(row.oldest), day(row.newest)],
  ...[days(row.limitDays), days(row.setDays), `${row.gone}`],
  row.faults.length === 0 ? 'kept' : 'BROKEN',
];

function linesOf({ copies, notices, letters, round }: Contents): string[] {
  return [
    'Bodies, sealed:',
    `  copies that wait for their recipients: ${pile(copies)}`,
    `  dead letters: ${pile(letters)}`,
    'Traffic data:',
    `  receipts and alarms that wait for their addressees: ${pile(notices)}`,
    `  receipts, ids and the ledger: the table. What is gone from the ledger took its salt along.`,
    round === null
      ? 'Nobody has looked for what should be gone yet.'
      : `Last looked for what should be gone: ${day(round.at)}; ${round.looked} looked at, ${round.erased} erased, ${round.failed} failed.`,
  ];
}

function pile({ count, byAge, due, overdue }: Pile): string {
  if (count === 0) return 'none';
  const ages = AGES.filter(([name]) => byAge[name] > 0).map(
    ([name]) => `${byAge[name]} ${age(name)}`,
  );
  return `${count} (${ages.join(', ')}); past their time ${due}, too long ${overdue}`;
}

const age = (name: string): string => (name === 'older' ? 'older than 30 d' : `under ${name}`);

export const commands: readonly Command[] = [report];
