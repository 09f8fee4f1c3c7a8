/** The three piles of dead letters: what goes into each, and how it comes out again. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { projectFolder } from '../../project.ts';
import { type Bus, BusFault } from '../../router/bus/bus.ts';
import {
  kindOfFault,
  pileOf,
  pilesTable,
  UNREADABLE_TO_PARK,
} from '../../router/deadletters/piles.ts';
import { redrive } from '../../router/deadletters/redrive.ts';
import { openUnderWork } from '../../router/underwork.ts';
import { newUuid7 } from '../../schemas/ids.ts';
import { noteOf } from '../town/note-of.ts';
import { until } from '../town/wait.ts';
import { type House, openHouse } from './house.ts';
import { accepted, type Player, refused } from './player.ts';

let house: House;
let police: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse({ serves: false });
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
});
test.after(() => house.stop());

const failing = (error: () => Error) => (bus: Bus) => ({
  ...bus,
  log: (name: Parameters<Bus['log']>[0]) =>
    name === 'ID' ? { ...bus.log(name), put: () => Promise.reject(error()) } : bus.log(name),
});

/** Offers a message three times to a pipeline on such a bus. */
async function offerThrice(error: (turn: number) => Error) {
  let turn = 0;
  const pipeline = await house.pipeline(failing(() => error(turn)));
  const claims = police.claims();
  const jwe = await police.seal(await police.sign(claims));
  for (turn = 1; turn <= 4; turn++) {
    assert.is(refused(await police.offer(jwe)).code, 'temporarily-unavailable');
    const mine = (await house.parked()).filter(({ jti }) => jti === claims.jti);
    assert.is(mine.length, turn >= 3 ? 1 : 0);
  }
  await pipeline.stop();
  const letter = (await house.parked()).find(({ jti }) => jti === claims.jti);
  if (letter === undefined) throw new Error('not parked');
  return letter;
}

/** As the operator does it. */
async function redriveOne(letter: Awaited<ReturnType<typeof offerThrice>>) {
  const { rooms } = house;
  const bus = house.broker.buses.admin;
  return redrive({ bus, ledger: rooms.ledger, deadletters: rooms.deadletters }, letter, 'tester');
}

test('the same error of our own code each time: poison; a redrive after the mend settles it', async () => {
  const letter = await offerThrice(() => new TypeError('not for anybody to read'));
  assert.equal([letter.pile, letter.stage, letter.cause], ['poison', 'dispatch', 'TypeError']);
  const { stop } = await house.pipeline();
  assert.is((await redriveOne(letter)).outcome, 'accepted');
  assert.is((await redriveOne(letter)).code, 'gone', 'it is safe to repeat');
  await stop();
  assert.not.ok((await house.parked()).some(({ id }) => id === letter.id));
});

test('the broker, or another error each time: ours', async () => {
  const bus = await offerThrice(() => new BusFault('away'));
  assert.equal([bus.pile, bus.cause], ['ours', 'BusFault']);
  const disk = await offerThrice(() => Object.assign(new Error('full'), { code: 'ENOSPC' }));
  assert.is(disk.pile, 'ours');
  const mixed = await offerThrice((turn) => (turn === 2 ? new BusFault('away') : new TypeError()));
  assert.is(mixed.pile, 'ours');
  assert.is(
    pileOf([kindOfFault(new TypeError(), 'seal'), kindOfFault(new Error(), 'seal')]),
    'ours',
  );
});

test('a recipient that keeps saying that it cannot read: partner; the promise stands, a redrive seals once more', async () => {
  const { rooms, stop } = await house.pipeline();
  const sent = await police.send({});
  accepted(sent);
  const place = {
    recipient: vt.oin,
    prio: 'spoed',
    from: police.oin,
    id: sent.claims.jti,
  } as const;
  const sayUnreadable = async () => {
    const fact = { dig: digestOf(`${Math.random()}`) };
    const ontvangstbewijs = await vt.receipt(sent.jws, 'onleesbaar', { fact });
    assert.ok((await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs })).ok);
  };
  for (let turn = 1; turn < UNREADABLE_TO_PARK; turn++) {
    await sayUnreadable();
    assert.is(accepted(await police.offer(sent.jwe)).herhaald, true);
    assert.is(await rooms.mailboxes.has(place), true, 'sealed anew');
  }
  await sayUnreadable();
  for (const _ of ['once', 'again'])
    assert.is(accepted(await police.offer(sent.jwe)).herhaald, true);
  assert.is(await rooms.mailboxes.has(place), false, 'not sealed any more');
  const letters = (await house.parked()).filter(({ jti }) => jti === sent.claims.jti);
  assert.equal(
    letters.map(({ pile, stage, cause, attempts }) => [pile, stage, cause, attempts]),
    [['partner', 'resolve', 'unreadable', UNREADABLE_TO_PARK]],
  );
  const [letter] = letters;
  assert.is(letter && (await redriveOne(letter)).outcome, 'accepted');
  assert.is(await rooms.mailboxes.has(place), true);
  await stop();
});

