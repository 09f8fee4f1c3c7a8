/** A consultation at the desk that asks: who is open, who was asked, who answered and what, and how long is left. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { show as caseShow } from '../../adapters/commands/case.ts';
import { close, list } from '../../adapters/commands/consult.ts';
import { askMore, open } from '../../adapters/commands/consult-ask.ts';
import { show, showOn } from '../../adapters/commands/consult-show.ts';
import { inbox, read } from '../../adapters/commands/inbox.ts';
import { findApi } from '../../adapters/commands/local-api.ts';
import { closing, followUp, opening } from '../../adapters/connectors/rest/asking-schema.ts';
import type { ConsultationLine } from '../../adapters/consult/line.ts';
import type { ConsultationView } from '../../adapters/consult/view.ts';
import { post } from '../../adapters/outlet.ts';
import { settle } from '../../adapters/settle.ts';
import { type Identity, loadIdentity } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import { readJws } from '../../certs/verify.ts';
import { explain } from '../../explain.ts';
import type { Command, CommandError } from '../../schemas/command.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { newUuid7, type Oin, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkBody, createValidator } from '../../schemas/validate.ts';
import { AGENCIES } from '../town/agencies.ts';
import { FakeSystem } from './fake-system.ts';
import { openStand, quiet, type Stand, sample, until } from './stand.ts';

const [OM, VT, RECLASSERING, RVDK] = (['om', 'vt', 'reclassering', 'rvdk'] as const).map(
  (name) => AGENCIES[name].oin,
) as [Oin, Oin, Oin, Oin];
const HOUR = 3600;

let stand: Stand;
let system: FakeSystem;
let om: Agency;
let vt: Agency;
const where: Partial<Record<'om' | 'vt', { url: string; tokenFile: string }>> = {};
const body = (name: string, content: object): string => {
  const file = join(stand.folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
};
test.before(async () => {
  stand = await openStand();
  system = await FakeSystem.open();
  const start = async (name: 'om' | 'vt') => {
    const tokenFile = join(stand.folder, `${name}.token`);
    const agency = await stand.start(name, {
      rest: { host: '127.0.0.1', port: 0, tokenFile },
      folder: { path: join(stand.folder, name, 'map'), pollSeconds: 60 },
      ...(name === 'om' && { webhook: { url: system.url, timeoutSeconds: 30 } }),
    });
    where[name] = { url: agency.rest ?? '', tokenFile };
    return agency;
  };
  const { registers } = stand.door.router;
  registers.set(VT, {
    telefoon: '013-5550001',
    openingstijden: [
      { dagen: ['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo', 'feestdag'], van: '00:00', tot: '24:00' },
    ],
  });
  registers.set(AGENCIES.halt.oin, { status: 'geschorst' });
  registers.set(RECLASSERING, { telefoon: '013-5550002', openingstijden: [] });
  om = await start('om');
  vt = await start('vt');
});
test.after(async () => {
  await stand.close();
  await system.close();
});
/** What a folder of an agency holds. */
const files = (name: 'om' | 'vt', folder: string): string[] =>
  readdirSync(join(stand.folder, name, 'map', folder));

const run = (
  command: Command,
  args: string[] = [],
  options: object = {},
  who: 'om' | 'vt' = 'om',
) => command.run(args, { ...where[who], medewerker: 'O. Officier', ...options }, quiet);
const failing = async (command: Command, args: string[], options: object = {}) => {
  const done = await run(command, args, options).catch((error: CommandError) => error.message);
  assert.type(done, 'string', 'it should have failed');
  return String(done);
};
const zsm = () => body('zsm', sample('check-op-bekendheid', 'zsm'));
const three = [VT, RECLASSERING, RVDK].join(',');
const asking = () => ({
  to: three,
  basis: 'wjsg-39f.1.f',
  until: new Date(stand.clock.now() + 4 * HOUR * 1000).toISOString(),
});
const opened = async (options: object = {}): Promise<{ conversatie: Uuid7; bericht: Uuid7 }> =>
  (await run(open, [zsm()], { ...asking(), ...options })).json as never;
const seen = async (conversatie: string): Promise<ConsultationView> =>
  (await run(show, [conversatie])).json as ConsultationView;
