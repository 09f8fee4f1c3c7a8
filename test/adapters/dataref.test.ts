/** What an event points to: given to those who were told and may know, each time asked anew, each time recorded. */

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { CloudEvent } from 'cloudevents';
import { Agent, request } from 'undici';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../adapters/agency.ts';
import { disclosures } from '../../adapters/commands/disclosures.ts';
import { event } from '../../adapters/commands/event.ts';
import { fetchAtSource } from '../../adapters/commands/subscribe.ts';
import { gaps } from '../../adapters/commands/subscribe-list.ts';
import { SourceLine } from '../../adapters/dataref/source-line.ts';
import { post } from '../../adapters/outlet.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { digestOf } from '../../certs/digest.ts';
import { type Identity, loadIdentity } from '../../certs/keystore.ts';
import { readJws } from '../../certs/verify.ts';
import type { Command, CommandError } from '../../schemas/command.ts';
import { newUuid7, type Oin, toUrn, type Uuid, type Uuid7 } from '../../schemas/ids.ts';
import type { Refusal } from '../../schemas/refusal.ts';
import { TYP } from '../../schemas/typ.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import { sample } from '../town/samples.ts';
import { openStand, quiet, type Stand, until } from './stand.ts';

const [POLICE, VT, OM, RECLASSERING] = [
  ...[AGENCIES.politie.oin, AGENCIES.vt.oin, AGENCIES.om.oin, AGENCIES.reclassering.oin],
] as const;
const BASIS = 'bpg-4.2.1.i';
const TYPE = 'nl.jeugdketen.zaakstatus-gewijzigd.v1';
const STAND = { fase: 'in onderzoek', behandelaar: 'team jeugd' };

let stand: Stand;
let police: Agency;
let vt: Agency;
/** Where the data door of the police is, as the register names it. */
let address: string;
const where = new Map<Oin, { readonly url: string; readonly tokenFile: string }>();
const identities = new Map<AgencyName, Identity>();

async function start(name: AgencyName, gegevens: object): Promise<Agency> {
  const tokenFile = join(stand.folder, `${name}.token`);
  const rest = { host: '127.0.0.1', port: 0, tokenFile };
  const agency = await stand.start(name, {
    rest,
    gegevens: { host: '127.0.0.1', insideHosts: [], ...gegevens },
  });
  where.set(agency.oin, { url: agency.rest ?? '', tokenFile });
  return agency;
}

test.before(async () => {
  stand = await openStand();
  police = await start('politie', { port: 0 });
  vt = await start('vt', { insideHosts: ['localhost'] });
  address = `https://localhost:${new URL(police.data ?? '').port}/`;
  register(POLICE, { gegevensadres: address });
  for (const name of ['vt', 'om', 'reclassering'] as const) {
    identities.set(name, await loadIdentity(stand.keys.identity(AGENCIES[name].oin)));
  }
});
test.after(() => stand.close());

/** From now on the register says this of an agency; what was read before is forgotten. */
function register(oin: Oin, more: object): void {
  stand.door.router.entries.set(oin, more);
  for (const agency of [police, vt]) agency.rooms.directory.forget(oin);
}

const run = (agency: Agency, command: Command, args: string[] = [], options: object = {}) =>
  command.run(args, { ...where.get(agency.oin), medewerker: 'F. Beheer', ...options }, quiet);
const failing = (asked: Promise<unknown>): Promise<Refusal> =>
  asked.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: Refusal) => error,
  );
const fetchBy = (agency: Agency, jti: Uuid7) => run(agency, fetchAtSource, [POLICE, jti]);

const newCase = () => newUuid7(stand.clock.now()) as string as Uuid;
const put = async (zaak: Uuid, grondslag = [BASIS], value: unknown = STAND): Promise<number> => {
  const { url = '' } = where.get(POLICE) ?? {};
  const answer = await fetch(`${url}/v1/zaken/${zaak}/stand`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ grondslag, stand: value }),
  });
  await answer.text();
  return answer.status;
};
const token = (): string => readFileSync(where.get(POLICE)?.tokenFile ?? '', 'utf8').trim();

