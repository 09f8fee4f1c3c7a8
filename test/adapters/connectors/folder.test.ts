import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../../adapters/agency.ts';
import type { OpenedMessage } from '../../../adapters/view.ts';
import { newUuid7 } from '../../../schemas/ids.ts';
import type { Problem } from '../../../schemas/problem.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { openStand, report, type Stand, until } from '../stand.ts';

let stand: Stand;
let police: Agency;
let vt: Agency;
let folder: (name: 'politie' | 'vt') => string;
const start = (name: 'politie' | 'vt') =>
  stand.start(name, { folder: { path: folder(name), pollSeconds: 0.05 } });
test.before(async () => {
  stand = await openStand();
  folder = (name) => join(stand.folder, name, 'map');
  police = await start('politie');
  vt = await start('vt');
});
test.after(() => stand.close());

/** As a careful system writes: under another name first. */
function put(name: string, content: unknown): void {
  const path = join(folder('politie'), 'uit', name);
  writeFileSync(`${path}.tmp`, typeof content === 'string' ? content : JSON.stringify(content));
  renameSync(`${path}.tmp`, path);
}
const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;
const told = (name: string) => {
  const path = join(folder('politie'), 'verzonden', name);
  return existsSync(path)
    ? read<{ bericht: string; staat: string; ontvangers: { staat: string }[] }>(path)
    : undefined;
};
const received = () =>
  readdirSync(join(folder('vt'), 'in')).filter((name) => name.endsWith('.json'));

test('a file in uit/ is sent; the recipient finds it in in/, and taking it away says so', async () => {
  put('melding.json', report());
  const sent = await until('delivery', () =>
    told('melding.json')?.staat === 'afgerond' ? told('melding.json') : undefined,
  );
  assert.equal(readdirSync(join(folder('politie'), 'uit')), []);
  assert.equal(readdirSync(join(folder('politie'), '.werk')), []);
  const name = `${AGENCIES.politie.oin}-${sent.bericht}.json`;
  await until('the file', () => received().includes(name));
  const opened = read<OpenedMessage>(folder('vt'), 'in', name);
  assert.ok(opened.afzender.geverifieerd);
  assert.equal(opened.bericht.inhoud, report()['inhoud']);
  rmSync(join(folder('vt'), 'in', name));
  await until('verwerkt', () => told('melding.json')?.ontvangers[0]?.staat === 'verwerkt');
});

test('a message that does not open any more holds up none that came after it', async () => {
  const { inbox, handovers } = vt.rooms.store;
  const [broken, whole] = [newUuid7(Date.now()), newUuid7(Date.now())];
  const sender = AGENCIES.politie.oin;
  const own = inbox.jws.bind(inbox);
  Object.assign(inbox, { jws: (of: string, jti: string) => (jti === broken ? 'x' : own(of, jti)) });
  for (const jti of [broken, whole]) {
    put(`${jti}.json`, report({ jti }));
    await until('its delivery', () => inbox.get(sender, jti));
  }
  await until('the other', () => received().includes(`${sender}-${whole}.json`));
  assert.is(handovers.of(sender, broken)[0]?.state, 'wacht');
  Object.assign(inbox, { jws: own });
  await until('the one, mended', () => received().includes(`${sender}-${broken}.json`));
  for (const jti of [broken, whole]) rmSync(join(folder('vt'), 'in', `${sender}-${jti}.json`));
});

test('what cannot be sent lies in fout/ with every fault beside it', async () => {
  put('slecht.json', report({ grondslag: 7, prio: 'heel' }));
  put('kapot.json', '{"berichttype": "vt-melding", "berichttype": ');
  const faulty = join(folder('politie'), 'fout');
  await until('both', () =>
    ['slecht.json', 'kapot.json'].every((name) => existsSync(join(faulty, name))),
  );
  const problem = read<Problem>(faulty, 'slecht.json.problem.json');
  assert.equal(
    problem.errors
      .map(({ plaats }) => plaats)
      .filter((place) => place === '/grondslag' || place === '/prio').length > 1,
    true,
  );
  assert.is(read<Problem>(faulty, 'kapot.json.problem.json').code, 'malformed');
});

