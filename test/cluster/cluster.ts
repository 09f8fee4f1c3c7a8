/** `npm run cluster`: the story of many machines, and a count after each step. */
import { availableParallelism, loadavg } from 'node:os';
import { explain } from '../../explain.ts';
import { describeServer } from '../../router/bus/server.ts';
import { EXITS } from '../../schemas/command.ts';
import { openTerminal, type Terminal } from '../../terminal.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { LEGEND, toTable } from './report.ts';
import { isGood, type Row } from './step.ts';
import { tellCluster } from './tell.ts';

const PER_SECOND = { whole: 6, quick: 3 } as const;
const ROLES = ['pipeline', 'pipeline', 'pipeline', 'door', 'door'] as const;

async function main(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal({ json: argv.includes('--json') });
  try {
    const options = readOptions(argv);
    if (!options.help) return await run(options, terminal);
    process.stdout.write(HELP);
    return EXITS.ok;
  } catch (error) {
    const { exit, ...failure } = explain(error);
    terminal.failure(failure);
    return EXITS[exit];
  }
}

async function run({ quick, json, keep, steps }: Options, terminal: Terminal): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  const perSecond = quick ? PER_SECOND.quick : PER_SECOND.whole;
  const server = describeServer();
  const where = `node ${process.versions.node}, ${availableParallelism()} cores`;
  terminal.progress(`three of ${server}, R3 streams, ${perSecond} messages/s, ${where}`);
  const rows: Row[] = [];
  const broken = await tellCluster({
    ...{ quick, perSecond, steps, keep, roles: ROLES },
    say: (text) => terminal.progress(`  … ${text}`),
    onRow: (row) => {
      rows.push(row);
      terminal.progress(`${isGood(row) ? '✓' : '✗'} ${row.name}: ${summary(row)}`);
    },
  }).then(
    () => undefined,
    (error: unknown) => explain(error).message,
  );
  const good = broken === undefined && rows.every(isGood);
  const load = loadavg().map((one) => one.toFixed(1));
  const about = { good, server, quick, perSecond, load, ...(broken !== undefined && { broken }) };
  if (json) process.stdout.write(`${JSON.stringify({ ...about, steps: rows }, undefined, 2)}\n`);
  else {
    const end = broken === undefined ? '' : `broke off: ${broken}\n`;
    process.stdout.write(
      `${toTable(rows, terminal.out)}\n\n${server}; ${perSecond} messages/s; load of the machine ${load.join(' ')}\n${end}${LEGEND}\n`,
    );
  }
  return good ? EXITS.ok : EXITS.failed;
}

const summary = (row: Row): string =>
  `${row.accepted} accepted, ${row.delivered} of ${row.copies} copies delivered, ${row.lost} lost, ${row.twice} twice, ${row.retried} retried, ${row.refusedBeyondRetry} beyond; recovery ${row.recoverySeconds} s; ${row.seconds} s`;

process.exit(await main(process.argv.slice(2)));
