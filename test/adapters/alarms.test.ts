/** Alarms at both ends: by the adapter's own clock, by the router, and by both as one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import type { AlarmView } from '../../adapters/alarm-view.ts';
import { alarms as alarmsCommand, lasting } from '../../adapters/commands/alarms.ts';
import { inbox } from '../../adapters/commands/inbox.ts';
import { post } from '../../adapters/outlet.ts';
import { settle } from '../../adapters/settle.ts';
import { trackOf } from '../../adapters/track.ts';
import { digestOf } from '../../certs/digest.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import type { Command } from '../../schemas/command.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { FakeSystem } from './fake-system.ts';
import { openStand, report, type Stand, sample, until } from './stand.ts';

const [POLICE, VT, OM] = [AGENCIES.politie.oin, AGENCIES.vt.oin, AGENCIES.om.oin];
const MINUTES = 60;
const EVENT = 'application/cloudevents+json';
const alarms = { undeliveredSeconds: 10 * MINUTES, unprocessedSeconds: 30 * MINUTES };

let stand: Stand;
let system: FakeSystem;
test.before.each(async () => {
  stand = await openStand();
  system = await FakeSystem.open();
});
test.after.each(async () => {
  await stand.close();
  await system.close();
});

interface Local {
  readonly agency: Agency;
  open(): Promise<AlarmView[]>;
  over(): Promise<AlarmView[]>;
  see(id: string, medewerker: string): Promise<Response>;
  /** What a command says to a person. */
  say(command: Command): Promise<string>;
}