const states = (view: ConsultationView) =>
  Object.fromEntries(view.partners.map(({ oin, vragen }) => [oin, vragen.at(-1)?.staat]));

/** An answer as an agency without an adapter here would send it, routed by the router of this stand. */
async function answer(
  from: Oin,
  asked: { conversatie: Uuid7; bericht: Uuid7 },
  known: boolean,
  late = false,
): Promise<Uuid7> {
  const { router } = stand.door;
  const name = Object.entries(AGENCIES).find(([, { oin }]) => oin === from)?.[0] ?? '';
  const signer: Identity = await loadIdentity(stand.keys.identity(AGENCIES[name as 'vt'].oin));
  const iat = Math.floor(stand.clock.now() / 1000);
  const jti = newUuid7(stand.clock.now());
  const claims = {
    ...{ iss: toUrn(from), aud: [toUrn(OM)], jti, iat, exp: iat + 86_400, versie: '1.0' },
    ...{ berichttype: 'uitslag-check-op-bekendheid', grondslag: 'sv-147', prio: 'spoed' },
    ...{ conversatie: asked.conversatie, verwijst: asked.bericht },
    inhoud: sample('uitslag-check-op-bekendheid', known ? 'bekend' : 'onbekend'),
  };
  router.mischief.delivery = (what) => ({
    ...what,
    nota: late ? { ...what.nota, teLaat: true } : what.nota,
  });
  await router.deliver(await sign(claims, TYP.message, signer.signing), OM);
  delete router.mischief.delivery;
  await until('the answer', () => om.rooms.store.inbox.get(from, jti));
  return jti;
}

test('before asking it is shown who is open, by the register; a closed partner is a warning', async () => {
  const looked = await run(open, [zsm()], { ...asking(), check: true });
  const rows = looked.table?.rows ?? [];
  assert.equal(
    rows.map(([name]) => name),
    [AGENCIES.vt.naam, AGENCIES.reclassering.naam, AGENCIES.rvdk.naam],
  );
  assert.equal(rows[0]?.slice(1, 3), ['013-5550001', 'open']);
  assert.match(rows[0]?.[3] ?? '', /^(3 h 59|4 h 00)$/);
  assert.equal(rows[1]?.slice(1), ['013-5550002', 'CLOSED', 'NOT AT ALL']);
  assert.equal(rows[2]?.slice(1), ['unknown', 'hours unknown', 'unknown']);
  assert.match(
    looked.text ?? '',
    /WARNING {2}Reclassering is closed until the clock ends; telephone/,
  );
  assert.is(om.rooms.store.outbox.list({ state: null, before: null, limit: 9 }).length, 0);
});

test('one message to all, urgent, under the clock of the law; the partner sees until when', async () => {
  const at = new Date(stand.clock.now() - HOUR * 1000).toISOString();
  const law = { ...asking(), until: undefined, clock: 'zsm-6', arrest: at };
  const { json, text, table } = await run(open, [zsm()], law);
  const { conversatie, bericht } = json as { conversatie: Uuid7; bericht: Uuid7 };
  assert.match(text ?? '', 'WARNING', 'a part of the report: nothing writes over it');
  assert.is(table?.rows[2]?.[2], 'hours unknown');
  const { jws } = om.rooms.store.outbox.content(bericht) ?? { jws: '' };
  const { claims } = readJws(jws, TYP.message);
  assert.equal(
    [claims['prio'], claims['aud']],
    ['spoed', three.split(',').map((oin) => toUrn(oin as Oin))],
  );
  const view = await seen(conversatie);
  assert.is(Date.parse(view.aanvang), Math.floor(Date.parse(at) / 1000) * 1000);
  assert.ok(Date.parse(view.eind) - Date.parse(at) >= 6 * HOUR * 1000 - 1000);
  assert.is(view.vragen[0]?.gesteldDoor, 'O. Officier');
  await until('the question at VT', () => vt.rooms.store.inbox.get(OM, bericht));
  const listed = await run(inbox, [], {}, 'vt');
  assert.match(listed.table?.rows[0]?.at(-1) ?? '', 'ANSWER BY');
  const opened_ = await run(read, [OM, bericht], {}, 'vt');
  assert.match(opened_.text ?? '', 'ANSWER BY');
  await until('the delivery', async () => states(await seen(conversatie))[VT] === 'afgeleverd');
  await run(close, [conversatie]);
});