/** The police tells an agency of a case; resolves when the router has taken it. */
async function tell(
  zaak: Uuid,
  to: Oin = VT,
  body: object = {},
  more: object = {},
): Promise<Uuid7> {
  const now = stand.clock.now();
  const inhoud = {
    ...{ specversion: '1.0', id: newUuid7(now), source: `${toUrn(POLICE)}:systeem:bvh` },
    ...{ type: TYPE, subject: zaak, time: new Date(now).toISOString() },
    ...{ dataref: `${address}v1/zaken/${zaak}`, ...body },
  };
  const draft = { berichttype: 'zaak-gebeurtenis', aan: [to], grondslag: BASIS, zaak, inhoud };
  const { bericht } = await post(police.rooms, { ...draft, ...more });
  await until('the acceptance', () => police.rooms.store.outbox.recipients(bericht).length > 0);
  if (to === VT) await until('the event', () => vt.rooms.store.inbox.get(POLICE, bericht));
  return bericht;
}

const recorded = (zaak: Uuid) =>
  police.rooms.store.disclosures
    .list({ zaak, peer: null, limit: 100, offset: 0 })
    .map(({ peer, outcome }) => [peer, outcome]);

/** Asks as an agency whose adapter is somebody else's: the bare request. */
async function ask(name: AgencyName, zaak: string, method = 'GET') {
  const { tls } = identities.get(name) ?? {};
  const { ca } = authorities();
  const dispatcher = new Agent({ connect: { ...tls, ca } });
  try {
    const options = { method, dispatcher } as Parameters<typeof request>[1];
    const { statusCode, headers, body } = await request(`${address}v1/zaken/${zaak}`, options);
    return { status: statusCode, headers, text: await body.text() };
  } finally {
    await dispatcher.destroy();
  }
}
const authorities = () => {
  const { roots, issuers } = stand.keys.authority.trust;
  return { ca: [...roots, ...issuers].map((file) => readFileSync(file, 'utf8')) };
};

test('told of a case, an agency fetches how it stands; both ends record it', async () => {
  const zaak = newCase();
  await put(zaak);
  const jti = await tell(zaak);
  const { json } = await fetchBy(vt, jti);
  const { gegevens, digest } = json as { gegevens: Record<string, unknown>; digest: string };
  assert.equal(gegevens['stand'], STAND);
  assert.equal(gegevens['zaak'], zaak);
  assert.equal(recorded(zaak), [[VT, 'verstrekt']]);
  const shown = await run(police, disclosures, [], { case: zaak });
  const { verstrekkingen } = shown.json as { verstrekkingen: Record<string, unknown>[] };
  assert.equal([verstrekkingen[0]?.['grondslag'], verstrekkingen[0]?.['digest']], [BASIS, digest]);
  assert.is(shown.text, '1 time asked, 1 time given');
  const name = (shown.json as { namen: Record<string, string> }).namen[VT];
  assert.ok(name !== undefined && shown.table?.rows[0]?.includes(name));
  for (const wrong of [{ case: 'foo' }, { by: '12' }, { vanaf: 'x' }]) {
    const said = await run(police, disclosures, [], wrong).catch((error: Error) => error.message);
    assert.match(String(said), 'is none');
  }
  for (const query of ['zaak=foo', 'afnemer=12']) {
    const headers = { authorization: `Bearer ${token()}` };
    assert.is(
      (await fetch(`${where.get(POLICE)?.url}/v1/verstrekkingen?${query}`, { headers })).status,
      400,
      query,
    );
  }
  const [done] = vt.rooms.store.actions.of(POLICE, jti).filter((one) => one.action === 'opgehaald');
  assert.is(done?.medewerker, 'F. Beheer');
  assert.match(done?.toelichting ?? '', digest);
});

test('what is given has no cache, and its digest is that of the bytes', async () => {
  const zaak = newCase();
  await put(zaak);
  await tell(zaak);
  const { status, headers, text } = await ask('vt', zaak);
  assert.is(status, 200);
  assert.is(headers['cache-control'], 'no-store');
  const [row] = police.rooms.store.disclosures.list({ zaak, peer: VT, limit: 1, offset: 0 });
  assert.is(row?.digest, digestOf(text));
});

test('who was not told, whom the matrix does not name, and a case that is not there: one and the same no', async () => {
  const [secret, other] = [newCase(), newCase()];
  await put(secret);
  await put(other);
  await tell(secret);
  await tell(other, RECLASSERING);
  const answers = [
    await ask('om', secret),
    await ask('reclassering', other),
    await ask('vt', newCase()),
  ];
  for (const { status, text } of answers) assert.equal([status, text], [404, answers[0]?.text]);
  assert.not.match(answers[0]?.text ?? '', secret);
  assert.equal(recorded(secret), [[OM, 'niet-verteld']]);
  assert.equal(recorded(other), [[RECLASSERING, 'geen-recht']]);
});

