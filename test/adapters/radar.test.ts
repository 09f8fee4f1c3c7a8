/** Reports about the same family at a Veilig Thuis: pointed out to its people, by nothing that tells who they are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { inbox, read } from '../../adapters/commands/inbox.ts';
import { radar } from '../../adapters/commands/radar.ts';
import { search } from '../../adapters/destroy/prove.ts';
import { destroy } from '../../adapters/destroy.ts';
import { matchesOf } from '../../adapters/radar/view.ts';
import { settle } from '../../adapters/settle.ts';
import { backup, restore } from '../../adapters/store/backup.ts';
import { Database } from '../../adapters/store/database.ts';
import { rotateKey } from '../../adapters/store/rotate.ts';
import type { GivenMessage } from '../../adapters/view.ts';
import type { Command } from '../../schemas/command.ts';
import { newUuid7, type Uuid7 } from '../../schemas/ids.ts';
import { table as drawTable, paintFor } from '../../terminal.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { FakeSystem } from './fake-system.ts';
import { quiet, sample, until, type Where } from './stand.ts';

const POLICE = AGENCIES.politie.oin;
const plain = paintFor({ write: () => 0 });
const BY = { medewerker: 'T. Riage' };

let here: Arrivals;
let vt: Agency;
let where: Where;
const config = () => here.stand.config('vt').store;
async function start(more: object = {}): Promise<void> {
  const tokenFile = join(here.stand.folder, 'token');
  const rest = { host: '127.0.0.1', port: 0, tokenFile };
  vt = await here.stand.start('vt', { rest, ...more });
  where = { url: vt.rest ?? '', tokenFile };
}
test.before(async () => {
  ({ here, vt, where } = await Arrivals.openWithPeople());
});
test.after(() => here.stand.close());

const run = (command: Command, ...args: string[]) => command.run(args, { ...where, ...BY }, quiet);
const id = (jti: Uuid7) => ({ sender: POLICE, jti });
const others = (jti: Uuid7) => matchesOf(vt.rooms, id(jti)).map(({ bericht }) => bericht);

/** Of other people than the sample: nobody in it has a number, a name or an address in common with it. */
function strangers(): Record<string, unknown> {
  const body = sample('vt-melding', 'ongeboren-kind');
  return { ...body, identificatieVtMelding: 'PL2100-2026999999' };
}
/** Nobody else in these tests. */
const somebody = () => ({
  ...{ type: 'NatuurlijkPersoon', persoonId: 'p1', jeugdzorgrol: 'jeugdige' },
  burgerservicenummer: '999912306',
  ...{ naam: { geslachtsnaam: 'Roodborst' }, geslacht: { code: 'O' } },
  geboorte: { datum: { type: 'Datum', datum: '2016-02-03' } },
  verblijfplaats: {
    type: 'Adres',
    verblijfadres: {
      ...{
        officieleStraatnaam: 'Toetsweg',
        huisnummer: 3,
        postcode: '5256ZY',
        woonplaats: 'Heusden',
      },
    },
  },
});
async function arrive(more: object = {}): Promise<Uuid7> {
  const { jti } = await here.arrive(here.claims(more));
  await until(
    'the message',
    () => vt.rooms.store.inbox.get(POLICE, jti) !== undefined || undefined,
  );
  await here.answer(jti);
  return jti;
}

let [first, second]: Uuid7[] = [];
test('a second report about the same family is pointed out, in the list, on reading and by its own command', async () => {
  first = await arrive();
  await arrive({ inhoud: strangers() });
  second = await arrive({ prio: 'normaal' });
  assert.equal(others(second), [first]);
  const list = await run(inbox);
  const line = list.table?.rows.find((row) => row[4] === `${POLICE}/${second}`);
  assert.match(line?.at(-1) ?? '', 'same people as 1 earlier');
  const { text = '' } = await run(read, POLICE, second);
  assert.match(text, `SAME PEOPLE (bsn, naam+geboortedatum+adres`);
  assert.match(text, first);
  const groups = await run(radar);
  assert.match(groups.text ?? '', '1 group of reports');
  assert.equal(
    groups.table?.rows.map((row) => row.at(-1)?.split(' ').at(-1)),
    [second, first].map((jti) => `${POLICE}/${jti}`),
  );
  const wide = drawTable(groups.table?.head ?? [], groups.table?.rows ?? [], plain, 120);
  for (const line of wide.split('\n')) assert.ok(line.length <= 120, line);
  const { json } = await run(radar, POLICE, second);
  for (const word of ['Proefhoven', '999910000', '5256', 'Proefdijk', 'Heusden'])
    assert.not.ok(JSON.stringify([json, groups]).includes(word), word);
});

