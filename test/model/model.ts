/**
 * `npm run model`: tells stories for longer, each suite in turn, from another seed every time.
 *
 *   npm run model                 two minutes each
 *   npm run model -- 600          so many seconds each
 *   npm run model -- 60 router    one suite
 *
 * A story that fails is told in its shortest form with its seed: KETENPOST_MODEL_SEED brings it back.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const SUITES = ['router', 'adapters'];
const DEFAULT_S = '120';

const [seconds = DEFAULT_S, ...wanted] = process.argv.slice(2);
const USAGE = `usage: npm run model -- [seconds] [${SUITES.join('|')}]

Tells stories of a router, and of two adapters, ${DEFAULT_S} seconds each, and holds what happens against
the table of states. A story that fails is told in its shortest form with its seed:
KETENPOST_MODEL_SEED brings it back. Exit codes: 0 all held; 1 one did not; 2 usage.
`;
if (seconds === '--help') {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (!/^\d+$/.test(seconds) || wanted.some((one) => !SUITES.includes(one))) {
  process.stderr.write(USAGE);
  process.exit(2);
}

function run(suite: string): Promise<number> {
  process.stdout.write(`${suite}: ${seconds} seconds of stories\n`);
  const env = { ...process.env, NODE_ENV: 'test', KETENPOST_MODEL_SECONDS: seconds };
  const args = ['--enable-source-maps', join(here, `${suite}.test.js`)];
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  return new Promise((done) => child.on('close', (code) => done(code ?? 1)));
}

let failed = 0;
for (const suite of wanted.length > 0 ? wanted : SUITES) failed += (await run(suite)) === 0 ? 0 : 1;
process.exit(failed === 0 ? 0 : 1);
