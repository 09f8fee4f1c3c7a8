// Makes a fresh clone ready with nothing but Node: npm packages, nats-server, and the build. Plain
// JavaScript without dependencies, because it runs before there are any. Quiet when all is there;
// one line on standard error for each thing it installs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
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
  if (result.status !== 0) process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  return result.status === 0;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(
    `Node ${process.versions.node} is too old: install Node 20.19 or newer, then run this again`,
  );
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

const server = () => process.env.NATS_SERVER_BIN ?? 'nats-server';
const serverIsThere = () => spawnSync(server(), ['--version']).status === 0;

function installServer() {
  if (serverIsThere()) return;
  if (process.env.NATS_SERVER_BIN)
    stop(`NATS_SERVER_BIN=${process.env.NATS_SERVER_BIN} does not run`);
  const byHand =
    'install nats-server 2.9 or newer and put it on the PATH, or name it in NATS_SERVER_BIN';
  if (!existsSync('/usr/bin/apt-get')) stop(`there is no nats-server: ${byHand}`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  say('installing nats-server with apt-get');
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    return run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  const install = () => apt('install', '-y', '-qq', '--no-install-recommends', 'nats-server');
  apt('update', '-qq');
  if (install() && serverIsThere()) return;
  stop(`apt-get could not install nats-server: ${byHand}`);
}

function build() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  if (run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'])) return;
  stop('the build failed (above)');
}

checkNode();
installPackages();
installServer();
build();