test('told, and nothing was put there, or it was taken away: not found, and recorded', async () => {
  const zaak = newCase();
  await tell(zaak);
  assert.is((await ask('vt', zaak)).status, 404);
  await put(zaak);
  assert.is((await ask('vt', zaak)).status, 200);
  const { url = '' } = where.get(POLICE) ?? {};
  const headers = { authorization: `Bearer ${token()}` };
  await fetch(`${url}/v1/zaken/${zaak}/stand`, { method: 'DELETE', headers });
  assert.is((await ask('vt', zaak)).status, 404);
  assert.equal(
    recorded(zaak).map(([, outcome]) => outcome),
    ['geen-stand', 'verstrekt', 'geen-stand'],
  );
});

test('a mandate lets nobody fetch for another: judged and recorded is who shows the certificate', async () => {
  const zaak = newCase();
  await put(zaak);
  await tell(zaak);
  register(VT, { mandaten: [OM] });
  const [holder, untold] = [await ask('om', zaak), await ask('om', newCase())];
  register(VT, {});
  assert.equal([holder.status, holder.text], [404, untold.text]);
  assert.is((await ask('vt', zaak)).status, 200);
  assert.equal(recorded(zaak), [
    [VT, 'verstrekt'],
    [OM, 'niet-verteld'],
  ]);
});

test('on a basis that does not reach the one who asks it is not given', async () => {
  const zaak = newCase();
  await put(zaak, ['wpg-16.1.b']);
  await tell(zaak);
  assert.is((await ask('vt', zaak)).status, 404);
  assert.equal(recorded(zaak), [[VT, 'geen-recht']]);
});

test('who was told more than a year ago must be told again', async () => {
  const zaak = newCase();
  await put(zaak);
  await tell(zaak);
  const { events } = police.rooms.store;
  assert.ok(events.wasTold(VT, zaak, stand.clock.now() - 60_000));
  assert.not.ok(events.wasTold(VT, zaak, stand.clock.now() + 60_000));
});

test('what was told and taken back opens nothing, nor does the withdrawal; another event does', async () => {
  const zaak = newCase();
  await put(zaak);
  const { store } = police.rooms;
  const takeBack = async (trektIn: Uuid7) => {
    const body = { berichttype: 'zaak-gebeurtenis', grondslag: BASIS, zaak };
    const inhoud = sample('intrekking', 'dubbel');
    const { bericht } = await post(police.rooms, { ...body, inhoud, trektIn });
    await until('the acceptance', () => store.outbox.recipients(bericht).length > 0);
  };
  const first = await tell(zaak);
  assert.is((await ask('vt', zaak)).status, 200);
  await takeBack(first);
  assert.is((await ask('vt', zaak)).status, 404);
  const second = await tell(zaak);
  assert.is((await ask('vt', zaak)).status, 200);
  const corrected = await tell(zaak, VT, {}, { vervangt: second });
  assert.is((await ask('vt', zaak)).status, 200);
  await takeBack(corrected);
  assert.is((await ask('vt', zaak)).status, 404, 'what it corrected does not stand again');
  assert.equal(
    recorded(zaak).map(([, outcome]) => outcome),
    ['niet-verteld', 'verstrekt', 'verstrekt', 'niet-verteld', 'verstrekt'],
  );
});

test('an agency that is suspended, or whose certificate the register lists no longer, is not let in', async () => {
  const zaak = newCase();
  await put(zaak);
  await tell(zaak);
  register(VT, { status: 'geschorst' });
  const suspended = await ask('vt', zaak);
  register(VT, { van: '2999-01-01' });
  const early = await ask('vt', zaak);
  const entry = await vt.rooms.directory.entry(VT);
  const certificaten = entry.registration.certificaten.filter(({ gebruik }) => gebruik !== 'tls');
  register(VT, { certificaten });
  const unlisted = await ask('vt', zaak);
  register(VT, {});
  for (const { status, text } of [suspended, early, unlisted]) {
    assert.equal([status, text], [401, suspended.text]);
  }
  assert.equal(
    recorded(zaak).map(([, outcome]) => outcome),
    ['certificaat', 'geschorst', 'geschorst'],
  );
  assert.is((await ask('vt', zaak)).status, 200);
});

