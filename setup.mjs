// Makes a fresh clone ready with nothing but Node: npm packages, nats-server, and the build. Plain
// JavaScript without dependencies, because it runs before there are any. Quiet when all is there;
// one line on standard error for each thing it installs. Several may run at once, and a running
// demo keeps its files: what is built elsewhere replaces only what differs.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
process.chdir(root);
const say = (line) => process.stderr.write(`ketenpost: ${line}\n`);

function stop(line) {
  say(line);
  process.exit(1);
}

/** Runs a command quietly; its output is shown only when it fails. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (result.status !== 0)
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? result.error?.message ?? ''}`);
  return result.status === 0;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(
    `Node ${process.versions.node} is too old: install Node 20.19 or newer, then run this again`,
  );
}

// One at a time: npm ci empties node_modules, which another run would see half done.
const LOCK = join(root, '.build', 'setup.lock');
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holder() {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return 0;
  }
}

/** Takes the lock, waiting for a living holder and clearing what a dead one left. */
function lock() {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let told = false; ; pause(200)) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      process.on('exit', () => holder() === process.pid && rmSync(LOCK, { force: true }));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') stop(`cannot write in ${dirname(LOCK)}: ${error.code}`);
    }
    const pid = holder();
    if (pid !== 0 && !isAlive(pid)) clearStale(pid);
    else if (!told) say(`waiting for another setup (process ${pid}) to finish`);
    told = true;
  }
}

/** By renaming first, so that of two who see the same dead holder only one removes its lock. */
function clearStale(pid) {
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    if (Number(readFileSync(aside, 'utf8')) === pid) rmSync(aside);
    else renameSync(aside, LOCK);
  } catch {
    // Somebody else was first.
  }
}

/** Installed is what the lock file names, package by package, so that a changed lock installs anew. */
function packagesAreThere() {
  try {
    const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
    const [wanted, present] = [read('package-lock.json'), read('node_modules/.package-lock.json')];
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || optional || present[path]?.version === version,
    );
  } catch {
    return false;
  }
}

function installPackages() {
  if (packagesAreThere()) return;
  say('installing the npm packages of package-lock.json');
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev'])) return;
  stop('npm ci failed (above): check the connection to your npm registry, then run this again');
}

/** Debian puts nats-server in /usr/sbin, which is not on everybody's PATH. */
const SERVERS = process.env.NATS_SERVER_BIN
  ? [process.env.NATS_SERVER_BIN]
  : ['nats-server', '/usr/sbin/nats-server', '/usr/local/sbin/nats-server'];
const serverIsThere = () => SERVERS.some((server) => spawnSync(server, ['--version']).status === 0);

function installServer() {
  if (serverIsThere()) return;
  if (process.env.NATS_SERVER_BIN)
    stop(`NATS_SERVER_BIN=${process.env.NATS_SERVER_BIN} does not run: name one that does`);
  const byHand =
    'install nats-server 2.9 or newer and put it on the PATH, or name it in NATS_SERVER_BIN';
  if (!existsSync('/usr/bin/apt-get')) stop(`there is no nats-server: ${byHand}`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  say('installing nats-server with apt-get');
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    return run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', 'nats-server');
  if (!serverIsThere()) stop(`apt-get could not install nats-server: ${byHand}`);
}

const filesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((name) =>
        statSync(join(folder, name)).isFile(),
      )
    : [];

const isSame = (a, b) => existsSync(b) && readFileSync(a).equals(readFileSync(b));

/** Moves into `to` what differs in `from`, each file at once, and removes what `from` has not. */
function replaceChanged(from, to) {
  const fresh = filesIn(from);
  for (const name of fresh.filter((name) => !isSame(join(from, name), join(to, name)))) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    const aside = join(to, `${name}.${process.pid}`);
    copyFileSync(join(from, name), aside);
    renameSync(aside, join(to, name));
  }
  const kept = new Set(fresh);
  for (const name of filesIn(to).filter((name) => !kept.has(name)))
    rmSync(join(to, name), { force: true });
}

/** Built as deep in the project as dist/, so that source maps stay true when files move there. */
function build() {
  const fresh = join(root, '.dist');
  rmSync(fresh, { recursive: true, force: true });
  const tsc = ['node_modules/typescript/bin/tsc', '-p', '.', '--outDir', fresh];
  if (!run(process.execPath, tsc)) stop('the build failed (above)');
  replaceChanged(fresh, join(root, 'dist'));
  rmSync(fresh, { recursive: true });
}

checkNode();
lock();
installPackages();
installServer();
build();
