/** A recipient that never collects: its mailbox fills, and new messages are refused for it alone. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { subjects } from '../../router/bus/subjects.ts';
import { MAILBOX_DEFAULTS } from '../../router/mailboxes/limit.ts';
import type { MailboxReport } from '../../router/mailboxes/survey.ts';
import { Tally } from '../../router/mailboxes/tally.ts';
import type { Oin } from '../../schemas/ids.ts';
import { toUrn } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { noteOf } from '../town/note-of.ts';
import { until } from '../town/wait.ts';
import { actOnDue } from './due.ts';
import { changing, type House, openHouse } from './house.ts';
import { accepted, body, eventBody, type Player, refused } from './player.ts';

const LIMIT = { items: 3, bytes: 1_000_000, retrySeconds: 120 };
const { vt: VT, halt: HALT, rvdk: RVDK, reclassering: RECLASSERING } = AGENCIES;

let house: House;
let police: Player;
let vt: Player;
let om: Player;
test.before(async () => {
  house = await openHouse({ settings: { mailbox: LIMIT } });
  [police, vt, om] = await Promise.all([
    house.agency('politie'),
    house.agency('vt'),
    house.agency('om'),
  ]);
});
test.after(() => house.stop());

const itemsOf = ({ oin }: { oin: Oin }) => house.rooms.mailboxes.level(oin).items;

/** Takes all that waits, and says so. @returns how many deliveries there were */
async function collectAll(player: Player): Promise<number> {
  const { afleveringen, alarmen = [] } = await player.collect({ maximum: 50 });
  const opened = await Promise.all(afleveringen.map(({ inhoud }) => player.open(inhoud)));
  const receipts = await Promise.all(opened.map(({ jws }) => player.receipt(jws, 'verwerkt')));
  const gezien = alarmen.map(noteOf);
  await player.collect({ ontvangstbewijzen: receipts, gezien });
  return afleveringen.length;
}

const askAbout = (...whom: { oin: Oin }[]) => ({
  ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f' },
  ...{ aud: whom.map(({ oin }) => toUrn(oin)), inhoud: body('check-op-bekendheid', 'zsm') },
});

async function survey(): Promise<MailboxReport[]> {
  const { admin } = house.broker.buses;
  const data = await admin.ask(subjects.mailboxLevels, new Uint8Array(), { timeoutMs: 60_000 });
  return JSON.parse(Buffer.from(data).toString()).mailboxes;
}

test('full: refused with a time to come again, for this recipient alone; what was promised is kept', async () => {
  const first = await police.send({});
  accepted(first);
  for (let at = 1; at < LIMIT.items; at++) accepted(await police.send({}));
  const no = await police.send({});
  const problem = refused(no);
  assert.equal(
    [problem.code, problem.status, problem.opnieuw, problem.opnieuwNa],
    ['mailbox-full', 503, true, LIMIT.retrySeconds],
  );
  assert.match(problem.errors[0]?.melding ?? '', VT.oin);
  assert.is(await house.rooms.ids.find(police.oin, no.claims.jti), undefined, 'the id is free');
  assert.is(accepted(await police.offer(first.jwe)).herhaald, true, 'a repeat is no new message');
  const place = { recipient: vt.oin, prio: 'spoed', from: police.oin } as const;
  await house.rooms.mailboxes.erase({ ...place, id: first.claims.jti });
  accepted(await police.send({}));
  assert.is(itemsOf(vt), LIMIT.items);
  assert.is(accepted(await police.offer(first.jwe)).herhaald, true);
  assert.is(itemsOf(vt), LIMIT.items + 1, 'a lost copy is stored again, full or not');
  const referral = { berichttype: 'halt-verwijzing', grondslag: 'bpg-4.2.1.f' };
  const inhoud = body('halt-verwijzing', 'winkeldiefstal');
  accepted(await police.send({ ...referral, aud: [toUrn(HALT.oin)], inhoud }));
});

test('the operator sees who is full, since when, and nothing of what is in it', async () => {
  const [first, ...rest] = await survey();
  assert.equal(
    [first?.oin, first?.items, first?.full, first?.limit],
    [VT.oin, LIMIT.items + 1, true, { items: LIMIT.items, bytes: LIMIT.bytes }],
  );
  assert.ok(Math.abs(Date.now() - (first?.oldest ?? 0)) < 60_000);
  assert.is(first?.bytes, house.rooms.mailboxes.level(vt.oin).bytes, 'the counter is right');
  assert.ok(rest.some(({ oin, items, full }) => oin === RVDK.oin && items === 0 && !full));
});