test('while the register cannot be asked nothing is given, and it is said to try again', async () => {
  const zaak = newCase();
  await put(zaak);
  await tell(zaak);
  police.rooms.directory.forget(VT);
  stand.door.fault = (_, path) =>
    path.startsWith('/v1/organisaties') ? { how: 'cut' } : undefined;
  const { status, headers } = await ask('vt', zaak);
  stand.door.fault = () => undefined;
  assert.equal([status, headers['retry-after']], [503, '60']);
  assert.equal(recorded(zaak), [[VT, 'niet-te-beoordelen']]);
});

test('what cannot be recorded is not given', async () => {
  const zaak = newCase();
  await put(zaak);
  await tell(zaak);
  const { store } = police.rooms;
  const { write } = store;
  Object.assign(store, { write: () => Promise.reject(new Error('no room')) });
  const { status, text } = await ask('vt', zaak);
  Object.assign(store, { write });
  assert.is(status, 503);
  assert.not.match(text, 'onderzoek');
  assert.equal(recorded(zaak), []);
});

test('without a certificate of the chain there is no answer at all; other paths and methods find nothing', async () => {
  const zaak = newCase();
  const dispatcher = new Agent({ connect: authorities() });
  const stranger = await failing(request(`${address}v1/zaken/${zaak}`, { dispatcher }));
  await dispatcher.destroy();
  assert.match(String(stranger), /certificate|alert|ECONNRESET|other side closed/i);
  assert.is((await ask('vt', `${zaak}?a=b`)).status, 404);
  assert.is((await ask('vt', `${zaak}/stand`)).status, 404);
  const posted = await ask('vt', zaak, 'POST');
  assert.equal([posted.status, posted.headers['allow']], [405, 'GET']);
  assert.equal(recorded(zaak), []);
});

test('no more than 64 KB is put, on a basis that there is, and it lies encrypted', async () => {
  const zaak = newCase();
  assert.is(await put(zaak, [BASIS], 'x'.repeat(65_536)), 413);
  assert.is(await put(zaak, ['zomaar']), 400);
  assert.is(await put(zaak, [BASIS], 'x'.repeat(65_000)), 200);
  await tell(zaak);
  assert.is((await ask('vt', zaak)).status, 200);
  const files = police.rooms.store.files.filter((file) => existsSync(file));
  for (const file of files) assert.not.ok(readFileSync(file).includes('team jeugd'), file);
});

test('an event that points elsewhere than the register says is not followed', async () => {
  const zaak = newCase();
  await put(zaak);
  const port = new URL(address).port;
  const places = [
    `https://localhost:${Number(port) - 1}/v1/zaken/${zaak}`,
    `https://127.0.0.1:${port}/v1/zaken/${zaak}`,
    `${address}v1/zaken/${zaak}?alles=ja`,
  ];
  for (const dataref of places) {
    const { code } = await failing(fetchBy(vt, await tell(zaak, VT, { dataref })));
    assert.is(code, 'source-not-trusted', dataref);
  }
  register(POLICE, { gegevensadres: `${address}politie/` });
  const climbing = await tell(zaak, VT, { dataref: `${address}politie/../v1/zaken/${zaak}` });
  assert.is((await failing(fetchBy(vt, climbing))).code, 'source-not-trusted');
  const below = await tell(zaak, VT, { dataref: `${address}politie/v1/zaken/${zaak}` });
  assert.ok((await fetchBy(vt, below)).json);
  register(POLICE, {});
  assert.is((await failing(fetchBy(vt, below))).code, 'source-not-trusted');
  register(POLICE, { gegevensadres: address });
});

test('a host with an address inside is not called, unless our own configuration names it', async () => {
  const dataref = `${address}v1/zaken/${newCase()}`;
  const found = [{ address: '127.0.0.1', family: 4 }];
  const line = new SourceLine({
    ...{ identity: vt.rooms.identity, ...authorities(), insideHosts: [] },
    lookup: async () => found,
  });
  const { code, message } = await failing(line.fetch(vt.rooms, POLICE, dataref));
  const inside = 'its address is inside a network, and it is not named as one that may be';
  assert.equal([code, message], ['source-not-trusted', inside]);
  const [metadata] = [{ address: '169.254.169.254', family: 4 }];
  found.splice(0, 1, metadata);
  const never = await failing(line.fetch(vt.rooms, POLICE, dataref));
  assert.is(never.message, 'its address is none that an endpoint can have');
});

