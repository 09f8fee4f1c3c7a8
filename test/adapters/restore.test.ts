/** A store brought back from a backup: taken while it ran, refused where it would harm, and honest about what it lacks. */
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import type { Agency } from '../../adapters/agency.ts';
import { backup, restore } from '../../adapters/commands/backup.ts';
import { inbox } from '../../adapters/commands/inbox.ts';
import { missing, settle } from '../../adapters/commands/missing.ts';
import { MISSING } from '../../adapters/connectors/rest/missing.ts';
import { post } from '../../adapters/outlet.ts';
import type { Rooms } from '../../adapters/rooms.ts';
import { settle as takeOver } from '../../adapters/settle.ts';
import {
  backup as copyStore,
  type Manifest,
  restore as putBack,
} from '../../adapters/store/backup.ts';
import type { Command, CommandError } from '../../schemas/command.ts';
import { newUuid7, type Uuid7 } from '../../schemas/ids.ts';
import { RECEIPT_EVENT } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Running } from './process.ts';
import { openStand, quiet, report, type Stand, until } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
let stand: Stand;
let config: string;
let police: Agency;
let running: Running;

async function start(): Promise<void> {
  running = new Running('adapter', 'adapter', { config });
  await running.line(/ready oin=\d+ rest=/);
}

async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  running.child.kill(signal);
  await running.ended;
}

test.before(async () => {
  stand = await openStand();
  const rest = { tokenFile: join(stand.folder, 'token') };
  config = join(stand.folder, 'vt.yaml');
  writeFileSync(config, stringify({ agencies: [{ ...stand.config('vt'), rest }] }));
  stand.door.router.phones.set(POLICE, '0900-8844');
  police = await stand.start('politie');
  await start();
});
test.after(async () => {
  await stop('SIGKILL');
  await stand.close();
});

const run = (command: Command, args: string[] = [], options: object = {}) =>
  command.run(args, { config, ...options }, quiet);

const says = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error: CommandError) => `${error.message}: ${error.next}`,
  );

/** The router has the receipt of VT: it will not give the message again. */
async function sendOne(): Promise<Uuid7> {
  const { bericht } = await post(police.rooms, report());
  const isGiven = () =>
    stand.door.router.given.some(({ events }) => events[RECEIPT_EVENT].bericht === bericht);
  await until('delivery', isGiven);
  return bericht;
}

const ids = async (): Promise<string[]> =>
  ((await run(inbox)).table?.rows ?? []).map((row) => row[4]?.split('/')[1] ?? '');
const copy = () => join(stand.folder, 'kopie.db');

test('a backup of a running adapter is whole, encrypted and has a manifest', async () => {
  await sendOne();
  const { json } = await run(backup, [], { out: copy() });
  const manifest = json as Manifest;
  assert.is(manifest.oin, VT);
  assert.is(manifest.bytes, statSync(copy()).size);
  assert.is(manifest.sleutels.length, 1);
  assert.is(statSync(copy()).mode & 0o077, 0);
  assert.not.match(readFileSync(copy(), 'latin1'), 'Heusden');
  assert.match(await says(run(backup, [], { out: copy() })), 'is there already');
});

test('what came after the backup is told as missing, with the telephone of its sender', async () => {
  const before = (await ids()).length;
  const lost = [await sendOne(), await sendOne()];
  assert.match(await says(run(restore, [copy()])), /another process has the store/);
  await stop();
  assert.match(await says(run(restore, [copy()])), /has changed since the backup/);
  const done = await run(restore, [copy()], { overwrite: true });
  assert.ok(existsSync((done.json as { opzij: string }).opzij), 'what was there is kept');
  await start();
  const told = await until('the gap to be known', async () => {
    const found = await run(missing);
    return (found.json as { volledig: boolean }).volledig ? found : undefined;
  });
  assert.is((await ids()).length, before, 'as it was then');
  const rows = told.table?.rows ?? [];
  assert.equal(rows.map((row) => row[2]).sort(), lost.map((one) => `${POLICE}/${one}`).sort());
  assert.match(told.text ?? '', /restored from a backup of 20/);
  assert.match(rows[0]?.[4] ?? '', '0900-8844');
  await run(settle, [`${POLICE}/${lost[0]}`], { medewerker: 'B. Eheer' });
  assert.is((await run(missing)).table?.rows.length, 1);
  const next = await sendOne();
  assert.ok((await ids()).includes(next), 'it works on');
  await stop();
});

