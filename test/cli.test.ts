/** The command line as people and programs meet it: its two outputs and its exit code, here and there as a process. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS, commandsIn, find, wordsOf } from '../commands.ts';
import { explain } from '../explain.ts';
import { CommandError, EXITS } from '../schemas/command.ts';
import { isGrondslag } from '../schemas/policy.ts';
import { Refusal } from '../schemas/refusal.ts';
import { openTerminal, paintFor, table } from '../terminal.ts';
import { importsOf } from './architecture/source.ts';
import { runKetenpost } from './town/ketenpost.ts';

const build = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(build, 'ketenpost.js');

/** A process, to its end. */
function start(...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

/** A stream that keeps what is written to it. */
function kept(isTTY: boolean) {
  const stream = { isTTY, text: '', write: (text: string) => (stream.text += text) };
  return stream;
}

test('--help shows every command on one screen: families on a line, with the words that may follow', () => {
  const { status, stdout, stderr } = start('--help');
  assert.is(status, EXITS.ok);
  assert.is(stderr, '');
  for (const { name, group } of COMMANDS) {
    const [first = '', second] = wordsOf(name);
    const family = stdout.split(`\n${group}\n`)[1]?.split('\n\n')[0] ?? '';
    const line = ` ${family}`.split(/\n(?= \S)/).find((one) => one.trim().startsWith(`${first} `));
    assert.ok(line, `${group}: ${name}`);
    assert.ok(second === undefined || line.includes(` ${second}`), `${line}: ${second}`);
  }
  const lines = stdout.split('\n');
  assert.ok(lines.length <= 48, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 100, `${line.length} wide: ${line}`);
});

test('help with the word of a family tells what each of its commands does', async () => {
  for (const word of new Set(COMMANDS.map(({ name }) => wordsOf(name)[0] ?? ''))) {
    const { stdout } = await runKetenpost('help', word);
    for (const { name, summary } of COMMANDS.filter((one) => wordsOf(one.name)[0] === word))
      for (const part of [` ${name} `, summary]) assert.ok(stdout.includes(part), part);
  }
});

test('no words at all show the same', async () => {
  assert.equal(await runKetenpost(), await runKetenpost('--help'));
});

/** What a built file loads with it: packages by name, files of ours by their path. */
const loadedBy = (path: string): string[] => {
  const text = readFileSync(join(build, path), 'utf8').replaceAll('import(', 'later(');
  return importsOf({ path, text });
};

test('help loads no room and no package: it is there almost as soon as Node itself', () => {
  const loaded = new Set(['ketenpost.js']);
  for (const path of loaded)
    if (path.endsWith('.js')) for (const one of loadedBy(path)) loaded.add(one);
  assert.ok(loaded.has('command-line.js') && loaded.has('schemas/command.js'));
  const more = [...loaded].filter(
    (one) => !/^(node:.+|(schemas\/(codes\/)?)?[\w-]+\.js)$/.test(one),
  );
  assert.equal(more, []);
  assert.ok(loadedBy('parse.js').includes('commander'), 'a package would be seen');
});

test('the table of commands is what the rooms export, no more and no less', async () => {
  const folders = ['certs', 'router', 'adapters'].map((room) => join(build, room, 'commands'));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.js'))
      .map((file) => join(folder, file)),
  );
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  const exported = [...new Set(modules.flatMap(commandsIn))];
  const sorted = (list: readonly { name: string; summary: string }[]) =>
    list.map(({ name, summary }) => `${name}: ${summary}`).sort();
  assert.equal(sorted(COMMANDS), sorted(exported));
});

test('each command is found by its words and loads from its room, with an example that names it', async () => {
  for (const listed of COMMANDS) {
    const words = wordsOf(listed.name);
    assert.is(find([...words, 'x']), listed);
    const command = commandsIn(await listed.load()).find(({ name }) => name === listed.name);
    assert.ok(
      command?.example.startsWith(`ketenpost ${words.join(' ')}`),
      `${listed.name}: ${command?.example}`,
    );
  }
});

test('a legal basis in an example is one that exists', async () => {
  for (const { name, load } of COMMANDS) {
    const command = commandsIn(await load()).find((one) => one.name === name);
    const [, basis] = /--grondslag (\S+)/.exec(command?.example ?? '') ?? [];
    assert.ok(basis === undefined || isGrondslag(basis), `${name}: ${basis}`);
  }
});

test('a filter that can fit nothing is told, before anything is looked for', async () => {
  for (const filter of [
    ['--kind', 'aanvard'],
    ['--message', '123'],
    ['--agency', '123'],
  ]) {
    const { status, stderr } = await runKetenpost(
      'ledger',
      'show',
      '--config',
      'nowhere.yaml',
      ...filter,
    );
    assert.is(status, EXITS.usage);
    assert.not.match(stderr, 'nowhere');
  }
});