test('the wrong answer to the first, to the second, none yet: each shows; the list counts', async () => {
  const asked = await opened();
  await until('an accepted question', async () =>
    (await seen(asked.conversatie)).partners.every(({ vragen }) => vragen[0]?.gevraagdOp),
  );
  await answer(RECLASSERING, asked, false);
  const told = await answer(RVDK, asked, true);
  await until(
    'the delivery',
    async () => states(await seen(asked.conversatie))[VT] === 'afgeleverd',
  );
  const view = await seen(asked.conversatie);
  assert.equal(states(view), {
    [VT]: 'afgeleverd',
    [RECLASSERING]: 'beantwoord',
    [RVDK]: 'beantwoord',
  });
  const known = view.partners.map(({ vragen }) => vragen[0]?.antwoorden[0]?.bekend);
  assert.equal(known, [undefined, false, true]);
  assert.equal(view.telling, {
    ...{ partners: 3, beantwoord: 2, deels: 0, wacht: 1, afgewezen: 0, teLaat: 0 },
  });
  const text = (await run(show, [asked.conversatie])).text ?? '';
  assert.match(text, 'ZSM-2025-00931  RUNNING  2 of 3 answered, 1 to come; 3 h 59 left');
  const acts = om.rooms.store.actions.of(RVDK, told);
  const looks = acts.filter(({ action }) => action === 'gelezen');
  assert.equal(
    looks.map(({ action, medewerker }) => [action, medewerker]),
    [['gelezen', 'O. Officier']],
    'who saw that the person is known is recorded, once',
  );
  await run(close, [asked.conversatie]);
});

test('the second question goes to those who know the person, under the same clock', async () => {
  const asked = await opened();
  const vraag = body('meer', sample('verzoek-casusinformatie', 'zsm'));
  assert.match(await failing(askMore, [asked.conversatie, vraag]), 'nobody said');
  await answer(RECLASSERING, asked, false);
  await answer(RVDK, asked, true);
  const more = (await run(askMore, [asked.conversatie, vraag])).json as { bericht: Uuid7 };
  const [first, second] = [asked.bericht, more.bericht].map(
    (jti) => readJws(om.rooms.store.outbox.content(jti)?.jws ?? '', TYP.message).claims,
  );
  assert.equal(second?.['aud'], [toUrn(RVDK)]);
  assert.equal(second?.['raadpleging'], first?.['raadpleging']);
  assert.is(second?.['conversatie'], asked.conversatie);
  assert.equal((await seen(asked.conversatie)).telling, {
    partners: 3,
    beantwoord: 1,
    deels: 1,
    wacht: 2,
    afgewezen: 0,
    teLaat: 0,
  });
  const { text } = await run(show, [asked.conversatie]);
  assert.match(text ?? '', '1 of 3 answered, 1 in part, 1 to come');
  await run(close, [asked.conversatie]);
});

test('who rejected it is not told that he need not answer, and is counted apart', async () => {
  const asked = await opened();
  await until('the question at VT', () => vt.rooms.store.inbox.get(OM, asked.bericht));
  const no = { state: 'afgewezen', action: 'afgewezen', by: { medewerker: 'V. Thuis' } } as const;
  await settle(vt.rooms, { sender: OM, jti: asked.bericht }, { ...no, code: 'wrongly-addressed' });
  await until(
    'the rejection',
    async () => states(await seen(asked.conversatie))[VT] === 'afgewezen',
  );
  await answer(RVDK, asked, true);
  const { text = '' } = await run(show, [asked.conversatie]);
  assert.match(text, '1 of 3 answered, 1 to come, 1 rejected');
  const closed = await run(close, [asked.conversatie]);
  assert.is(closed.text, `withdrawn from ${AGENCIES.reclassering.naam} ${RECLASSERING}`);
  assert.is(states(await seen(asked.conversatie))[VT], 'afgewezen');
});

test('a basis on which the router would refuse, and a suspended partner, are told before anything is sent', async () => {
  const check = { ...asking(), to: [VT, AGENCIES.halt.oin].join(','), check: true };
  const fine = await run(open, [zsm()], check);
  assert.match(fine.text ?? '', `WARNING  ${AGENCIES.halt.naam} is SUSPENDED`);
  assert.not.match(fine.text ?? '', 'REFUSED');
  const other = await run(open, [zsm()], { ...check, basis: 'wmo-5.1.6.2' });
  assert.match(other.text ?? '', `REFUSED  ${AGENCIES.vt.naam}: om may`);
  assert.is(other.exit, 'refused');
});