test('a message on which pipelines died: alone after the first time, parked after the second, redriven when asked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-underwork-'));
  const claims = police.claims();
  const jwe = await police.seal(await police.sign(claims));
  const key = `${police.oin}.${claims.jti}`;
  const open = async () => {
    const bus = await house.broker.connect('pipeline');
    return openUnderWork({ folder, bus, log: house.rooms.log });
  };
  const leaveBehind = (pid: number) =>
    writeFileSync(join(folder, `onderhanden-${pid}`), `${key.padEnd(63)}\n${' '.repeat(63)}\n`);
  leaveBehind(process.pid);
  const first = await open();
  assert.is(first.deaths(key), 1);
  const end = first.begin('00000099000000010000.another');
  assert.match(readFileSync(join(folder, `onderhanden-${process.pid}`), 'latin1'), 'another');
  end();
  assert.not.match(readFileSync(join(folder, `onderhanden-${process.pid}`), 'latin1'), 'another');
  first.stop();
  // No process has a number as high as this.
  leaveBehind(2 ** 30);
  const second = await open();
  assert.is(second.deaths(key), 2);

  const pipeline = await house.pipeline();
  Object.assign(pipeline.rooms, { underWork: second });
  assert.is(refused(await police.offer(jwe)).code, 'temporarily-unavailable');
  const letter = (await house.parked()).find(({ jti }) => jti === claims.jti);
  assert.equal([letter?.pile, letter?.cause, letter?.attempts], ['poison', 'Deadly', 2]);
  assert.is(letter && (await redriveOne(letter)).outcome, 'accepted');
  assert.is(second.deaths(key), 0, 'it went through, and is forgotten');
  second.stop();
  await pipeline.stop();
  rmSync(folder, { recursive: true });
});

test('what was accepted before pipelines died with it under work gets its receipt again, and is forgotten', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-underwork-'));
  const pipeline = await house.pipeline();
  const sent = await police.send({});
  const { ontvangstbewijs } = accepted(sent);
  const key = `${police.oin}.${sent.claims.jti}`;
  const bus = await house.broker.connect('pipeline');
  for (const pid of [2 ** 30, 2 ** 30 + 1])
    writeFileSync(join(folder, `onderhanden-${pid}`), `${key.padEnd(63)}\n`);
  const underWork = await openUnderWork({ folder, bus, log: house.rooms.log });
  assert.is(underWork.deaths(key), 2);
  Object.assign(pipeline.rooms, { underWork });
  assert.is(accepted(await police.offer(sent.jwe)).ontvangstbewijs, ontvangstbewijs);
  assert.is(underWork.deaths(key), 0);
  assert.not.ok((await house.parked()).some(({ jti }) => jti === sent.claims.jti));
  underWork.stop();
  await pipeline.stop();
  rmSync(folder, { recursive: true });
});

test('what a process had under work when it was killed is found by the next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-underwork-'));
  const module = new URL('../../router/underwork/notes.js', import.meta.url).href;
  const key = `${police.oin}.${newUuid7(1)}`;
  const script = `import(${JSON.stringify(module)}).then(({ openNotes }) => {
    const { begin } = openNotes(${JSON.stringify(folder)});
    begin('an.other')();
    begin(${JSON.stringify(key)});
    process.kill(process.pid, 'SIGKILL');
  })`;
  const { signal } = spawnSync(process.execPath, ['-e', script], { timeout: 90_000 });
  assert.is(signal, 'SIGKILL');
  const bus = await house.broker.connect('pipeline');
  const found = await openUnderWork({ folder, bus, log: house.rooms.log });
  assert.equal([found.deaths(key), found.deaths('an.other')], [1, 0]);
  await found.forget(key);
  found.stop();
  rmSync(folder, { recursive: true });
});