test('an address at which no adapter can be is told for what it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-cli-'));
  const token = join(folder, 'token');
  writeFileSync(token, 'token\n');
  const at = (url: string) => runKetenpost('inbox', '--url', url, '--token-file', token);
  const [bare, barred] = [await at('127.0.0.1:8080'), await at('http://127.0.0.1:1')];
  rmSync(folder, { recursive: true });
  assert.is(bare.status, EXITS.usage);
  assert.match(bare.stderr, 'is not an address');
  assert.is(barred.status, EXITS.unreachable);
  assert.match(barred.stderr, 'bad port');
});

test('each command has --help with its options, an example and --json', async () => {
  for (const { name, load } of COMMANDS) {
    const command = commandsIn(await load()).find((one) => one.name === name);
    assert.ok(command);
    const { status, stdout: help, stderr } = await runKetenpost(...wordsOf(name), '--help');
    assert.equal([status, stderr], [EXITS.ok, ''], name);
    const flags = command.options.map(([flag]) => flag.split(/[ ,]/)[0] ?? '');
    for (const part of [`Usage: ketenpost ${wordsOf(name).join(' ')}`, command.example, '--json'])
      assert.ok(help.includes(part), `${name}: ${part}`);
    for (const flag of flags) assert.ok(help.includes(flag), `${name}: ${flag}`);
  }
});

test('--help of a command is no error', () => {
  const { status, stdout, stderr } = start('registry', 'apply', '--help');
  assert.is(status, EXITS.ok);
  assert.is(stderr, '');
  assert.match(stdout, /Usage: ketenpost registry apply .*<folder>/);
});

test('a family of commands has help of its own', async () => {
  const { status, stdout } = await runKetenpost('registry');
  assert.is(status, EXITS.ok);
  assert.match(stdout, /registry apply <folder>/);
});

test('a word that is not a command is told with the nearest one', async () => {
  const { status, stdout, stderr } = await runKetenpost('registry', 'lst');
  assert.is(status, EXITS.usage);
  assert.is(stdout, '');
  assert.match(
    stderr,
    /^error: there is no command: ketenpost registry lst\nnext: {2}did you mean: ketenpost registry list/,
  );
});

test('a wrong option and a missing argument are usage, with what to do next', async () => {
  for (const args of [
    ['registry', 'list', '--conifg', 'x'],
    ['registry', 'show'],
  ]) {
    const { status, stderr } = await runKetenpost(...args);
    assert.is(status, EXITS.usage);
    assert.match(stderr, /^error: .*\nnext: {2}add --help/);
  }
});

test('errors are JSON on standard error with --json, and nothing is on standard output', () => {
  const { status, stdout, stderr } = start(
    'registry',
    'list',
    '--config',
    '/nowhere/router.yaml',
    '--json',
  );
  assert.is(status, EXITS.usage);
  assert.is(stdout, '');
  const { error } = JSON.parse(stderr) as { error: { message: string; next: string } };
  assert.match(error.message, /router.yaml/);
  assert.ok(error.next.length > 0);
});

test('--version tells the version', () => {
  assert.match(start('--version').stdout, /^\d+\.\d+\.\d+\n$/);
});

test('a reader that stops reading is no error', async () => {
  const child = spawn('sh', [
    '-c',
    `"${process.execPath}" "${program}" --help | head -1 >/dev/null; exit 0`,
  ]);
  const status = await new Promise((done) => child.on('exit', done));
  assert.is(status, 0);
});

test('what is thrown becomes an exit code and a next step', () => {
  assert.equal(explain(new CommandError('failed', 'broken chain', 'look')).exit, 'failed');
  const refused = explain(
    new Refusal('schema-invalid', undefined, [{ plaats: '/inhoud/a', melding: 'is required' }]),
  );
  assert.is(refused.exit, 'refused');
  assert.is(refused.code, 'schema-invalid');
  assert.is(refused.faults?.length, 1);
  const nobody = Object.assign(new Error('connect'), {
    code: 'ECONNREFUSED',
    address: '::1',
    port: 1,
  });
  assert.is(explain(new TypeError('fetch failed', { cause: nobody })).exit, 'unreachable');
  const missing = Object.assign(new Error('open'), { code: 'ENOENT', path: 'a.yaml' });
  assert.match(explain(missing).message, /a\.yaml does not exist/);
  assert.is(explain(new Error('what is this')).exit, 'fault');
  assert.is(explain('thrown text').exit, 'fault');
});

test('tables line up, whatever is in them', () => {
  const plain = paintFor(kept(false));
  const text = table(['a', 'long head'], [['wide cell', 'b'], ['c']], plain);
  assert.equal(text.split('\n'), [
    'a          long head',
    '─────────  ─────────',
    'wide cell  b',
    'c',
  ]);
});