test('whom the register does not know, or no longer, is refused at once by place, and nothing is sent', async () => {
  const nobody = '00000099999990000000' as Oin;
  const sent = () => om.rooms.store.outbox.list({ state: null, before: null, limit: 200 }).length;
  const before = sent();
  const to = { ...asking(), to: [VT, nobody].join(',') };
  const refusal = async (command: Command, args: string[], options: object): Promise<Refusal> =>
    (await run(command, args, options).catch((error: unknown) => error)) as Refusal;
  for (const options of [to, { ...to, check: true }]) {
    const refused = await refusal(open, [zsm()], options);
    assert.instance(refused, Refusal);
    assert.is(refused.code, 'recipient-unknown');
    assert.is(explain(refused).exit, 'refused');
    assert.equal(refused.faults, [
      { plaats: '/aan/1', melding: `${nobody} is not in the register` },
    ]);
  }
  stand.door.router.registers.set(AGENCIES.politieZwb.oin, { tot: '2026-01-31' });
  const ended = await refusal(open, [zsm()], { ...to, to: AGENCIES.politieZwb.oin });
  assert.is(ended.code, 'recipient-unknown');
  assert.match(ended.faults[0]?.melding ?? '', 'has no agreement that is in force');
  assert.is(sent(), before);
  stand.door.fault = () => ({ how: 'cut' });
  const unheard = await run(open, [zsm()], { ...to, check: true });
  stand.door.fault = () => undefined;
  assert.match(unheard.text ?? '', `WARNING  ${nobody} is not known here`);
  assert.is(unheard.exit, 'ok', 'the register could not be asked');
});

test('unknown is who the router says that it does not know: no entry that is not believed, no proxy, no old entry', async () => {
  const { door, keys, clock } = stand;
  const { oin } = AGENCIES.politieZwb;
  const check = () => run(open, [zsm()], { ...asking(), to: oin, check: true });
  const halt = await loadIdentity(keys.identity(AGENCIES.halt.oin));
  const entry = readJws(await door.router.registration(oin), TYP.registration).claims;
  const registratie = await sign(entry, TYP.registration, halt.signing);
  const wrong = [
    { status: 200, body: JSON.stringify({ oin, registratie }) },
    { status: 404, body: '<h1>no such page</h1>' },
  ];
  for (const answer of wrong) {
    clock.move(121);
    door.fault = (_method, url) => (url.includes(oin) ? { how: 'answer', ...answer } : undefined);
    assert.is((await check()).exit, 'ok', `${answer.status}: a warning at most`);
  }
  door.fault = () => undefined;
  door.router.registers.set(oin, { tot: '2026-01-31' });
  clock.move(121);
  const ended = await check().catch((error: unknown) => error);
  assert.is((ended as Refusal).code, 'recipient-unknown');
  door.router.registers.delete(oin);
  clock.move(6);
  assert.is((await check()).exit, 'ok', 'its agreement was made longer');
});

test('a question that was handed in already is not refused for what the register or the clock says since', async () => {
  const { registers } = stand.door.router;
  const api = await findApi(where.om ?? {});
  const { to: _, basis: grondslag, until: eind } = asking();
  const given = {
    ...{ jti: newUuid7(stand.clock.now()), medewerker: 'O. Officier', aan: [RVDK], grondslag },
    ...{ klok: 'vrij', aanvang: new Date(stand.clock.now()).toISOString(), eind },
    inhoud: sample('check-op-bekendheid', 'zsm'),
  };
  const first = await api.post<{ conversatie: Uuid7 }>('/v1/raadplegingen', given);
  registers.set(RVDK, { tot: '2026-01-31' });
  om.rooms.directory.forget(RVDK);
  const again = await api.post<{ conversatie: Uuid7 }>('/v1/raadplegingen', given);
  registers.delete(RVDK);
  om.rooms.directory.forget(RVDK);
  assert.is(again.conversatie, first.conversatie);
  stand.clock.move(5 * HOUR);
  const late = await api.post<{ conversatie: Uuid7 }>('/v1/raadplegingen', given);
  stand.clock.move(-5 * HOUR);
  assert.is(late.conversatie, first.conversatie, 'it was in time');
  await run(close, [first.conversatie]);
});