test('who shows the certificate of another, sends elsewhere or sends too much, is not listened to', async () => {
  const zaak = newCase();
  const other = await serve(stand.keys.identity(OM), (url) => url);
  register(POLICE, { gegevensadres: other.url });
  const there = await tell(zaak, VT, { dataref: `${other.url}v1/zaken/${zaak}` });
  const wrong = await failing(fetchBy(vt, there));
  assert.equal([wrong.code, other.asked], ['source-not-trusted', []], 'nothing was asked of it');
  await other.close();

  const own = await serve(stand.keys.identity(POLICE), (url) =>
    url.endsWith('groot') ? 'x'.repeat(300_000) : undefined,
  );
  register(POLICE, { gegevensadres: own.url });
  const large = await tell(zaak, VT, { dataref: `${own.url}groot` });
  assert.is((await failing(fetchBy(vt, large))).code, 'too-large');
  const away = await tell(zaak, VT, { dataref: `${own.url}weg` });
  assert.match((await failing(fetchBy(vt, away))).message, 'answered 302');
  assert.equal(own.asked, ['/groot', '/weg'], 'not followed');
  await own.close();
  assert.is((await failing(fetchBy(vt, away))).code, 'source-unreachable');
  register(POLICE, { gegevensadres: address });
});

test('composed in a few words: by the profile, numbered, and pointing here', async () => {
  const zaak = newCase();
  await put(zaak);
  const { json, text = '' } = await run(police, event, [zaak], {
    ...{ type: TYPE, status: 'in-onderzoek', basis: `${BASIS},wpg-16.1.c`, to: VT },
  });
  const { berichten } = json as { berichten: { bericht: Uuid7 }[] };
  const jtis = berichten.map(({ bericht }) => bericht);
  assert.is(jtis.length, 2, 'a message for each basis');
  for (const jti of jtis) assert.match(text, `follow it: ketenpost track ${jti}`);
  for (const jti of jtis) await until('it', () => vt.rooms.store.inbox.get(POLICE, jti));
  const bodies = jtis.map((jti) => bodyOf(vt, jti));
  assert.equal(bodies[0], bodies[1], 'of one event, with one number');
  const [body] = bodies;
  assert.equal(
    [body?.['source'], body?.['subject'], body?.['sequence'], body?.['dataref']],
    [
      ...[`${toUrn(POLICE)}:systeem:ketenpost`, zaak, '00000000000000000001'],
      `${address}v1/zaken/${zaak}`,
    ],
  );
  assert.equal(body?.['data'], { status: { code: 'in-onderzoek' } });
  assert.ok(new CloudEvent(body as never, true).validate());
  assert.ok((await fetchBy(vt, jtis[0] as Uuid7)).json);
});

test('a case that was asked after at its source has no gap up to there', async () => {
  const zaak = newCase();
  await put(zaak);
  const wish = { bron: POLICE, zaak, grondslag: BASIS };
  const { beginSubscription } = await import('../../adapters/subscriptions/state-subscription.ts');
  await beginSubscription(vt.rooms, wish, 'F. Beheer');
  await tell(zaak);
  await tell(zaak, RECLASSERING);
  const last = await tell(zaak);
  const open = async () => ((await run(vt, gaps)).json as { hiaten: { zaak: string }[] }).hiaten;
  assert.is((await open()).filter((one) => one.zaak === zaak).length, 1);
  await fetchBy(vt, last);
  assert.is((await open()).filter((one) => one.zaak === zaak).length, 0);
});

test('a key that is replaced is shown from the next connection on, and the events go on', async () => {
  const zaak = newCase();
  await put(zaak);
  const jti = await tell(zaak);
  const shown = async () => {
    const { port } = new URL(address);
    const { tls } = identities.get('vt') ?? {};
    const socket = connect({ host: 'localhost', port: Number(port), ...tls, ...authorities() });
    await once(socket, 'secureConnect');
    const { raw } = socket.getPeerCertificate();
    socket.destroy();
    return readCertificate(raw).x5t;
  };
  const before = await shown();
  const { naam: name } = AGENCIES.politie;
  await stand.keys.authority.issue({ oin: POLICE, name, use: 'tls', key: 'ec' });
  register(POLICE, { gegevensadres: address });
  await police.reload({ ...stand.config('politie'), identity: stand.keys.identity(POLICE) });
  assert.is.not(await shown(), before);
  assert.ok((await fetchBy(vt, jti)).json);
});

