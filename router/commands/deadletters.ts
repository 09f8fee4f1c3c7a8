/** `ketenpost deadletters …`: submissions that were parked, without content; offer them again. */
import { userInfo } from 'node:os';
import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { PILES, type Pile } from '../deadletters/piles.ts';
import { type Redriven, redrive } from '../deadletters/redrive.ts';
import { type DeadLetter, openDeadLetters } from '../deadletters.ts';
import { type Admin, CONFIG_OPTION, type Options, text, withAdmin } from './admin.ts';

const PILE = ['--pile <pile>', `only of this pile: ${PILES.join(', ')}`] as const;

const list: Command = {
  name: 'deadletters list',
  summary: 'show the submissions that were parked, oldest first',
  options: [CONFIG_OPTION, PILE],
  example: 'ketenpost deadletters list --pile ours',
  run: (_args, options) =>
    withAdmin(options, async (admin) => {
      const letters = await all(admin, pileOf(options));
      return {
        json: letters,
        ...(letters.length === 0 && { text: 'There are no dead letters.' }),
        table: {
          head: ['id', 'pile', 'parked', 'peer', 'lane', 'stage', 'cause', 'tries', 'bytes'],
          rows: letters.map(row),
        },
      };
    }),
};

const row = (one: DeadLetter): string[] => [
  ...[one.id, one.pile, new Date(one.parkedAt).toISOString(), one.peer, one.prio],
  ...[one.stage, one.cause, `${one.attempts}`, `${one.bytes}`],
];

const show: Command = {
  name: 'deadletters show <id>',
  summary: 'tell the story of one dead letter; its content stays sealed',
  options: [CONFIG_OPTION],
  example: 'ketenpost deadletters show 0199d2c4',
  run: ([id = ''], options) =>
    withAdmin(options, async (admin) => {
      const letter = pick(await all(admin), id);
      const rows = Object.entries({ ...letter, parkedAt: new Date(letter.parkedAt).toISOString() });
      return {
        json: letter,
        table: { head: ['what', 'value'], rows: rows.map(([what, value]) => [what, `${value}`]) },
      };
    }),
};

const again: Command = {
  name: 'deadletters redrive [ids...]',
  summary: 'offer dead letters to the pipeline again; those that it settles are removed',
  options: [
    CONFIG_OPTION,
    PILE,
    ['--all', 'all of them, or all of the pile'],
    ['--dry-run', 'show which, and offer none'],
  ],
  example: 'ketenpost deadletters redrive --pile ours --all --dry-run',
  run: (ids, options, { progress, signal }) =>
    withAdmin(options, async (admin) => {
      const letters = choose(await all(admin, pileOf(options)), ids, options);
      if (options['dryRun'] === true) return planned(letters);
      const rooms = { ...admin, deadletters: office(admin) };
      const done: Redriven[] = [];
      for (const letter of letters) {
        if (signal.aborted) break;
        done.push(await redrive(rooms, letter, account()));
        progress(`${done.length} of ${letters.length}`);
      }
      return outcome(done);
    }),
};

const office = ({ bus, ledger }: Admin) => openDeadLetters({ bus, ledger, clock: systemClock });

async function all(admin: Admin, pile?: Pile): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  for await (const letter of office(admin).list(pile)) found.push(letter);
  return found;
}

function pileOf(options: Options): Pile | undefined {
  const given = text(options, 'pile');
  const pile = PILES.find((one) => one === given);
  if (given === undefined || pile !== undefined) return pile;
  throw new CommandError(
    'usage',
    `there is no pile ${given}`,
    `The piles are ${PILES.join(', ')}.`,
  );
}

/** The one letter whose id is this or begins with it. */
function pick(letters: readonly DeadLetter[], id: string): DeadLetter {
  const [found, another] = letters.filter((letter) => letter.id.startsWith(id));
  if (found === undefined || id === '') {
    throw new CommandError('usage', `no dead letter ${id}`, 'See ketenpost deadletters list.');
  }
  if (another === undefined) return found;
  throw new CommandError(
    'usage',
    `more than one dead letter begins with ${id}`,
    'Give more of it.',
  );
}

function choose(letters: DeadLetter[], ids: readonly string[], options: Options): DeadLetter[] {
  if (ids.length > 0) return ids.map((id) => pick(letters, id));
  if (options['all'] === true) return letters;
  throw new CommandError(
    'usage',
    'which ones?',
    'Name ids, or give --all, with --pile if need be.',
  );
}

/** Who did it, by the account on this machine; the ledger takes words only. */
const account = (): string =>
  userInfo()
    .username.replaceAll(/[^A-Za-z0-9._-]/g, '')
    .replace(/^[^A-Za-z0-9]+/, '') || 'unknown';

const planned = (letters: readonly DeadLetter[]): Report => ({
  json: { dryRun: true, letters },
  text: `${letters.length} would be offered again.`,
  table: { head: ['id', 'pile', 'cause'], rows: letters.map((l) => [l.id, l.pile, l.cause]) },
});

function outcome(done: readonly Redriven[]): Report {
  const kept = done.filter((one) => one.outcome === 'kept').length;
  const rows = done.map(({ letter, outcome, code }) => [letter.id, outcome, code ?? '']);
  return {
    json: done.map(({ letter: { id, pile }, ...rest }) => ({ id, pile, ...rest })),
    text: `${done.length - kept} settled, ${kept} kept.`,
    table: { head: ['id', 'outcome', 'code'], rows },
    exit: kept === 0 ? 'ok' : 'failed',
  };
}

export const commands: readonly Command[] = [list, show, again];