test('closed: withdrawn from those who had not answered, and from nobody twice', async () => {
  const asked = await opened();
  await answer(RVDK, asked, true);
  await until('the question at VT', () => vt.rooms.store.inbox.get(OM, asked.bericht));
  await run(close, [asked.conversatie], { medewerker: 'A. Ander' });
  const view = await seen(asked.conversatie);
  assert.equal(states(view), {
    [VT]: 'ingetrokken',
    [RECLASSERING]: 'ingetrokken',
    [RVDK]: 'beantwoord',
  });
  assert.equal([view.staat, view.vragen[0]?.geslotenDoor], ['ingetrokken', 'A. Ander']);
  assert.match(await failing(close, [asked.conversatie]), 'nothing is open');
  const seenAtVt = async () =>
    (await run(inbox, [], {}, 'vt')).table?.rows
      .find((row) => row[4]?.endsWith(asked.bericht))
      ?.at(-1);
  await until('the withdrawal at VT', async () => (await seenAtVt()) === 'withdrawn');
});

test('an answer after the end is delivered, and marked late wherever it is seen', async () => {
  const asked = await opened();
  const jti = await answer(RVDK, asked, true, true);
  const view = await seen(asked.conversatie);
  assert.is(states(view)[RVDK], 'te-laat');
  assert.is(view.telling.teLaat, 1);
  const row = (await run(inbox)).table?.rows.find((one) => one[4] === `${RVDK}/${jti}`);
  assert.match(row?.at(-1) ?? '', 'LATE');
  assert.match((await run(read, [RVDK, jti])).text ?? '', 'LATE');
  assert.match((await run(show, [asked.conversatie])).table?.rows[2]?.at(-1) ?? '', /KNOWN.*LATE/);
});

test('a reminder shows at the question in the inbox of the partner, and is no statutory clock', async () => {
  const asked = await opened();
  await until('the question at VT', () => vt.rooms.store.inbox.get(OM, asked.bericht));
  const about = { klok: 'vrij', afzender: toUrn(OM), bericht: asked.bericht };
  await stand.door.router.remind(VT, { ...about, conversatie: asked.conversatie });
  const noted = async () =>
    (await run(inbox, [], {}, 'vt')).table?.rows
      .find((row) => row[4]?.endsWith(asked.bericht))
      ?.at(-1);
  await until('the reminder', async () => /ANSWER BY.*reminded/.test((await noted()) ?? ''));
  await until('a file', () => files('vt', 'termijn').some((one) => one.includes(asked.bericht)));
  const { terms } = await import('../../adapters/commands/terms-list.ts');
  assert.equal(((await run(terms, [], {}, 'vt')).json as { termijnen: [] }).termijnen, []);
  await post(vt.rooms, {
    ...{ berichttype: 'uitslag-check-op-bekendheid', aan: [OM], grondslag: 'wmo-5.1.6.2' },
    ...{ verwijst: asked.bericht, inhoud: sample('uitslag-check-op-bekendheid', 'bekend') },
  });
  assert.is(await noted(), 'answered');
  await until('the answer', async () => states(await seen(asked.conversatie))[VT] === 'beantwoord');
  await run(close, [asked.conversatie]);
});

test('a question that is corrected waits for nothing any more; what is no answer does not count', async () => {
  const asked = await opened();
  await until('the question at VT', () => vt.rooms.store.inbox.get(OM, asked.bericht));
  await post(vt.rooms, {
    ...{ berichttype: 'check-op-bekendheid', aan: [OM], grondslag: 'wmo-5.1.6.2' },
    ...{ verwijst: asked.bericht, inhoud: sample('check-op-bekendheid', 'veilig-thuis') },
  });
  await until('a question back', () =>
    om.rooms.store.inbox.answersTo(asked.bericht).some(({ sender }) => sender === VT),
  );
  assert.is((await seen(asked.conversatie)).telling.beantwoord, 0);
  const { claims } = readJws(om.rooms.store.outbox.content(asked.bericht)?.jws ?? '', TYP.message);
  const { aanvang, eind } = await seen(asked.conversatie);
  await post(om.rooms, {
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f', prio: 'spoed' },
    ...{ vervangt: asked.bericht, inhoud: claims['inhoud'] },
    raadpleging: { klok: 'vrij', aanvang, eind },
  });
  const view = await seen(asked.conversatie);
  assert.equal(
    view.partners.map(({ vragen }) => vragen.map(({ staat }) => staat === 'ingetrokken')),
    [
      [true, false],
      [true, false],
      [true, false],
    ],
  );
  await run(close, [asked.conversatie]);
});