test("on several bases it is all or nothing; and under an id of one's own it is told once", async () => {
  const [zaak, id] = [newCase(), newUuid7(stand.clock.now())];
  const { url = '' } = where.get(POLICE) ?? {};
  const say = async (more: object) => {
    const answer = await fetch(`${url}/v1/gebeurtenissen`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ zaak, type: TYPE, aan: [VT], ...more }),
    });
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, body };
  };
  const { outbox } = police.rooms.store;
  const sent = () =>
    outbox
      .list({ state: null, before: null, limit: 1000 })
      .filter(({ casefile }) => casefile === zaak).length;
  const bad = await say({ grondslag: [BASIS, 'Zomaar iets'] });
  assert.is(bad.status, 400);
  assert.match(JSON.stringify(bad.body['errors']), '/grondslag/1');
  assert.is(sent(), 0, 'nothing of it went out');
  const news = { id, grondslag: [BASIS, 'wpg-16.1.c'] };
  const first = await say(news);
  assert.equal([first.status, first.body['gebeurtenis'], sent()], [202, id, 2]);
  stand.clock.move(2_000);
  assert.equal(await say(news), first);
  assert.is((await say({ ...news, status: { code: 'anders' } })).body['code'], 'id-reused');
  assert.is(sent(), 2);
  const ahead = await say({ ...news, id: newUuid7(stand.clock.now() + 3_600_000) });
  assert.is(ahead.status, 400);
});

test('half requests are cut off in seconds, and one certificate holds but its share', async () => {
  const zaak = newCase();
  await put(zaak);
  await tell(zaak);
  const { tls } = identities.get('reclassering') ?? {};
  const port = Number(new URL(address).port);
  const began = performance.now();
  const open = Array.from({ length: 40 }, () =>
    connect({ host: 'localhost', port, ...tls, ...authorities() }, function (this: TLSSocket) {
      this.write('GET /v1/zaken/x HTTP/1.1\r\nhost: a\r\nx: ');
    }),
  );
  const closed = open.map((socket) => {
    socket.on('error', () => undefined).resume();
    return new Promise((done) => socket.once('close', done));
  });
  let left = open.length;
  for (const one of closed) void one.then(() => left--);
  await until('those above its share to be gone', () => left <= 16);
  assert.is((await ask('vt', zaak)).status, 200);
  await Promise.all(closed);
  assert.ok(performance.now() - began < 20_000, 'node by itself takes half a minute');
});

test('a certificate that was revoked lets nobody in any more, on either side', async () => {
  const zaak = newCase();
  await put(zaak);
  const jti = await tell(zaak);
  assert.is((await ask('vt', zaak)).status, 200);
  const { authority } = stand.keys;
  const [own] = stand.door.router.certificates(VT, 'tls');
  await authority.revoke(own?.x5t ?? '', 'keyCompromise');
  await stand.freshLists();
  assert.is((await ask('vt', zaak)).status, 401);
  assert.equal(recorded(zaak)[0], [VT, 'certificaat']);
  const [theirs] = stand.door.router.certificates(POLICE, 'tls');
  await authority.revoke(theirs?.x5t ?? '', 'keyCompromise');
  await stand.freshLists();
  assert.is((await failing(fetchBy(vt, jti))).code, 'source-not-trusted');
});

const bodyOf = (agency: Agency, jti: Uuid7): Record<string, unknown> => {
  const jws = agency.rooms.store.inbox.jws(POLICE, jti) ?? '';
  return readJws(jws, TYP.message).claims['inhoud'] as Record<string, unknown>;
};

/** A server that is not an adapter. @param given the body, or nothing to send elsewhere */
async function serve(
  config: Parameters<typeof loadIdentity>[0],
  given: (url: string) => string | undefined,
) {
  const { tls } = await loadIdentity(config);
  const asked: string[] = [];
  const server: Server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false });
  server.on('request', ({ url = '' }, response) => {
    asked.push(url);
    const body = given(url);
    if (body === undefined) response.writeHead(302, { location: address });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `https://localhost:${port}/`, asked, close };
}

test('an address on which another listens is for the operator to change, and named as he knows it', async () => {
  const port = Number(new URL(police.data ?? '').port);
  for (const [setting, more] of [
    ['gegevens.port', { gegevens: { host: '127.0.0.1', port, insideHosts: [] } }],
    ['rest.port', { rest: { host: '127.0.0.1', port, tokenFile: join(stand.folder, 'om.token') } }],
  ] as const) {
    const error = (await failing(stand.start('om', more))) as unknown as CommandError;
    assert.is(error.exit, 'usage');
    assert.is(error.message, `cannot listen on 127.0.0.1 port ${port} (EADDRINUSE)`);
    assert.is(error.next, `Choose another ${setting}, or stop what listens there.`);
  }
});

test.run();
