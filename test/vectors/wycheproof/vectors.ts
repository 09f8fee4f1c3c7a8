/**
 * `npm run vectors`: the JOSE vectors of Wycheproof against our verify and open, as a scorecard.
 * Exit code 1 when we accept what we should not, or differ without a reason; 2 when the vectors are not here.
 */
import { FILES, vectorFolder, vectorsAreHere } from './cases.ts';
import { byTheBridge, differencesOf, type Line, linesOf, runCases } from './scorecard.ts';

const say = (line = '') => process.stdout.write(`${line}\n`);

const COLUMNS: readonly (readonly [keyof Line, string])[] = [
  ['cases', 'cases'],
  ['accepted', 'accepted'],
  ['meant', 'as meant'],
  ['also', 'earlier, also'],
  ['earlier', 'earlier'],
  ['stricter', 'stricter'],
  ['wrong', 'WRONG'],
];

function tell(lines: readonly Line[]): void {
  const wide = Math.max(...lines.map(({ group }) => group.length));
  const row = (group: string, values: readonly string[]) =>
    say(
      `${group.padEnd(wide)}  ${values.map((value, at) => value.padStart(COLUMNS[at]?.[1].length ?? 0)).join('  ')}`,
    );
  row(
    'group',
    COLUMNS.map(([, title]) => title),
  );
  for (const line of lines)
    row(
      line.group,
      COLUMNS.map(([name]) => String(line[name])),
    );
  const sum = (name: keyof Line) => lines.reduce((all, line) => all + Number(line[name]), 0);
  row(
    'all',
    COLUMNS.map(([name]) => String(sum(name))),
  );
}

const HELP = `usage: npm run vectors

The JOSE vectors of Wycheproof against our verify and open, as a scorecard. They lie in ${vectorFolder()},
or in the folder that WYCHEPROOF names.

Exit codes: 0 nothing wrong; 1 accepted what should not be, or differing without a reason; 2 no vectors.`;

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    say(HELP);
    return 0;
  }
  if (!vectorsAreHere()) {
    process.stderr.write(
      `error: json_web_{${FILES.join(',')}}.json are not in ${vectorFolder()}\n` +
        'next:  get them from C2SP/wycheproof, testvectors_v1, and name their folder: WYCHEPROOF=folder npm run vectors\n',
    );
    return 2;
  }
  const started = performance.now();
  const results = await runCases();
  const lines = linesOf(results);
  tell(lines);
  say();
  say('accepted: valid, and accepted. as meant: refused by the check that the case is about.');
  say(
    'earlier, also: another check of ours was first; the one that is meant, asked by itself, refuses too.',
  );
  say('earlier: refused before what the case is about, which Ketenpost does not have.');
  say('stricter: valid for others, refused here; every one stands in the table below.');
  say();
  const differences = differencesOf(results);
  for (const { why, cases } of differences)
    say(`${String(cases.length).padStart(4)}  ${why}\n      ${cases.join(', ')}`);
  say();
  const bridged = byTheBridge(results).map(({ case: one }) => `${one.file} ${one.id}`);
  say(
    `refused by the bridge, not by us, for their JWK names another algorithm: ${bridged.join(', ')}`,
  );
  const wrong = results.filter(({ case: one, accepted }) => accepted && !one.valid).length;
  const unknown = differences.filter(
    ({ why }) => why === why.toUpperCase() || why.startsWith('NO REASON'),
  ).length;
  const passed = results.filter(({ whole }) => whole === 'good').length;
  say(
    `verify and open with all their rules for headers: ${passed} of ${results.length} pass (the vectors name no typ, cty or x5t#S256)`,
  );
  say(
    `${results.length} cases in ${Math.round(performance.now() - started)} ms; accepted and should not be: ${wrong}`,
  );
  return wrong + unknown + passed > 0 ? 1 : 0;
}

process.exitCode = await main();