test('what the router refuses lies in fout/, too, and its state is told', async () => {
  const errors = [{ plaats: '/inhoud/x', melding: 'is required' }];
  stand.door.router.mischief.refuse = () => new Refusal('schema-invalid', undefined, errors);
  put('geweigerd.json', report());
  const problem = join(folder('politie'), 'fout', 'geweigerd.json.problem.json');
  await until('the problem', () => existsSync(problem));
  delete stand.door.router.mischief.refuse;
  assert.equal(read<Problem>(problem).errors, errors);
  assert.is(told('geweigerd.json')?.staat, 'geweigerd');
});

test('a file that cannot be taken up keeps no other back', async () => {
  const long = `${'x'.repeat(240)}.json`;
  writeFileSync(join(folder('politie'), 'uit', long), JSON.stringify(report()));
  await until('a word in the log', () =>
    stand.log.some((line) => line.includes('could not be taken up')),
  );
  put('daarna.json', report());
  await until('the other', () => told('daarna.json')?.staat === 'afgerond');
  assert.ok(existsSync(join(folder('politie'), 'uit', long)), 'it stays where its owner sees it');
  rmSync(join(folder('politie'), 'uit', long));
});

test('a second faulty file of the same name does not push out the first', async () => {
  const faulty = join(folder('politie'), 'fout');
  put('zelfde.json', '1');
  await until('the first', () => existsSync(join(faulty, 'zelfde.json')));
  put('zelfde.json', '22');
  await until('the second', () =>
    readdirSync(faulty).some((name) => /^[0-9a-f-]{36}--zelfde\.json$/.test(name)),
  );
  assert.is(readFileSync(join(faulty, 'zelfde.json'), 'utf8'), '1');
});

test('a file that is still being written is left alone until it stays the same', async () => {
  const path = join(folder('politie'), 'uit', 'langzaam.json');
  const text = JSON.stringify(report());
  for (const part of [0.3, 0.6, 1]) {
    writeFileSync(path, text.slice(0, Math.floor(text.length * part)));
    assert.ok(existsSync(path));
  }
  mkdirSync(join(folder('politie'), 'uit', 'map.json'));
  writeFileSync(join(folder('politie'), 'uit', 'nooit.json.tmp'), 'half');
  await until('delivery', () => told('langzaam.json')?.staat === 'afgerond');
  assert.equal(readdirSync(join(folder('politie'), 'uit')).sort(), ['map.json', 'nooit.json.tmp']);
  rmSync(join(folder('politie'), 'uit', 'map.json'), { recursive: true });
});

test('a fall between taking a file up and storing it, or after, sends it once', async () => {
  await police.stop();
  const work = join(folder('politie'), '.werk');
  const jti = newUuid7(stand.clock.now());
  writeFileSync(join(work, `${jti}--val.json`), JSON.stringify(report()));
  police = await start('politie');
  await until('delivery', () => police.rooms.store.outbox.get(jti)?.state === 'afgerond');
  await police.stop();
  // The file came back, as after a fall between storing and removing.
  writeFileSync(join(work, `${jti}--val.json`), JSON.stringify(report()));
  police = await start('politie');
  await until('its removal', () => readdirSync(work).length === 0);
  assert.is(stand.door.router.offers.get(jti), 1);
});

test('in/ that is gone with its disk is not taken for an acknowledgement', async () => {
  put('schijf.json', report());
  const sent = await until('delivery', () =>
    told('schijf.json')?.staat === 'afgerond' ? told('schijf.json') : undefined,
  );
  const jti = sent.bericht;
  const name = `${AGENCIES.politie.oin}-${jti}.json`;
  await until('the file', () => received().includes(name));
  const inFolder = join(folder('vt'), 'in');
  renameSync(inFolder, `${inFolder}-weg`);
  mkdirSync(inFolder);
  await vt.rooms.store.write(() => undefined);
  vt.rooms.rings.handovers();
  put('nog-een.json', report());
  await until('another one', () => received().length === 1);
  assert.is(vt.rooms.store.inbox.get(AGENCIES.politie.oin, jti)?.state, 'afgeleverd');
  rmSync(inFolder, { recursive: true });
  renameSync(`${inFolder}-weg`, inFolder);
});

test('names in file names stay out of the log and the store', async () => {
  put('melding-Zevenaar-de-Canarie.json', report());
  await until('delivery', () => told('melding-Zevenaar-de-Canarie.json')?.staat === 'afgerond');
  assert.not.ok(stand.log.some((line) => line.includes('Canarie')));
  await police.stop();
  assert.not.ok(readFileSync(join(stand.folder, 'politie', 'adapter.db')).includes('Canarie'));
  police = await start('politie');
});

test.run();