async function start(name: 'politie' | 'vt' | 'om', more: object = {}): Promise<Local> {
  const tokenFile = join(stand.folder, name, 'token');
  const rest = { host: '127.0.0.1', port: 0, tokenFile };
  const agency = await stand.start(name, { rest, alarms, ...more });
  const authorization = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${agency.rest}${path}`, {
      ...init,
      headers: { authorization, 'content-type': 'application/json' },
    });
  const list = async (staat: string) =>
    ((await (await ask(`/v1/alarmen?staat=${staat}`)).json()) as { alarmen: AlarmView[] }).alarmen;
  return {
    agency,
    open: () => list('open'),
    over: () => list('voorbij'),
    see: (id, medewerker) =>
      ask(`/v1/alarmen/${id}/_gezien`, { method: 'POST', body: JSON.stringify({ medewerker }) }),
    say: async ({ run }) => {
      const signal = new AbortController().signal;
      const context = { progress: () => undefined, line: () => undefined, signal };
      return (await run([], { url: agency.rest ?? '', tokenFile }, context)).text ?? '';
    },
  };
}

/** Puts the clock forward, and lets the watch look. */
function pass(minutes: number, { agency }: Local): void {
  stand.clock.move(minutes * MINUTES);
  agency.rooms.rings.watch();
}

const send = async ({ agency }: Local): Promise<Uuid7> =>
  (await post(agency.rooms, report())).bericht;

test('the router is down: after ten minutes the sender is told to telephone, with the number it knew', async () => {
  stand.door.router.phones.set(VT, '013-5551234');
  const folder = join(stand.folder, 'uitwisseling');
  const police = await start('politie', { folder: { path: folder, pollSeconds: 1 } });
  await police.agency.rooms.directory.entry(VT);
  await until('the number', () => police.agency.rooms.store.contacts.get(VT)?.phone);
  stand.door.fault = () => ({ how: 'cut' });
  const bericht = await send(police);
  pass(9, police);
  assert.equal(await police.open(), []);
  pass(2, police);
  const [alarm] = await until('an alarm', async () => {
    const found = await police.open();
    return found.length > 0 ? found : undefined;
  });
  assert.is(alarm?.soort, 'niet-afgeleverd');
  assert.is(alarm?.berichtstaat, 'ingediend');
  assert.equal(alarm?.bron, ['eigen-klok']);
  assert.is(alarm?.bellen.telefoon, '013-5551234');
  assert.match(alarm?.advies ?? '', /Telephone .*013-5551234/);
  const row = police.agency.rooms.store.outbox.get(bericht);
  assert.is(row && trackOf(police.agency.rooms, row).alarmen?.length, 1, 'track tells it, too');
  const screen = await police.say(alarmsCommand);
  assert.match(screen, /^1 urgent message waits: TELEPHONE\n\nALARM .*: 013-5551234\./);
  assert.match(screen, `message ${bericht}`);
  assert.match(screen, /from (Politie .*|\d{20}) to Veilig Thuis/);
  assert.match(screen, `not seen yet: ketenpost alarms seen ${alarm?.id}`);
  for (const line of screen.split('\n')) assert.ok(line.length <= 120, line);
  assert.match(
    await police.say(inbox),
    /^0 messages\nALARM .*013-5551234/,
    'of what was sent, too',
  );
  assert.ok(
    stand.log.some((line) => line.includes('ALARM') && line.includes(bericht)),
    'and the log',
  );
  const file = join(folder, 'alarm', `niet-afgeleverd-${POLICE}-${bericht}-${VT}.json`);
  await until('the file', () => existsSync(file));

  // The router comes back, the recipient has it: over, by itself.
  stand.door.fault = () => undefined;
  await stand.start('vt');
  await until('arrival', () => {
    police.agency.rooms.rings.watch();
    return police.agency.rooms.store.alarms.about(POLICE, bericht)[0]?.ended;
  });
  const [over] = await police.over();
  assert.is(over?.voorbijDoor, 'afgeleverd');
  assert.ok(over?.voorbijOp);
  assert.equal(await police.open(), []);
  await until('the file to tell', () => readFileSync(file, 'utf8').includes('"voorbij"'));
  assert.is(readdirSync(join(folder, 'alarm')).length, 1);
});

test('a report lies unread: the duty system of the recipient is called, once, and again when it is over', async () => {
  const vt = await start('vt', { webhook: { url: system.url, timeoutSeconds: 30 } });
  system.answer = ({ headers }) => (headers['content-type'] === EVENT ? 200 : 422);
  const police = await start('politie');
  const bericht = await send(police);
  await until('delivery', () => vt.agency.rooms.store.inbox.get(POLICE, bericht));
  pass(31, vt);
  const calls = () =>
    system.calls
      .filter(({ headers }) => headers['content-type'] === EVENT)
      .map(({ headers, body }) => ({
        key: headers['idempotency-key'],
        ...(body as unknown as { type: string; data: AlarmView }),
      }));
  const call = await until('a call', () => calls()[0]);
  assert.is(call.type, 'nl.ketenpost.alarm.opgekomen');
  assert.is(call.data.soort, 'niet-verwerkt');
  assert.is(call.data.bericht, bericht);
  assert.match(String(call.key), /^[\w-]{43}$/);
  await settle(
    vt.agency.rooms,
    { sender: POLICE, jti: bericht },
    { state: 'verwerkt', action: 'bevestigd', by: { medewerker: 'T. Riage' } },
  );
  vt.agency.rooms.rings.watch();
  const second = await until('the second call', () => calls()[1]);
  assert.is(second.type, 'nl.ketenpost.alarm.voorbij');
  assert.is.not(second.key, call.key);
  assert.is(calls().length, 2);
});

test('a question that was answered or withdrawn, and the answer, raise nothing; an alarm that was open is over', async () => {
  const [om, vt] = [await start('om'), await start('vt')];
  const clock = () => ({
    klok: 'vrij' as const,
    aanvang: new Date(stand.clock.now()).toISOString(),
    eind: new Date(stand.clock.now() + 20 * 3_600_000).toISOString(),
  });
  const asking = {
    ...{ berichttype: 'check-op-bekendheid', aan: [VT], grondslag: 'wjsg-39f.1.f', prio: 'spoed' },
    inhoud: sample('check-op-bekendheid', 'zsm'),
  };
  const ask = async () =>
    (await post(om.agency.rooms, { ...asking, raadpleging: clock() })).bericht;
  const [first, second, third] = [await ask(), await ask(), await ask()];
  const at = ({ agency }: Local, from: Oin, jti: Uuid7) =>
    until('a delivery', () => agency.rooms.store.inbox.get(from, jti));
  for (const one of [first, second, third]) await at(vt, OM, one);
  pass(31, vt);
  await until('three alarms', async () => (await vt.open()).length === 3);
  const answer = await post(vt.agency.rooms, {
    ...{ berichttype: 'uitslag-check-op-bekendheid', aan: [OM], grondslag: 'wmo-5.1.6.2' },
    ...{ verwijst: first, prio: 'spoed', inhoud: sample('uitslag-check-op-bekendheid', 'bekend') },
  });
  const inhoud = { reden: 'anders', toelichting: 'niet meer nodig' };
  const gone = await post(om.agency.rooms, { ...asking, trektIn: second, inhoud });
  await at(om, VT, answer.bericht);
  await at(vt, OM, gone.bericht);
  await until('two to be over', async () => {
    pass(0, vt);
    return (await vt.open()).length === 1;
  });
  assert.equal((await vt.open())[0]?.bericht, third);
  const endings = (await vt.over()).map(({ bericht, voorbijDoor }) => [bericht, voorbijDoor]);
  assert.equal(
    endings.sort(),
    [
      [first, 'beantwoord'],
      [second, 'ingetrokken'],
    ].sort(),
  );

  // Half an hour later: by the clocks of both, and by a router that did not see the answer.
  const { router } = stand.door;
  const late = { soort: 'niet-verwerkt', afzender: toUrn(OM), ontvanger: toUrn(VT) } as const;
  for (const bericht of [first, second, gone.bericht, third]) {
    await router.alarm(OM, { ...late, bericht });
  }
  const about = { ...late, afzender: toUrn(VT), ontvanger: toUrn(OM), bericht: answer.bericht };
  await router.alarm(OM, about);
  await until('the words to be seen', () => router.mail.alarmsWaiting(OM) === 0);
  const fourth = await ask();
  const back = await post(vt.agency.rooms, {
    ...{ berichttype: 'check-op-bekendheid', aan: [OM], grondslag: 'wmo-5.1.6.2', prio: 'spoed' },
    inhoud: sample('check-op-bekendheid', 'veilig-thuis'),
  });
  await at(vt, OM, fourth);
  await at(om, VT, back.bericht);
  for (const [one, waits] of [
    [om, back.bericht],
    [vt, fourth],
  ] as const) {
    pass(31, one);
    const messages = async () =>
      (await one.open())
        .filter(({ soort }) => soort === 'niet-verwerkt')
        .map(({ bericht }) => bericht);
    await until('what waits', async () => (await messages()).includes(waits));
    assert.equal((await messages()).sort(), [third, waits].sort());
  }
});

test('how long it waits is told as people say it', () => {
  const told = [-5, 0, 40, 99, 100, 720, 5999, 6000, 11_100].map((seconds) =>
    lasting(seconds * 1e3),
  );
  const words = [
    '0 s',
    '0 s',
    '40 s',
    '99 s',
    '1 min',
    '12 min',
    '99 min',
    '1 h 40 min',
    '3 h 5 min',
  ];
  assert.equal(told, words);
});

test("the router's alarm and our own are one; by both it is said who raised it", async () => {
  const police = await start('politie');
  const bericht = await send(police);
  await until('acceptance', () => police.agency.rooms.store.outbox.recipients(bericht)[0]);
  const about = {
    soort: 'niet-afgeleverd',
    afzender: toUrn(POLICE),
    bericht,
    ontvanger: toUrn(VT),
  };
  const { router } = stand.door;
  await router.alarm(POLICE, about as Parameters<typeof router.alarm>[1]);
  await until('the alarm', async () => (await police.open())[0]);
  await until('gezien to be said', () => router.mail.alarmsWaiting(POLICE) === 0);
  await router.alarm(POLICE, about as Parameters<typeof router.alarm>[1]);
  await until('the second', () => router.mail.alarmsWaiting(POLICE) === 0);
  assert.equal((await police.open())[0]?.bron, ['router']);
  pass(11, police);
  const found = await until('both', async () => {
    const [one] = await police.open();
    return one?.bron.length === 2 ? one : undefined;
  });
  assert.is(found.bellen.telefoon, '013-1234567');
  assert.is((await police.open()).length, 1);
});

test('an alarm that the router did not sign, or about others, is kept as proof and never shown', async () => {
  const police = await start('politie');
  const { router } = stand.door;
  const halt = await loadIdentity(stand.keys.identity(AGENCIES.halt.oin));
  const bericht = await send(police);
  const about = { soort: 'niet-verwerkt', afzender: toUrn(POLICE), bericht, ontvanger: toUrn(VT) };
  const good = about as Parameters<typeof router.alarm>[1];
  await router.alarm(POLICE, good, halt.signing);
  await router.alarm(POLICE, { ...good, afzender: toUrn(VT) });
  await until('both to be kept', () => police.agency.rooms.store.evidence.list(10).length === 2);
  await until('one to be seen', () => router.mail.alarmsWaiting(POLICE) === 1);
  assert.equal(await police.open(), [], 'the other one was not of the router, whatever its id');
  const kept = police.agency.rooms.store.evidence.list(10).filter(({ kind }) => kind === 'alarm');
  assert.equal(kept.map(({ code }) => code).sort(), ['certificate-unknown', 'wrongly-addressed']);
});

/** Two messages of the police that were accepted, and an alarm about the first that a thief holds back: he sees its id. */
async function withAlarmHeldBack() {
  const police = await start('politie');
  const { router } = stand.door;
  const halt = await loadIdentity(stand.keys.identity(AGENCIES.halt.oin));
  const [bericht, other] = [await send(police), await send(police)];
  const about = { soort: 'niet-verwerkt', afzender: toUrn(POLICE), ontvanger: toUrn(VT) } as const;
  const jti = newUuid7(stand.clock.now());
  const messages = async () => (await police.open()).map((one) => one.bericht);
  await until('acceptance', () => router.records.has(bericht) && router.records.has(other));
  router.mail.lent = true;
  await router.alarm(POLICE, { ...about, bericht, jti });
  router.mail.lent = false;
  return { router, halt, bericht, other, about, jti, messages, police };
}

test('under the id of a true alarm comes a false one: the true one stays in the mailbox, and counts', async () => {
  const { router, halt, bericht, other, about, jti, messages, police } = await withAlarmHeldBack();
  await router.alarm(POLICE, { ...about, bericht, jti }, halt.signing);
  await until('the proof', () => police.agency.rooms.store.evidence.list(10).length === 1);
  // By the poll that brings this one, what was seen has been told.
  await router.alarm(POLICE, { ...about, bericht: other });
  await until('the other one', async () => (await messages()).includes(other));
  assert.equal(await messages(), [other]);
  router.mail.giveAgain();
  await until('the true one', async () => (await messages()).includes(bericht));
  await until('nothing under that id', () => router.mail.alarmsWaiting(POLICE) === 0);
});

test('under the id of a true alarm comes a genuine receipt of another agency: the true one stays in the mailbox, and counts', async () => {
  const { router, halt, bericht, other, about, jti, messages } = await withAlarmHeldBack();
  const dig = router.records.get(bericht)?.dig ?? digestOf('');
  const fact = { staat: 'verwerkt', afzender: toUrn(POLICE), bericht, dig } as const;
  // An agency signs this for the thief; it does not count, and yet was seen.
  router.mail.putReceipt(POLICE, await router.state(POLICE, fact, halt, jti));
  await until('it to leave', () => router.mail.receiptsWaiting(POLICE) === 0);
  await router.alarm(POLICE, { ...about, bericht: other });
  await until('the other one', async () => (await messages()).includes(other));
  router.mail.giveAgain();
  await until('the true one', async () => (await messages()).includes(bericht));
  await until('nothing under that id', () => router.mail.alarmsWaiting(POLICE) === 0);
});

test('what does not count comes again and again: kept and said once, and it holds up nothing', async () => {
  const police = await start('politie');
  const { router } = stand.door;
  const halt = await loadIdentity(stand.keys.identity(AGENCIES.halt.oin));
  const bericht = await send(police);
  const about = { soort: 'niet-verwerkt', afzender: toUrn(POLICE), ontvanger: toUrn(VT) } as const;
  const pages = 3 * 25;
  for (let n = 0; n < pages; n++) await router.alarm(POLICE, { ...about, bericht }, halt.signing);
  await router.alarm(POLICE, { ...about, bericht });
  await until(
    'the good one, behind pages of bad ones',
    async () => (await police.open()).length > 0,
  );
  const kept = () => police.agency.rooms.store.evidence.list(1000).length;
  await until('all proofs', () => kept() === pages);
  const polls = () => stand.door.requests.filter((one) => one.endsWith('_ophalen')).length;
  for (let n = 0; n < 3; n++) {
    const before = polls();
    router.mail.giveAgain();
    await until('they came again', () => polls() >= before + 3);
  }
  const said = stand.log.filter((line) => line.includes('a word of the router does not count'));
  assert.equal([kept(), said.length], [pages, pages]);
  assert.is(router.mail.alarmsWaiting(POLICE), pages);
});

test('who saw it is recorded; a message that will never come is over only then', async () => {
  stand.door.router.mischief.refuse = () => undefined;
  stand.door.fault = () => ({ how: 'cut' });
  const police = await start('politie');
  const bericht = await send(police);
  pass(11, police);
  const alarm = await until('an alarm', async () => (await police.open())[0]);
  const { store } = police.agency.rooms;
  const row = store.outbox.get(bericht);
  assert.ok(row);
  await store.write(() =>
    store.outbox.progress(bericht, { ...row, state: 'geweigerd', nextAt: null }),
  );
  pass(0, police);
  assert.is((await police.open()).length, 1, 'refused: nobody has it, so it stays');
  const answer = await police.see(alarm.id, 'A. Gent');
  assert.is(answer.status, 200);
  await until('its end', async () => (await police.open()).length === 0);
  const [over] = await police.over();
  assert.equal([over?.voorbijDoor, typeof over?.gezienOp], ['geweigerd', 'string']);
  assert.equal(
    store.actions.of(POLICE, bericht).map((one) => [one.action, one.medewerker]),
    [['alarm-gezien', 'A. Gent']],
  );
  assert.is((await police.see('onbekend', 'A. Gent')).status, 404);
});

test('what came in time raises nothing, and neither does a message that is not urgent', async () => {
  const police = await start('politie');
  stand.door.fault = () => ({ how: 'cut' });
  await post(police.agency.rooms, report({ prio: 'normaal' }));
  pass(600, police);
  await police.agency.rooms.store.write(() => undefined);
  assert.equal(await police.open(), []);
});

test.run();