test('alarms and receipts still get in; collecting makes room, and the same message is taken', async () => {
  const waiting = await police.send({});
  assert.is(refused(waiting).code, 'mailbox-full');
  house.clock.ahead = 5 * 60_000;
  await actOnDue(house.rooms);
  house.clock.ahead = 0;
  assert.is(itemsOf(vt), 2 * (LIMIT.items + 1), 'an alarm about each');
  assert.is(await collectAll(vt), LIMIT.items + 1);
  assert.is(itemsOf(vt), 0);
  // The sender has the receipts and alarms in its mailbox now: more than it may hold of messages.
  assert.ok(itemsOf(police) > LIMIT.items);
  accepted(await police.offer(waiting.jwe));
  await collectAll(vt);
});

test('of several named recipients none gets it when one is full', async () => {
  for (let at = 0; at < LIMIT.items; at++) accepted(await om.send(askAbout(RECLASSERING)));
  const problem = refused(await om.send(askAbout(RVDK, RECLASSERING)));
  assert.is(problem.code, 'mailbox-full');
  assert.is(itemsOf(RVDK), 0);
  accepted(await om.send(askAbout(RVDK)));
});

test('a subscriber whose mailbox is full is left out and recorded; when all are, it may come again', async () => {
  const grondslag = 'wmo-4.1.1.2.e';
  const abonnementen = [{ berichttype: 'zaak-gebeurtenis', grondslag }];
  await house.register(changing(AGENCIES.politieZwb.oin, (draft) => ({ ...draft, abonnementen })));
  const event = () => ({ berichttype: 'zaak-gebeurtenis', grondslag, ...eventBody(vt.oin) });
  while (itemsOf(RVDK) < LIMIT.items) accepted(await om.send(askAbout(RVDK)));
  const sent = await vt.send(event());
  assert.equal(accepted(sent).ontvangers, [AGENCIES.politieZwb.oin]);
  const entries = await house.ledger('voornemen');
  const mine = entries.find((entry) => entry['bericht'] === sent.claims.jti);
  assert.equal(mine?.['overgeslagen'], [RVDK.oin]);
  while (itemsOf(AGENCIES.politieZwb) < LIMIT.items) accepted(await vt.send(event()));
  assert.is(refused(await vt.send(event())).code, 'mailbox-full');
});

test('for a suspended recipient messages are kept and count; it collects them when it is back', async () => {
  await house.register(changing(VT.oin, (draft) => ({ ...draft, status: 'geschorst' })));
  for (let at = 0; at < LIMIT.items; at++) accepted(await police.send({}));
  assert.is(refused(await police.send({})).code, 'mailbox-full');
  const row = (await survey()).find(({ oin }) => oin === VT.oin);
  assert.equal([row?.status, row?.items, row?.full], ['geschorst', LIMIT.items, true]);
  await house.register(changing(VT.oin, (draft) => ({ ...draft, status: 'actief' })));
  assert.is(await collectAll(vt), LIMIT.items);
});

test('another pipeline knows at its start what lies there, and half a second later what came since', async () => {
  accepted(await police.send({}));
  const other = await house.pipeline((bus) => ({
    ...bus,
    serve: async () => async () => undefined,
  }));
  const there = () => other.rooms.mailboxes.level(VT.oin);
  assert.equal(there(), house.rooms.mailboxes.level(VT.oin));
  accepted(await police.send({}));
  await until('the word of the other', () => there().items === itemsOf(VT));
  assert.equal(there(), house.rooms.mailboxes.level(VT.oin));
  await collectAll(vt);
  await until('the word that they went', () => there().items === 0);
  await other.stop();
});

test('a limit in bytes counts as well', () => {
  const tally = new Tally(house.rooms.bus);
  tally.note(VT.oin, 1, MAILBOX_DEFAULTS.bytes);
  assert.equal(tally.of(VT.oin), { items: 1, bytes: MAILBOX_DEFAULTS.bytes });
  tally.note(VT.oin, -1, MAILBOX_DEFAULTS.bytes);
  assert.is(tally.all().size, 0);
});

test.run();