test('what was dealt with is not told again; a store put back without a word is found out', async () => {
  const { path } = stand.config('vt').store;
  let vt = await stand.start('vt');
  await until('the answer', () => vt.rooms.store.history.gap() === undefined);
  assert.is(vt.rooms.store.missing.count(), 1);
  await vt.stop();
  const image = readFileSync(path);
  vt = await stand.start('vt');
  const lost = await sendOne();
  await vt.stop();
  // As somebody does who puts back the image of a disk.
  writeFileSync(path, image);
  vt = await stand.start('vt');
  const { store } = vt.rooms;
  await until('the answer', () => store.history.gap() === undefined);
  assert.ok(store.missing.list(10, 0).some(({ message }) => message === lost));
  assert.ok(stand.log.some((line) => line.includes('this store lacks messages')));
  await vt.stop();
});

test('a store that shares its agency with another is not told what the other took', async () => {
  const { path, keyFile } = stand.config('vt').store;
  const second = { path: `${path}.b`, keyFile: `${keyFile}.b`, alone: false };
  const vt = await stand.start('vt', { store: second });
  assert.is(vt.rooms.store.history.gap(), undefined);
  assert.is(vt.rooms.store.missing.count(), 0);
  await vt.stop();
});

test('a sent message that the restored store knows comes right; one that it does not is told', async () => {
  const vt = await stand.start('vt');
  const known = await sendOne();
  const place = stand.config('politie').store;
  const out = join(stand.folder, 'politie.db');
  await copyStore(place, out, Date.now());
  const unknown = await sendOne();
  const how = { state: 'verwerkt', action: 'bevestigd', by: {} } as const;
  await takeOver(vt.rooms, { sender: POLICE, jti: known }, how);
  const isThere = () => police.rooms.store.outbox.recipients(known)[0]?.state === 'verwerkt';
  await until('the sender to know', isThere);
  await police.stop();
  await putBack(place, out, { oin: POLICE, now: Date.now(), overwrite: true });
  police = await stand.start('politie');
  const { store } = police.rooms;
  await until('the answer', () => store.history.gap() === undefined);
  const told = store.missing.list(10, 0).map(({ message }) => message);
  assert.ok(told.includes(unknown) && !told.includes(known));
  await until('what was said since', isThere);
  await vt.stop();
});

test('a list that was read before the router had answered does not say that it is whole', async () => {
  const vt = await stand.start('vt');
  const { store } = vt.rooms;
  await until('the answer', () => store.history.gap() === undefined);
  const row = { sender: POLICE, recipient: VT, state: 'afgeleverd', stated: 1, found: 1 };
  const lack = () => store.missing.put({ ...row, message: newUuid7(1) });
  await store.write(() => {
    store.history.openGap(1);
    lack();
  });
  let answer: () => void = () => undefined;
  const register = new Promise<never>((_, fail) => {
    answer = () => fail(new Error('the register does not answer'));
  });
  const directory = { entry: () => register } as unknown as Rooms['directory'];
  const ask = MISSING.find(({ path }) => path === '/v1/vermist')?.handle;
  const asked = { path: {}, query: {}, body: undefined, medewerker: undefined };
  const list = ask?.({ ...vt.rooms, directory }, asked);
  // While the telephones are looked up the rest is found, and the gap closed.
  await store.write(() => {
    lack();
    store.history.closeGap();
  });
  answer();
  const told = (await list)?.body as { vermist: object[]; volledig: boolean } | undefined;
  assert.is(told?.volledig, told?.vermist.length === store.missing.count());
  await vt.stop();
});

test('a backup that is damaged, of another agency or without its key is not put back', async () => {
  const other = stand.config('halt').store;
  const wishes = { oin: AGENCIES.halt.oin, now: Date.now(), overwrite: false };
  assert.match(await says(putBack(other, copy(), wishes)), 'the backup is of');
  const { keyFile } = stand.config('vt').store;
  const key = readFileSync(keyFile, 'utf8');
  writeFileSync(keyFile, `${Buffer.alloc(32, 7).toString('base64')}\n`);
  const again = () => says(run(restore, [copy()], { overwrite: true }));
  assert.match(await again(), 'has not the store key');
  writeFileSync(keyFile, key);
  appendFileSync(copy(), 'x');
  assert.match(await again(), 'damaged');
});

test.run();
