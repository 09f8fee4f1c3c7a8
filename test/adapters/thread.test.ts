/** One case at one agency: what it sent and received, with all that happened to it, as one line of time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { list, show } from '../../adapters/commands/case.ts';
import { draw } from '../../adapters/commands/draw-thread.ts';
import { destroy } from '../../adapters/destroy.ts';
import { post } from '../../adapters/outlet.ts';
import { settle } from '../../adapters/settle.ts';
import { listThreads, showThread, type Thread } from '../../adapters/thread.ts';
import { sign } from '../../certs/sign.ts';
import type { Command } from '../../schemas/command.ts';
import { newUuid7, type Oin, toUrn, type Uuid, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { cpuOf } from '../town/cost.ts';
import { Arrivals } from './arrivals.ts';
import { quiet, sample, until, type Where } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const CASE = '7b0c9e52-1d3f-4a68-9c21-5e8f00a1b2c3' as Uuid;

let here: Arrivals;
let vt: Agency;
let where: Where;
test.before(async () => {
  ({ here, vt, where } = await Arrivals.openWithPeople());
});
test.after(() => here.stand.close());

const run = (command: Command, ...args: string[]) => command.run(args, { ...where }, quiet);
const id = (jti: Uuid7) => ({ sender: POLICE, jti });
const kinds = ({ tijdlijn }: Thread) => tijdlijn.map(({ soort }) => soort);
const ids = (thread: Thread) => [
  ...new Set(
    thread.tijdlijn
      .filter(({ soort }) => soort === 'ontvangen' || soort === 'verzonden')
      .map(({ bericht }) => bericht),
  ),
];

async function arrive(more: object = {}): Promise<Uuid7> {
  const { jti } = await here.arrive(here.claims(more));
  await here.answer(jti);
  return jti;
}
const answer = (verwijst: Uuid7, more: object = {}) =>
  post(vt.rooms, {
    berichttype: 'vt-terugkoppeling',
    aan: [POLICE],
    grondslag: 'wmo-5.1.6',
    verwijst,
    inhoud: sample('vt-terugkoppeling', 'veiligheidsbeoordeling'),
    ...more,
  });

let report: Uuid7;
test('a report, who read and took it over, its clocks and the answer: one line in order of time', async () => {
  report = await arrive({ zaak: CASE });
  await settle(vt.rooms, id(report), {
    state: 'verwerkt',
    action: 'bevestigd',
    by: { medewerker: 'T. Riage' },
  });
  const { bericht } = await answer(report);
  const thread = showThread(vt.rooms, CASE);
  assert.equal(ids(thread), [report, bericht]);
  assert.equal([thread.soort, thread.draad, thread.berichten], ['zaak', CASE, 2]);
  assert.is(thread.opOns, 0);
  assert.equal(
    thread.partijen.map(({ naam }) => naam),
    ['Politie eenheid Oost-Brabant'],
  );
  const moments = thread.tijdlijn.map(({ op }) => op);
  assert.equal(moments, moments.toSorted());
  for (const kind of ['ontvangen', 'bewijs', 'termijn-begin', 'handeling', 'verzonden'] as const)
    assert.ok(kinds(thread).includes(kind), kind);
  const deed = thread.tijdlijn.find(({ soort }) => soort === 'handeling');
  assert.equal([deed?.['actie'], deed?.['medewerker']], ['bevestigd', 'T. Riage']);
  const over = thread.tijdlijn.filter(({ soort }) => soort === 'termijn-beeindigd');
  assert.equal(
    over.map(({ klok }) => klok),
    ['veiligheidsbeoordeling'],
    'the answer ended it',
  );
  const due = thread.tijdlijn.filter(({ soort }) => soort === 'termijn-eind');
  assert.not.ok(due.some(({ klok }) => klok === 'veiligheidsbeoordeling'));
});

test('the conversation and the message lead to the same line', () => {
  const row = vt.rooms.store.inbox.get(POLICE, report);
  const all = [CASE, row?.conversation ?? '', report].map((one) => showThread(vt.rooms, one));
  for (const one of all) assert.equal(one, all[0]);
});

test('a correction, a message of another conversation in the case, and one that refers to it belong to it', async () => {
  const correction = await arrive({ vervangt: report, zaak: CASE });
  const sideways = await arrive({ zaak: CASE });
  const pointing = await arrive({ verwijst: sideways });
  const found = ids(showThread(vt.rooms, CASE));
  for (const one of [report, correction, sideways, pointing]) assert.ok(found.includes(one), one);
  assert.is(found.length, 5);
});

test('another case that is touched in passing is not drawn in', async () => {
  const other = newUuid7(Date.now());
  const touching = await arrive({ zaak: other, verwijst: report });
  const apart = await arrive({ zaak: other });
  const found = ids(showThread(vt.rooms, CASE));
  assert.ok(found.includes(touching));
  assert.not.ok(found.includes(apart));
  const there = ids(showThread(vt.rooms, other));
  assert.ok([touching, apart, report].every((one) => there.includes(one)));
  assert.is(there.length, 3, 'of the first case only what was touched');
});

test('nothing of a body is in it, and of what was destroyed that it was', async () => {
  const gone = await arrive({ zaak: CASE });
  await settle(vt.rooms, id(gone), {
    ...{ state: 'afgewezen', action: 'afgewezen', code: 'not-processable' },
    by: { medewerker: 'T. Riage', toelichting: 'De heer Kanarie' },
  });
  await destroy(vt.rooms, id(gone), { medewerker: 'A. Rchief', grond: 'verzoek-betrokkene' });
  const thread = showThread(vt.rooms, CASE);
  const end = thread.tijdlijn.filter(({ soort }) => soort === 'vernietigd');
  assert.equal(
    end.map(({ bericht, grond, medewerker }) => [bericht, grond, medewerker]),
    [[gone, 'verzoek-betrokkene', 'A. Rchief']],
  );
  const text = JSON.stringify(thread);
  for (const word of ['Kanarie', 'Heusden', 'inhoud', 'toelichting'])
    assert.not.ok(text.includes(word), word);
  assert.not.match(text, /\b9999\d{5}\b/, 'no BSN; an id may have these digits by chance');
});

test('an alarm is on the line, and that it is over', async () => {
  const { store } = vt.rooms;
  const alarm = { sender: POLICE, message: report, recipient: VT, kind: 'niet-verwerkt' } as const;
  const [raised, ended] = [Date.now(), Date.now() + 5_000];
  const about = { id: newUuid7(raised), ...alarm, since: raised, raised, own: raised };
  await store.write(() => {
    store.alarms.raise({ ...about, router: null, phone: null }, vt.rooms.told);
    store.alarms.end(about.id, ended, 'verwerkt', vt.rooms.told);
  });
  const found = showThread(vt.rooms, CASE).tijdlijn.filter(({ soort }) => /alarm/.test(soort));
  assert.equal(
    found.map(({ soort }) => soort),
    ['alarm', 'alarm-voorbij'],
  );
});

test('a consultation: until when the answer was wanted, that one came late, and the summary of the router', async () => {
  const { store, clock } = vt.rooms;
  const { bericht } = await answer(report);
  const conversation = store.outbox.get(bericht)?.conversation ?? newUuid7(0);
  const until = Math.floor(clock.now() / 1000) + 3600;
  const late = await arrive({ verwijst: bericht, conversatie: conversation });
  const question = { message: bericht, conversation, clock: 'zsm-6', begin: until - 60, until };
  const said = {
    ...{ iss: toUrn(OPERATOR.oin), aud: toUrn(VT), jti: newUuid7(clock.now()), iat: until },
    ...{ conversatie: conversation, klok: 'zsm-6', aanvang: until - 60, eind: until },
    partners: [
      {
        oin: toUrn(POLICE),
        vragen: [{ bericht, berichttype: 'check-op-bekendheid', gevraagd: until - 60 }],
        antwoorden: [],
      },
    ],
  };
  const jws = await sign(said, TYP.summary, vt.rooms.identity.signing);
  const after = newUuid7(clock.now());
  const row = store.inbox.get(POLICE, late);
  await store.write(() => {
    if (row) store.inbox.add({ ...row, jti: after, late: 1 }, 'x');
    store.questions.add(question);
    store.summaries.put({ conversation, stated: until, received: clock.now(), jws }, vt.rooms.told);
  });
  const thread = showThread(vt.rooms, CASE);
  const { tijdlijn } = thread;
  const due = tijdlijn.find(({ soort }) => soort === 'antwoord-voor');
  assert.equal([due?.bericht, due?.op], [bericht, new Date(until * 1000).toISOString()]);
  assert.equal(due?.['partijen'], [{ oin: POLICE, naam: AGENCIES.politie.naam }]);
  const end = tijdlijn.find(({ soort }) => soort === 'samenvatting');
  assert.equal(end?.['partners'], [
    { oin: POLICE, naam: AGENCIES.politie.naam, vragen: 1, antwoorden: 0, teLaat: 0 },
  ]);
  const came = tijdlijn.filter(({ soort }) => soort === 'ontvangen');
  assert.equal(
    came.filter(({ teLaat }) => teLaat).map(({ bericht: one }) => one),
    [after],
  );
  assert.ok(came.some(({ bericht: one }) => one === late));
  const { text = '', json } = await run(show, CASE);
  assert.match(text, /summary of the router: Politie .* answered 0 of 1/);
  assert.match(text, `ketenpost consult show ${conversation}`);
  assert.equal((json as Thread).raadplegingen, [conversation]);
  assert.match(text, 'an answer is due from Politie');
  const known = { type: 'uitslag-check-op-bekendheid', conversation, late: 0 as const };
  await store.write(() => {
    if (row) store.inbox.add({ ...row, ...known, jti: newUuid7(clock.now()) }, 'x');
  });
  assert.not.ok(kinds(showThread(vt.rooms, CASE)).includes('antwoord-voor'), 'nobody owes it now');
  assert.is(showThread(vt.rooms, CASE).opOns, thread.opOns, 'nor need anybody take it over');
});

test('the list has the newest first, each thread once', async () => {
  const lone = await arrive();
  const threads = listThreads(vt.rooms, 50, 0);
  const conversation = vt.rooms.store.inbox.get(POLICE, lone)?.conversation;
  assert.is(threads[0]?.draad, conversation);
  assert.equal([threads[0]?.soort, threads[0]?.opOns], ['conversatie', 1]);
  assert.is(threads.filter(({ draad }) => draad === CASE).length, 1);
  assert.is(listThreads(vt.rooms, 1, 1)[0]?.draad, threads[1]?.draad);
});

test('one conversation of very many messages is one thread in the list, and shows its newest', async () => {
  const { inbox } = vt.rooms.store;
  const [lone, one] = [await arrive(), await arrive()];
  const row = inbox.get(POLICE, one);
  if (row === undefined) throw new Error('it is there');
  const last = await vt.rooms.store.write(() => {
    let jti = one;
    for (let n = 1; n <= 700; n++) {
      jti = newUuid7(row.received + n);
      inbox.add({ ...row, jti, received: row.received + n }, 'x');
    }
    return jti;
  });
  let threads: ReturnType<typeof listThreads> = [];
  const spent = await cpuOf(() => (threads = listThreads(vt.rooms, 50, 0)));
  assert.ok(spent < 500, `all wait for it: ${spent} ms`);
  assert.is(new Set(threads.map(({ draad }) => draad)).size, threads.length);
  assert.is(threads.filter(({ draad }) => draad === row.conversation).length, 1);
  assert.equal([threads[0]?.draad, threads[0]?.afgekapt], [row.conversation, true]);
  const other = inbox.get(POLICE, lone)?.conversation;
  assert.equal([threads[1]?.draad, threads[1]?.afgekapt], [other, undefined]);
  const shown = showThread(vt.rooms, row.conversation);
  assert.equal([shown.berichten, shown.afgekapt], [500, true]);
  assert.ok(ids(shown).includes(last), 'the newest');
  assert.not.ok(ids(shown).includes(one), 'the oldest');
  assert.match((await run(show, row.conversation)).text ?? '', /THE NEWEST ONLY/);
  assert.ok((await run(list)).table?.rows.some((cells) => cells.includes('100+')));
  // What refers to one of them, in a conversation of its own, belongs to it and is newer than all.
  await until('a later moment', () => vt.rooms.clock.now() > row.received + 700 || undefined);
  const pointing = await arrive({ verwijst: last });
  assert.is(ids(showThread(vt.rooms, row.conversation)).at(-1), pointing);
});

test('people see a picture; what is not there is said', async () => {
  const { text = '', json } = await run(show, CASE);
  const urgent = /● \d\d:\d\d {2}\(1\) {2}vt-melding URGENT from Politie eenheid Oost-Brabant/;
  for (const line of [
    urgent,
    /bevestigd by T\. Riage/,
    /now, /,
    /CORRECTS \(1\)/,
    /× .*destroyed/,
    /verwerkt, said by us/,
  ])
    assert.match(text, line);
  assert.match(text, `ketenpost inbox read ${POLICE} ${report}`);
  for (const line of text.split('\n')) assert.ok(line.length <= 110, line);
  assert.is((json as Thread).draad, CASE);
  const { table, text: head = '' } = await run(list);
  assert.match(head, /threads, \d with something for us/);
  assert.ok(table?.rows.some((row) => row.includes(CASE)));
  const missing = await run(show, newUuid7(Date.now())).catch(({ code }) => code);
  assert.is(missing, 'not-found');
});

test('what is told of many partners is folded, and the line of time runs on beside it', () => {
  const names = ['Veilig Thuis Midden-Brabant', 'Reclassering Nederland', 'Halt'];
  const partijen = [...names, 'Raad voor de Kinderbescherming'].map((naam, n) => ({
    ...{ oin: `0000009900000009${n}000` as Oin, naam, vragen: 2, antwoorden: 1, teLaat: 1 },
  }));
  const bericht = newUuid7(0);
  const op = '2027-05-04T08:00:00.000Z';
  const sent = { berichttype: 'verzoek-casusinformatie', prio: 'spoed', partijen };
  const text = draw(
    {
      ...{ draad: CASE, soort: 'zaak', berichten: 1, partijen, eerste: op, laatste: op },
      ...{ opOns: 1, onderweg: 1, alarmen: 0, zaken: [CASE], conversaties: [], raadplegingen: [] },
      tijdlijn: [
        { op, soort: 'verzonden', bericht, ...sent },
        { op, soort: 'samenvatting', partners: partijen },
      ],
    },
    Date.parse(op) + 1,
  );
  const all = text.split('\n');
  for (const line of all) assert.ok(line.length <= 120, line);
  assert.match(text, /\n │ {15}de Kinderbescherming\n │ 10:00/);
  for (const name of names) assert.match(text, name);
});

test('to another agency the same case is its own messages only', async () => {
  const police = await here.stand.start('politie');
  assert.throws(() => showThread(police.rooms, CASE), /no message here/);
  const { bericht } = await post(police.rooms, {
    ...{ berichttype: 'vt-melding', aan: [VT], grondslag: 'wpg-18.1', prio: 'normaal' },
    ...{ zaak: CASE, inhoud: sample('vt-melding', 'heusden-spoed') },
  });
  assert.equal(ids(showThread(police.rooms, CASE)), [bericht]);
  await until('the receipts', () =>
    showThread(police.rooms, CASE).tijdlijn.some(({ staat }) => staat === 'afgeleverd'),
  );
});

test('at a partner: until when we must answer, gone once we did in time, and kept when we did not', async () => {
  const { store, clock } = vt.rooms;
  const row = store.inbox.get(POLICE, await arrive());
  for (const wait of [60, 7200]) {
    const [question, until] = [newUuid7(clock.now()), Math.floor(clock.now() / 1000) + 3600];
    await store.write(() => {
      const asked = { jti: question, type: 'check-op-bekendheid', answerBy: until };
      if (row) store.inbox.add({ ...row, ...asked, conversation: newUuid7(clock.now()) }, 'x');
    });
    const text = async () => (await run(show, question)).text ?? '';
    assert.match(await text(), 'an answer is due from us');
    here.stand.clock.move(wait);
    const given = { berichttype: 'uitslag-check-op-bekendheid', grondslag: 'wmo-5.1.6.2' };
    await answer(question, { ...given, inhoud: sample('uitslag-check-op-bekendheid', 'bekend') });
    const late = wait > 3600;
    assert.is(kinds(showThread(vt.rooms, question)).includes('antwoord-voor'), late);
    assert.is(
      /NOT ANSWERED in time by us/.test(draw(showThread(vt.rooms, question), clock.now())),
      late,
    );
    here.stand.clock.move(-wait);
  }
});

test.run();