test('a correction is no other report, and takes the place of what it corrects', async () => {
  assert.ok(first && second);
  const correction = await arrive({ vervangt: second });
  assert.equal(others(correction), [first]);
  assert.equal(others(second), []);
  assert.equal(others(first), [correction]);
  second = correction;
});

test('withdrawn, rejected or destroyed, it is not pointed out any more', async () => {
  assert.ok(first && second);
  const third = await arrive();
  assert.is(others(first).length, 2);
  await settle(vt.rooms, id(third), {
    ...{ state: 'afgewezen', action: 'afgewezen', by: BY, code: 'wrongly-addressed' },
  });
  assert.equal(others(first), [second]);
  const fourth = await arrive();
  await settle(vt.rooms, id(fourth), { state: 'verwerkt', action: 'bevestigd', by: BY });
  assert.equal(others(first), [fourth, second]);
  await destroy(vt.rooms, id(fourth), { ...BY, grond: 'verzoek-betrokkene' });
  assert.equal(others(first), [second]);
  assert.not.ok(vt.rooms.store.marks.has(id(fourth)));
});

test('of a chain of corrections only the last that stands is a report, whichever of them is rejected, and when', async () => {
  assert.ok(first && second);
  const reject = (jti: Uuid7) =>
    settle(vt.rooms, id(jti), {
      ...{ state: 'afgewezen', action: 'afgewezen', by: BY, code: 'wrongly-addressed' },
    });
  const r1 = await arrive();
  const r2 = await arrive({ vervangt: r1 });
  const r3 = await arrive({ vervangt: r2 });
  await reject(r2);
  assert.equal(others(first), [r3, second], 'one in the middle');
  await reject(r3);
  assert.equal(others(first), [r1, second], 'nothing corrects the first any more');
  const r4 = await arrive({ vervangt: r3 });
  assert.equal(others(first), [r4, second], 'one that was rejected is corrected');
  await reject(r4);
  await reject(r1);
  assert.equal(others(first), [second]);
});

test('of a destroyed report no hash is left in any byte of the files', async () => {
  const lone = await arrive({ inhoud: { ...strangers(), betrokkenen: [somebody()] } });
  const [path = ''] = vt.rooms.store.files;
  const beside = new Database(path);
  const packed = beside
    .prepare<{ jti: string }, { marks: Uint8Array }>('SELECT marks FROM reports WHERE jti = :jti')
    .get({ jti: lone })?.marks;
  beside.close();
  // Of each the kind in a byte, then the hash.
  const hashes = Array.from({ length: (packed?.length ?? 0) / 17 }, (_, n) =>
    Buffer.from(packed ?? []).subarray(n * 17 + 1, (n + 1) * 17),
  );
  const found = async () => (await search(vt.rooms.store.files, hashes)).gevonden;
  assert.ok(hashes.length >= 5 && (await found()) >= hashes.length, 'they were there');
  await settle(vt.rooms, id(lone), { state: 'verwerkt', action: 'bevestigd', by: BY });
  await destroy(vt.rooms, id(lone), { ...BY, grond: 'verzoek-betrokkene' });
  assert.is(await found(), 0);
});