test('the same message on two machines: pipelines that begin in the same moment count both deaths', async () => {
  const key = `${police.oin}.${newUuid7(2)}`;
  const machines = ['one', 'other'].map((name) =>
    mkdtempSync(join(tmpdir(), `ketenpost-underwork-${name}-`)),
  );
  const opened = await Promise.all(
    machines.map(async (folder) => {
      writeFileSync(join(folder, `onderhanden-${2 ** 30}`), `${key.padEnd(63)}\n`);
      const bus = await house.broker.connect('pipeline');
      return openUnderWork({ folder, bus, log: house.rooms.log });
    }),
  );
  await until('both to know of two', () => opened.every((one) => one.deaths(key) === 2));
  await opened[0]?.forget(key);
  for (const one of opened) one.stop();
  for (const folder of machines) rmSync(folder, { recursive: true });
});

test('pipelines that share a folder and begin in the same moment count each death once', async () => {
  const [folder, FILES] = [mkdtempSync(join(tmpdir(), 'ketenpost-underwork-')), 300];
  for (let n = 0; n < FILES; n++)
    writeFileSync(join(folder, `onderhanden-${2 ** 30 + n}`), `${`an.other${n}`.padEnd(63)}\n`);
  const module = new URL('../../router/underwork/notes.js', import.meta.url).href;
  const script = `import(${JSON.stringify(module)}).then(({ takeLeftBehind }) => {
    process.stdout.write('.');
    process.stdin.once('data', () => {
      const counts = [...takeLeftBehind(${JSON.stringify(folder)}).values()];
      process.stdout.write(String(counts.reduce((sum, one) => sum + one, 0)));
      process.stdin.destroy();
    });
  })`;
  const said = ['', '', ''];
  const pipelines = said.map((_, at) => {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdout.on('data', (text) => {
      said[at] += text;
    });
    return { child, ended: once(child, 'exit') };
  });
  await until('all to be ready', () => said.every((text) => text === '.'));
  for (const { child } of pipelines) child.stdin.end('go');
  for (const { ended } of pipelines) assert.equal(await ended, [0, null]);
  assert.is(
    said.map((text) => Number(text.slice(1))).reduce((sum, one) => sum + one, 0),
    FILES,
  );
  rmSync(folder, { recursive: true });
});

test('nobody makes a dead letter by giving a message the id of a receipt that lies there', async () => {
  const { stop } = await house.pipeline();
  const sent = await police.send({});
  const jti = newUuid7(house.clock.now());
  const receipt = await vt.receipt(sent.jws, 'afgeleverd', { claims: { jti } });
  await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: receipt });
  const before = (await house.parked()).length;
  const about = { berichttype: 'vt-terugkoppeling', grondslag: 'wmo-4.1.1.2.g' };
  const answer = await vt.send({
    ...{ jti, aud: [`urn:nld:oin:${police.oin}`] as never, verwijst: sent.claims.jti },
    ...{ ...about, conversatie: sent.claims.conversatie, inhoud: feedback() },
  });
  accepted(answer);
  assert.is((await house.parked()).length, before);
  const { afleveringen, ontvangstbewijzen } = await police.collect({ maximum: 50 });
  assert.ok(afleveringen.some(({ bericht }) => bericht === jti));
  assert.ok(ontvangstbewijzen.includes(receipt), 'both lie there');
  await police.collect({ gezien: [noteOf(receipt)] });
  const place = { recipient: police.oin, prio: 'spoed', from: vt.oin, id: jti } as const;
  assert.is(await house.rooms.mailboxes.has(place), true, 'what was seen is the receipt');
  await stop();
});

const feedback = () =>
  JSON.parse(
    readFileSync(
      join(
        projectFolder(),
        'schemas/messages/samples/vt-terugkoppeling/veiligheidsbeoordeling.json',
      ),
      'utf8',
    ),
  );

test('the operator reads the same rules as the code has', () => {
  const page = readFileSync(join(projectFolder(), 'docs', 'operating.md'), 'utf8');
  assert.ok(page.includes(pilesTable()));
});

test.run();
