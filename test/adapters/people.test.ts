/** What people do at the local API and the command line: see what was not taken, hand it over again, look at proof. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { alarms } from '../../adapters/commands/alarms.ts';
import { destroy, destructions } from '../../adapters/commands/destroy.ts';
import { evidence } from '../../adapters/commands/evidence.ts';
import { handovers, redrive } from '../../adapters/commands/handovers.ts';
import { acknowledge, inbox, reject } from '../../adapters/commands/inbox.ts';
import { pastRetention } from '../../adapters/commands/past-retention.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import type { Command } from '../../schemas/command.ts';
import type { Problem } from '../../schemas/problem.ts';
import { AGENCIES } from '../town/agencies.ts';
import { Arrivals } from './arrivals.ts';
import { FakeSystem } from './fake-system.ts';
import { quiet, until, type Where } from './stand.ts';

const POLICE = AGENCIES.politie.oin;
let here: Arrivals;
let vt: Agency;
let system: FakeSystem;
let where: Where;
test.before(async () => {
  system = await FakeSystem.open();
  const webhook = { url: system.url, timeoutSeconds: 30 };
  ({ here, vt, where } = await Arrivals.openWithPeople(() => ({ webhook })));
});
test.after(async () => {
  await here.stand.close();
  await system.close();
});

const run = (command: Command, args: string[] = [], options: object = {}) =>
  command.run(args, { ...where, medewerker: 'F. Beheer', ...options }, quiet);

const waiting = async () => (await run(handovers)).table?.rows.map((row) => row[3]) ?? [];

test('what the system refused waits for a person, who hands it over again', async () => {
  assert.is((await run(handovers)).text, '0 wait for a person');
  system.answer = () => 422;
  const sent = [await here.arrive(), await here.arrive(), await here.arrive()];
  const names = sent.map(({ jti }) => `${POLICE}/${jti}`);
  await until('all to wait', async () => (await waiting()).length === 3);
  system.answer = () => 200;
  const dry = await run(redrive, [names[0] ?? ''], { dryRun: true });
  assert.match(dry.text ?? '', '1 would be');
  assert.is((await waiting()).length, 3, 'a dry run does nothing');
  await run(redrive, [names[0] ?? '']);
  await until('the first', () => system.count(sent[0]?.jti ?? '') === 2);
  assert.is((await run(redrive, [], { all: true })).table?.rows.length, 2);
  await until('the rest', () => sent.every(({ jti }) => system.count(jti) === 2));
  await until('none to wait', async () => (await waiting()).length === 0);
  for (const { jti } of sent) {
    const acts = vt.rooms.store.actions.of(POLICE, jti);
    const again = acts.filter(({ action }) => action === 'opnieuw-aangeboden');
    assert.equal(
      again.map(({ medewerker }) => medewerker),
      ['F. Beheer'],
    );
    const keys = system.calls
      .filter(({ body }) => body.bericht.jti === jti)
      .map(({ headers }) => headers['idempotency-key']);
    assert.is(new Set(keys).size, 1, 'the system knows it as the same');
  }
});

test('neither all nor some: it says how to tell', async () => {
  const said = await run(redrive).then(
    () => '',
    (error: Error) => error.message,
  );
  assert.match(said, 'it is not said which');
});

test('evidence is listed without its content, and exported as it came', async () => {
  const halt = await loadIdentity(here.stand.keys.identity(AGENCIES.halt.oin));
  const { jti } = await here.arrive(here.claims(), halt);
  await here.answer(jti);
  const listed = await run(evidence);
  assert.ok(listed.table?.rows.some((row) => row[4] === jti && row[2] === 'certificate-unknown'));
  assert.not.match(JSON.stringify(listed), 'eyJ');
  const out = join(here.stand.folder, 'bewijs');
  mkdirSync(out);
  await run(evidence, [], { out });
  const [file = ''] = readdirSync(out);
  assert.match(readFileSync(join(out, file), 'utf8'), /^eyJ/);
});

test('destroyed by a person on the command line, told what belongs to it, and exported', async () => {
  const { jti } = await here.arrive();
  await until('delivery', () => vt.rooms.store.inbox.get(POLICE, jti));
  await until('its end', () => vt.rooms.store.inbox.get(POLICE, jti)?.state === 'verwerkt');
  const name = `${POLICE}/${jti}`;
  await run(acknowledge, [POLICE, jti]);
  const dry = await run(destroy, [name], { reason: 'ingetrokken', dryRun: true });
  assert.match(dry.text ?? '', 'would be destroyed');
  const done = await run(destroy, [name], { reason: 'ingetrokken', toelichting: 'zie zaak' });
  assert.match(done.text ?? '', ': 0 found');
  assert.is(done.exit, 'ok');
  const out = join(here.stand.folder, 'vernietigd.jsonl');
  await run(destructions, [], { out });
  const [line = ''] = readFileSync(out, 'utf8').split('\n');
  assert.is((JSON.parse(line) as { bericht: string }).bericht, jti);
  assert.not.match(line, 'zie zaak');
});

test('what is past the retention period is listed until it is destroyed', async () => {
  const { jti } = await here.arrive();
  await until('its end', () => vt.rooms.store.inbox.get(POLICE, jti)?.state === 'verwerkt');
  assert.is((await run(pastRetention, [], { years: '20' })).table?.rows.length, 0);
  here.stand.clock.move(1);
  const listed = async () =>
    (await run(pastRetention, [], { years: '0' })).table?.rows.map((row) => row[2]) ?? [];
  assert.ok((await listed()).includes(`${POLICE}/${jti}`));
  await run(destroy, [`${POLICE}/${jti}`], { reason: 'bewaartermijn' });
  assert.not.ok((await listed()).includes(`${POLICE}/${jti}`));
});

test('a choice that is not known is told with those that are, before the adapter is asked', async () => {
  const message = `${POLICE}/0192f0c1-7d3e-7abc-8def-0123456789ab`;
  const nowhere = { url: 'http://127.0.0.1:1' };
  const tried: [Command, string[], object, RegExp][] = [
    [destroy, [message], { reason: 'zomaar' }, /--reason zomaar.*bewaartermijn/s],
    [reject, message.split('/'), { code: 'nee' }, /--code nee.*wrongly-addressed/s],
    [inbox, [], { staat: 'gelezen' }, /--staat gelezen.*verwerkt/s],
  ];
  for (const [command, args, options, told] of tried) {
    const fault = await run(command, args, { ...nowhere, ...options }).catch((error) => error);
    assert.match(`${fault.message} ${fault.next}`, told);
    assert.is(fault.exit, 'usage');
  }
});

test('no alarms is one line, and no head over nothing', async () => {
  const told = await run(alarms);
  assert.equal([told.text, told.table], ['no alarms', undefined]);
});

test('a method that a path does not take is 405, and says which it takes', async () => {
  const token = readFileSync(where.tokenFile, 'utf8').trim();
  const headers = { authorization: `Bearer ${token}` };
  const ask = (method: string, path: string) => fetch(`${where.url}${path}`, { method, headers });
  for (const [method, path, allow] of [
    ['DELETE', '/v1/berichten', 'POST, GET'],
    ['PUT', `/v1/postvak/${POLICE}/x`, 'GET'],
    ['GET', '/v1/koppelingen/_opnieuw', 'POST'],
  ] as const) {
    const answer = await ask(method, path);
    assert.is(answer.status, 405, path);
    assert.is(answer.headers.get('allow'), allow);
    assert.is(((await answer.json()) as Problem).code, 'method-not-allowed');
  }
  assert.is((await ask('GET', '/v1/onzin')).status, 404);
});

test('a router that cannot be reached is told as that', async () => {
  here.stand.door.fault = () => ({ how: 'cut' });
  const error = await vt.rooms.door
    .receipts('x', 'a.b.c')
    .catch((cause: { code?: string }) => cause);
  here.stand.door.fault = () => undefined;
  assert.is((error as { code?: string }).code, 'router-unreachable');
});

test.run();