test('neither numbers nor names lie in the files or the log, nor a plain hash of a number', () => {
  const bytes = vt.rooms.store.files.flatMap((file) => {
    try {
      return [readFileSync(file)];
    } catch {
      return [];
    }
  });
  assert.ok(bytes.length > 0);
  const { marks } = vt.rooms.store;
  const sharing = marks.sharedWith(id(first ?? newUuid7(0)));
  assert.ok(sharing.length > 10, 'it has marks');
  for (const word of ['999910000', 'Proefhoven', 'proefhoven', '5256ZZ', 'Proefdijk', 'proefdyk']) {
    assert.not.ok(
      bytes.some((file) => file.includes(word)),
      word,
    );
    assert.not.ok(
      here.stand.log.some((line) => line.includes(word)),
      word,
    );
  }
});

test('with a new store key and after a restore the earlier reports are still known', async () => {
  assert.ok(first && second);
  const copy = join(here.stand.folder, 'copy.db');
  await backup(config(), copy, here.stand.clock.now());
  await vt.stop();
  const now = here.stand.clock.now();
  await restore(config(), copy, { oin: AGENCIES.vt.oin, now, overwrite: true });
  await rotateKey(config(), () => undefined);
  await start();
  assert.equal(others(first), [second]);
  const fifth = await arrive();
  assert.equal(others(fifth), [second, first]);
  await settle(vt.rooms, id(fifth), { state: 'verwerkt', action: 'bevestigd', by: BY });
  await destroy(vt.rooms, id(fifth), { ...BY, grond: 'anders' });
});

test('switched off it forgets; on again it looks at what came meanwhile', async () => {
  assert.ok(first && second);
  await vt.stop();
  await start({ radar: false });
  await until('no traces', () => vt.rooms.store.marks.count === 0 || undefined);
  const sixth = await arrive();
  assert.equal(others(sixth), []);
  assert.match((await run(radar)).text ?? '', 'no radar');
  await vt.stop();
  await start();
  await until('the earlier ones', () => others(sixth).length === 2 || undefined);
  assert.equal(others(sixth), [second, first]);
});

test('the own system is told with the report, by webhook and in a file; a radar that is off or fails keeps none back', async () => {
  const system = await FakeSystem.open();
  const path = join(here.stand.folder, 'map');
  const channels = {
    webhook: { url: system.url, timeoutSeconds: 5 },
    folder: { path, pollSeconds: 0.05 },
  };
  const handed = async (): Promise<(readonly unknown[] | undefined)[]> => {
    const jti = await arrive();
    const call = await until('the call', () =>
      system.calls.find((one) => one.body.bericht.jti === jti),
    );
    const file = join(path, 'in', `${POLICE}-${jti}.json`);
    await until('the file', () => existsSync(file) || undefined);
    const inFile = JSON.parse(readFileSync(file, 'utf8')) as GivenMessage;
    assert.ok(inFile.bericht.inhoud && call.body.bericht.inhoud);
    return [call.body.radar, inFile.radar];
  };
  await vt.stop();
  await start(channels);
  const before = others(await arrive());
  assert.ok(before.length > 0);
  for (const told of await handed()) {
    assert.is(told?.length, before.length + 1);
    assert.match(JSON.stringify(told), 'naam+geboortedatum+adres');
    for (const word of ['Proefhoven', '999910000', '5256', 'Proefdijk', 'Heusden'])
      assert.not.ok(JSON.stringify(told).includes(word), word);
  }
  const { marks } = vt.rooms.store;
  const { sharedWith } = marks;
  marks.sharedWith = () => {
    throw new Error('the radar is broken');
  };
  assert.equal(await handed(), [undefined, undefined]);
  marks.sharedWith = sharedWith;
  assert.ok(here.stand.log.some((line) => line.includes('the radar could not be asked')));
  await vt.stop();
  await start({ ...channels, radar: false });
  assert.equal(await handed(), [undefined, undefined]);
  await system.close();
});

test('an agency that is no Veilig Thuis has none', async () => {
  const police = await here.stand.start('politie');
  assert.is(await police.rooms.radar?.isOn(), false);
  assert.equal([police.rooms.store.marks.on, police.rooms.store.marks.count], [false, 0]);
});

test.run();