test('on a terminal the widest columns are folded between words, and a word stays whole', () => {
  const terminal = { ...kept(true), columns: 40 };
  const id = '0192f0c1-7d3e-7abc-8def-0123456789ab';
  const rows = [[id, 'a fault that takes some words to tell', 'ok']];
  const report = { json: rows, table: { head: ['id', 'found', ''], rows } };
  const write = (text: string) => (terminal.text += text);
  openTerminal({ json: false, stdout: { ...terminal, write }, stderr: kept(false) }).report(report);
  const [, , first, ...more] = terminal.text.trimEnd().split('\n');
  assert.is(first, `${id}  a      ok`);
  assert.equal(
    more.map((line) => line.trim()),
    ['fault', 'that', 'takes', 'some', 'words', 'to', 'tell'],
  );
  const pipe = kept(false);
  openTerminal({ json: false, stdout: pipe, stderr: kept(false) }).report(report);
  assert.match(pipe.text, `${id}  a fault that takes some words to tell  ok\n`);
});

test('no line of a table ends in spaces, also without a title over the last column', () => {
  const text = table(
    ['a', ''],
    [
      ['b', ''],
      ['c', 'FULL'],
    ],
    paintFor(kept(false)),
  );
  for (const line of text.split('\n')) assert.is(line, line.trimEnd());
});

test('colour only on a terminal, and not with NO_COLOR', () => {
  assert.is(paintFor(kept(false), {}).good('x'), 'x');
  assert.is(paintFor(kept(true), { NO_COLOR: '1' }).good('x'), 'x');
  assert.is.not(paintFor(kept(true), {}).good('x'), 'x');
});

test('progress is plain lines in a pipe, one line that changes on a terminal, nothing with --json', () => {
  const [pipe, tty, json] = [kept(false), kept(true), kept(true)];
  const out = kept(false);
  openTerminal({ json: false, stdout: out, stderr: pipe }).progress('1 of 2');
  assert.is(pipe.text, '1 of 2\n');
  const live = openTerminal({ json: false, stdout: out, stderr: tty });
  live.progress('1 of 2');
  live.line('done');
  assert.ok(tty.text.endsWith(`\r${String.fromCharCode(27)}[K`), 'cleared before the line');
  assert.is(out.text, 'done\n');
  openTerminal({ json: true, stdout: out, stderr: json }).progress('1 of 2');
  assert.is(json.text, '');
});

test('a result is words and a table, or the same as JSON', () => {
  const report = { json: { a: 1 }, text: 'one', table: { head: ['h'], rows: [['r']] } };
  const [words, machine] = [kept(false), kept(false)];
  openTerminal({ json: false, stdout: words }).report(report);
  assert.is(words.text, 'one\nh\n─\nr\n');
  openTerminal({ json: true, stdout: machine }).report(report);
  assert.equal(JSON.parse(machine.text), { a: 1 });
});

test('what others wrote steers no terminal, in words, in a table, in JSON and in an error', () => {
  const [esc, csi, turned] = [27, 0x9b, 0x202e].map((code) => String.fromCharCode(code));
  const bad = `a${esc}[2J${csi}2J${turned}b\r`;
  const shown = 'a\\u001b[2J\\u009b2J\\u202eb\\u000d';
  const report = { json: { bad }, text: `${bad}\n\té`, table: { head: ['h'], rows: [[bad]] } };
  const [words, machine, error] = [kept(false), kept(false), kept(false)];
  openTerminal({ json: false, stdout: words }).report(report);
  assert.is(words.text, `${shown}\n\té\nh\n${'─'.repeat(shown.length)}\n${shown}\n`);
  openTerminal({ json: true, stdout: machine }).report(report);
  assert.equal(JSON.parse(machine.text), { bad }, 'the same JSON');
  const terminal = openTerminal({ json: false, stdout: words, stderr: error });
  terminal.failure({ message: bad, next: bad });
  terminal.progress(bad);
  terminal.line(bad);
  for (const { text } of [words, machine, error])
    assert.not.match(text, new RegExp(`[${esc}${csi}${turned}\r]`));
  const painted = kept(true);
  openTerminal({ json: false, stdout: painted }).report({
    json: 1,
    text: paintFor(painted, {}).good('x'),
  });
  assert.is(painted.text, `${esc}[32mx${esc}[0m\n`, 'our own colours are left');
});

const scratch = mkdtempSync(join(tmpdir(), 'ketenpost-cli-'));
test.after(() => rmSync(scratch, { recursive: true }));
test('a file that is missing is told by its name', async () => {
  const { status, stderr } = await runKetenpost(
    'registry',
    'list',
    '--config',
    join(scratch, 'router.yaml'),
  );
  assert.is(status, EXITS.usage);
  assert.ok(stderr.includes(join(scratch, 'router.yaml')), stderr);
});

test.run();
