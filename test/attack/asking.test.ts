/** What the commands of the attacks and the fuzzer say to somebody who does not know them. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const tests = join(dirname(fileURLToPath(import.meta.url)), '..');

function run(name: 'attack' | 'fuzz', ...args: string[]) {
  const program = join(tests, name, `${name}.js`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

test('--help is told at once, on one screen', () => {
  for (const name of ['attack', 'fuzz'] as const) {
    const { status, stdout, stderr } = run(name, '--help');
    assert.equal([status, stderr], [0, '']);
    assert.match(stdout, new RegExp(`^usage: npm run ${name} -- `));
  }
});

test('what is not there is usage, with what to do next, and nothing is tried', () => {
  for (const [name, ...args] of [
    ['attack', 'J999'],
    ['attack', '--bogus'],
    ['fuzz', '--bogus'],
    ['fuzz', '--minutes', 'x'],
    ['fuzz', '--seed', '1.5'],
  ] as const) {
    const { status, stdout, stderr } = run(name, ...args);
    assert.equal([status, stdout], [2, ''], `${name} ${args}`);
    assert.match(stderr, new RegExp(`^error: .*\nnext: {2}see npm run ${name} -- --help\n$`));
  }
});

test.run();