test('a question that is corrected for some is withdrawn from these, as the router counts it', async () => {
  const asked = await opened();
  const { claims } = readJws(om.rooms.store.outbox.content(asked.bericht)?.jws ?? '', TYP.message);
  const { aanvang, eind } = await seen(asked.conversatie);
  await post(om.rooms, {
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f', prio: 'spoed' },
    ...{ aan: [VT], vervangt: asked.bericht, inhoud: claims['inhoud'] },
    raadpleging: { klok: 'vrij', aanvang, eind },
  });
  const view = await seen(asked.conversatie);
  assert.equal(
    view.partners.map(({ vragen }) => vragen.map(({ staat }) => staat === 'ingetrokken')),
    [[true, false], [false], [false]],
  );
  assert.is(view.telling.wacht, 3);
  await run(close, [asked.conversatie]);
});

test('what the router never accepted was not asked once the clock has ended, and no summary is waited for', async () => {
  stand.door.fault = () => ({ how: 'cut' });
  const asked = await opened();
  assert.is((await seen(asked.conversatie)).telling.wacht, 3, 'it is on its way');
  stand.clock.move(4.5 * HOUR);
  const none = { partners: 0, beantwoord: 0, deels: 0, wacht: 0, afgewezen: 0, teLaat: 0 };
  assert.equal((await seen(asked.conversatie)).telling, none);
  const text = (await run(show, [asked.conversatie])).text ?? '';
  assert.match(text, 'NOT YET ASKED');
  assert.match(text, 'nobody was asked: there is no summary');
  stand.door.fault = () => undefined;
  stand.clock.move(-4.5 * HOUR);
  await until('the question at VT', () => vt.rooms.store.inbox.get(OM, asked.bericht));
  await run(close, [asked.conversatie]);
});

test('what the router refuses was not asked, and that is said', async () => {
  stand.door.router.mischief.refuse = () => new Refusal('not-authorised');
  const refused = await run(open, [zsm()], asking()).catch((error: unknown) => error);
  delete stand.door.router.mischief.refuse;
  assert.ok(refused instanceof Refusal, 'at once');
  assert.is(refused.code, 'not-authorised');
  const { raadplegingen } = (await run(list)).json as { raadplegingen: ConsultationLine[] };
  const [asked] = raadplegingen.filter(({ staat }) => staat === 'niet-gesteld');
  assert.ok(asked);
  const { text = '' } = await run(show, [asked.conversatie]);
  assert.match(text, 'NOT ASKED  nobody was asked');
  assert.match(text, 'NOT ASKED  the router refused');
});

test('the summary of the router is verified, kept and shown; one by another is not', async () => {
  const asked = await opened();
  const { router } = stand.door;
  const summary = {
    ...{ conversatie: asked.conversatie, onvolledig: true },
    partners: [partnerSummed(RVDK, true), partnerSummed(VT, false)],
  };
  await router.summarise(OM, summary, (await loadIdentity(stand.keys.identity(RVDK))).signing);
  await router.summarise(OM, summary);
  await until('the summary', async () => (await seen(asked.conversatie)).samenvatting);
  await until('only the other one to be left', () => router.mail.remindersWaiting(OM) === 1);
  const text = (await run(show, [asked.conversatie])).text ?? '';
  assert.match(text, '2 asked, 1 had it, 1 gave an answer in time');
  assert.match(text, 'NOT COMPLETE: more was asked or answered than it lists');
  assert.is(stand.log.filter((line) => line.includes('does not count')).length, 1);
  const told = system.calls.map(({ body }) => Object(body) as Record<string, unknown>);
  const event = told.find(({ type }) => type === 'nl.ketenpost.raadpleging.samengevat');
  const { inhoud } = Object(event?.['data']) as { inhoud?: { conversatie: string } };
  assert.is(inhoud?.conversatie, asked.conversatie, 'the system of the agency is told');
  await until('a file', () => files('om', 'raadpleging').includes(`${asked.conversatie}.json`));
});
const partnerSummed = (oin: Oin, answered: boolean) => {
  const at = Math.floor(stand.clock.now() / 1000);
  const bericht = newUuid7(stand.clock.now());
  const asked = { bericht, berichttype: 'check-op-bekendheid', gevraagd: at };
  const given = { bericht, berichttype: 'uitslag-check-op-bekendheid', gegeven: at, teLaat: false };
  return {
    oin: toUrn(oin),
    vragen: [answered ? { ...asked, afgeleverd: at } : asked],
    antwoorden: answered ? [given] : [],
  };
};

test('people name a consultation by the number that they gave it, where only one has it', async () => {
  const inhoud = { ...sample('check-op-bekendheid', 'zsm'), identificatie: 'ZSM-2026-00777' };
  const file = body('own', inhoud);
  const { conversatie } = (await run(open, [file], asking())).json as { conversatie: Uuid7 };
  assert.is((await seen('ZSM-2026-00777')).conversatie, conversatie);
  const thread = (await run(caseShow, ['ZSM-2026-00777'])).text ?? '';
  assert.match(thread, `ketenpost consult show ${conversatie}`, 'the thread points to it');
  assert.match((await run(show, ['ZSM-2026-00777'])).text ?? '', `case show ${conversatie}`);
  assert.match(await failing(caseShow, ['ZSM-2026-00778']), 'no consultation ZSM-2026-00778');
  await run(close, ['ZSM-2026-00777']);
  assert.match(await failing(show, ['ZSM-2026-00778']), 'no consultation ZSM-2026-00778');
  await run(open, [file], asking());
  const again = await run(open, [file], { ...asking(), check: true });
  assert.match(again.text ?? '', 'WARNING  the number ZSM-2026-00777 is in use');
  const several = await run(close, ['ZSM-2026-00777']).catch((error: CommandError) => error.next);
  assert.match(String(several), /name one of .*\(RUNNING, until .*\(CLOSED, until/);
});

test('with the router away all of it is seen; running ones stand first in the list', async () => {
  const asked = await opened();
  stand.door.fault = () => ({ how: 'cut' });
  const lines = ((await run(list)).json as { raadplegingen: ConsultationLine[] }).raadplegingen;
  const running = lines.map(({ staat }) => staat === 'loopt');
  assert.equal(running, running.toSorted().toReversed());
  assert.ok(
    lines.some(({ conversatie, staat }) => conversatie === asked.conversatie && staat === 'loopt'),
  );
  const { conversatie: newer } = await opened();
  const few = await (await findApi(where.om ?? {})).get<{ raadplegingen: ConsultationLine[] }>(
    '/v1/raadplegingen?aantal=1',
  );
  assert.equal(
    few.raadplegingen.map(({ conversatie }) => conversatie).toSorted(),
    [
      ...running.flatMap((one, at) => (one ? (lines[at]?.conversatie ?? []) : [])),
      newer,
    ].toSorted(),
    'those that run never fall out',
  );
  await run(close, [newer]);
  assert.is((await seen(asked.conversatie)).partners[0]?.telefoon, '013-5550001');
  stand.door.fault = () => undefined;
  await run(close, [asked.conversatie]);
});

test('watched on a terminal it is drawn anew in place, until nothing is to come; the terminal is left as it was', async () => {
  const asked = await opened();
  const screen = {
    isTTY: true,
    rows: 40,
    columns: 80,
    text: '',
    write: (text: string) => (screen.text += text),
  };
  const watching = run(showOn(screen, 20), [asked.conversatie], { watch: true });
  await until('a first look', () => screen.text.includes('0 of 3 answered'));
  await answer(RVDK, asked, true);
  await until('the answer', () => screen.text.includes('1 of 3 answered'));
  await run(close, [asked.conversatie]);
  const { text = '' } = await watching;
  assert.match(text, 'CLOSED');
  assert.match(screen.text, 'KNOWN,', 'in the last column, on a screen of 80');
  for (const line of screen.text.split('\n')) {
    const bare = line.replaceAll(
      new RegExp(`${String.fromCharCode(27)}\\[[?0-9]*[A-Za-z]`, 'g'),
      '',
    );
    assert.ok(bare.length <= 80, bare);
  }
  const esc = String.fromCharCode(27);
  assert.ok(screen.text.startsWith(`${esc}[?1049h`), 'the other screen');
  assert.ok(screen.text.endsWith(`${esc}[?25h${esc}[?1049l`), 'back to the first');
});

test('watched without a terminal only what changed is written; a signal ends it', async () => {
  const asked = await opened();
  const stop = new AbortController();
  const screen = { text: '', write: (text: string) => (screen.text += text) };
  const watching = showOn(screen, 5).run(
    [asked.conversatie],
    { ...where.om, medewerker: 'O. Officier', watch: true },
    { ...quiet, signal: stop.signal },
  );
  await until('a first look', () => screen.text.includes('0 of 3 answered'));
  await answer(RVDK, asked, true);
  await until('the answer', () => screen.text.includes('1 of 3 answered'));
  stop.abort();
  await watching;
  assert.ok(screen.text.split('RUNNING').length <= 6, screen.text);
  assert.not.match(screen.text, String.fromCharCode(27));
  await run(close, [asked.conversatie]);
});

test('as time passes less is left, reminders are counted, and in the end it is over', async () => {
  const asked = await opened();
  await until(
    'the delivery',
    async () => states(await seen(asked.conversatie))[VT] === 'afgeleverd',
  );
  const row = async () => (await run(show, [asked.conversatie])).table?.rows[0]?.at(-1);
  assert.match((await row()) ?? '', /^none yet, has it \d\d:\d\d$/);
  stand.clock.move(2.5 * HOUR);
  assert.match((await row()) ?? '', /^none yet, has it .*, reminded 1×$/);
  assert.match((await run(show, [asked.conversatie])).text ?? '', /1 h (29|30) left/);
  stand.clock.move(2 * HOUR);
  const ended = (await run(show, [asked.conversatie])).text ?? '';
  assert.match(ended, 'ENDED  0 of 3 answered, 3 did not; the clock has ended');
  assert.match(ended, "the router's summary has not come yet");
  const vraag = body('meer', sample('verzoek-casusinformatie', 'zsm'));
  assert.match(await failing(askMore, [asked.conversatie, vraag], { to: VT }), 'clock has ended');
  stand.clock.move(-4.5 * HOUR);
});

test('the examples in the document of the API are good', () => {
  for (const schema of [opening, followUp, closing]) {
    const validate = createValidator().compile(schema);
    for (const one of schema.examples) assert.ok(validate(one), JSON.stringify(validate.errors));
  }
  const [{ inhoud }] = opening.examples;
  checkBody('check-op-bekendheid', '1.0', { iat: 1_772_485_800, inhoud } as unknown as Bericht);
});

test('what cannot be meant is told, by place', async () => {
  assert.match(await failing(open, [zsm()], { to: three, basis: 'wjsg-39f.1.f' }), 'which clock');
  assert.match(
    await failing(open, [zsm()], { ...asking(), until: 'straks' }),
    '--until straks is no time',
  );
  const noArrest = { ...asking(), until: undefined, clock: 'zsm-9' };
  assert.match(await failing(open, [zsm()], noArrest), '--arrest is missing');
  assert.match(
    await failing(show, ['0192f0c1-7d3e-7abc-8def-0123456789ab']),
    'no such consultation',
  );
  const late = {
    ...noArrest,
    arrest: new Date(stand.clock.now() - 40 * HOUR * 1000).toISOString(),
  };
  const fault = await run(open, [zsm()], late).catch((error: Refusal) => error.faults);
  const [told] = fault as Refusal['faults'];
  assert.is(told?.plaats, '/aanvang', 'as in the body that was handed in');
  assert.match(told?.melding ?? '', /^nine hours of questioning since then \(.*\) ended /);
  const both = { ...asking(), clock: 'zsm-6', arrest: '10:00' };
  assert.match(await failing(open, [zsm()], both), 'both --clock and --until are given');
  assert.match(await failing(open, [zsm()], { ...asking(), basis: '' }), '--basis is missing');
});

test.run();
