import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compose } from '../../../adapters/send/compose.ts';
import { keep } from '../../../adapters/send/keep.ts';
import { openStore } from '../../../adapters/store/store.ts';
import type { Bericht } from '../../../schemas/generated/wire.ts';
import { newUuid7, toUrn } from '../../../schemas/ids.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { report, sample } from '../stand.ts';

const folder = mkdtempSync(join(tmpdir(), 'ketenpost-compose-'));
const store = openStore(
  { path: join(folder, 'a.db'), keyFile: join(folder, 'a.key') },
  AGENCIES.politie.oin,
);
const NOW = Date.parse('2026-11-20T10:00:00.500Z');
const rooms = { oin: AGENCIES.politie.oin, store, clock: { now: () => NOW } };
test.after(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function refusalOf(draft: unknown): Refusal {
  try {
    compose(rooms, draft);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was composed');
}
const placesOf = (draft: unknown): string[] => refusalOf(draft).faults.map((fault) => fault.plaats);

test('what the draft leaves open is filled in', () => {
  const { versie, prio, aan, ...least } = { ...report(), versie: undefined } as Record<
    string,
    unknown
  >;
  const claims = compose(rooms, least);
  assert.is(claims.iss, toUrn(AGENCIES.politie.oin));
  assert.is(claims.iat, Math.floor(NOW / 1000));
  assert.is(claims.exp, claims.iat + 5 * 86_400);
  assert.is(claims.versie, '1.0');
  assert.is(claims.prio, 'normaal');
  assert.not.ok('aud' in claims);
  assert.match(claims.jti, /^[0-9a-f-]{14}7/);
  assert.is.not(claims.conversatie, claims.jti);
  assert.ok(versie === undefined && prio && aan);
});

test('every fault is told at once, by its place in what was handed in', () => {
  const inhoud = { ...sample('vt-melding', 'heusden-spoed') };
  const [required = ''] = Object.keys(inhoud);
  delete inhoud[required];
  const draft = {
    ...report(),
    aan: ['123'],
    prio: 'heel',
    geldigTot: '2020-01-01T00:00:00Z',
    grondslag: 7,
    inhoud,
  };
  const places = placesOf(draft);
  for (const place of ['/aan/0', '/prio', '/geldigTot', '/grondslag', `/inhoud/${required}`]) {
    assert.ok(places.includes(place), `${place} in ${places.join(' ')}`);
  }
});

test('a fault never repeats the value', () => {
  const refusal = refusalOf(report({ aan: ['Jansen-999999990'], zaak: 'Jansen' }));
  assert.not.match(JSON.stringify([refusal.message, refusal.faults]), 'Jansen');
});

test('an unknown type says so, and still tells the other faults', () => {
  const refusal = refusalOf(report({ berichttype: 'vt-geheim', prio: 'heel' }));
  assert.is(refusal.code, 'type-unknown');
  assert.ok(refusal.faults.some((fault) => fault.plaats === '/prio'));
});

test('what is no object, or has members that nobody knows, is refused', () => {
  for (const draft of [null, [], 'x', 7]) assert.equal(placesOf(draft), ['']);
  assert.equal(placesOf(report({ extra: 1 })), ['']);
});

test('a message is valid for thirty days at most', () => {
  const until = (days: number) => new Date(NOW + days * 86_400_000).toISOString();
  assert.is(
    compose(rooms, report({ geldigTot: until(30) })).exp,
    Math.floor(NOW / 1000) + 30 * 86_400,
  );
  assert.equal(placesOf(report({ geldigTot: until(31) })), ['/geldigTot']);
  assert.equal(placesOf(report({ geldigTot: until(-1) })), ['/geldigTot']);
});

const sent = async (claims: Bericht): Promise<void> => {
  await keep(rooms, { claims, jws: 'a.b.c' });
};

test('a correction belongs to the conversation, and goes to the recipients, of what it corrects', async () => {
  const first = compose(rooms, report());
  await sent(first);
  const { aan: _, ...draft } = report({ vervangt: first.jti }) as Record<string, unknown>;
  const corrected = compose(rooms, draft);
  assert.is(corrected.vervangt, first.jti);
  assert.is(corrected.conversatie, first.conversatie);
  assert.equal(corrected.aud, [toUrn(AGENCIES.vt.oin)]);
  await store.write(() =>
    store.outbox.addRecipients(first.jti, [AGENCIES.vt.oin, AGENCIES.rvdk.oin]),
  );
  assert.equal(compose(rooms, draft).aud, [AGENCIES.vt.oin, AGENCIES.rvdk.oin].map(toUrn));
});

test('a withdrawal has the body of a withdrawal', async () => {
  const first = compose(rooms, report());
  await sent(first);
  const claims = compose(
    rooms,
    report({ trektIn: first.jti, inhoud: sample('intrekking', 'dubbel') }),
  );
  assert.is(claims.trektIn, first.jti);
  assert.ok(placesOf(report({ trektIn: first.jti })).every((place) => place.startsWith('/inhoud')));
});

test('a slip in the id of what is corrected or withdrawn is found', async () => {
  const nobody = newUuid7(NOW);
  assert.ok(placesOf(report({ vervangt: nobody })).includes('/vervangt'));
  const inhoud = sample('intrekking', 'dubbel');
  assert.equal(placesOf(report({ trektIn: nobody, inhoud })), ['/trektIn']);
  const other = compose(rooms, report());
  await sent(other);
  const wrongType = report({ berichttype: 'halt-verwijzing', trektIn: other.jti, inhoud });
  assert.ok(placesOf(wrongType).includes('/berichttype'));
  const both = report({ vervangt: other.jti, trektIn: other.jti, inhoud });
  assert.ok(placesOf(both).includes('/trektIn'));
});

test('an answer belongs to the conversation of what it answers', async () => {
  const first = compose(rooms, report());
  await sent(first);
  assert.is(compose(rooms, report({ verwijst: first.jti })).conversatie, first.conversatie);
  const own = newUuid7(NOW);
  assert.is(compose(rooms, report({ verwijst: first.jti, conversatie: own })).conversatie, own);
});

const question = (raadpleging: object, more: object = {}) => ({
  ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f', aan: [AGENCIES.vt.oin] },
  ...{ inhoud: sample('check-op-bekendheid', 'zsm'), raadpleging, ...more },
});

test('the clock of the law ends by the law, whoever counts; an end of the own must be named', () => {
  // 22:10 in the Netherlands: at midnight 1 h 50 is counted, and it goes on at nine.
  const aanvang = '2026-11-19T21:10:00Z';
  const { raadpleging } = compose(rooms, question({ klok: 'zsm-6', aanvang }));
  assert.equal(raadpleging, {
    ...{ klok: 'zsm-6', aanvang: Date.parse(aanvang) / 1000 },
    eind: Date.parse('2026-11-20T12:10:00Z') / 1000,
  });
  const eind = '2026-11-20T12:00:00Z';
  const at = ['/raadpleging/eind'];
  assert.equal(placesOf(question({ klok: 'zsm-6', aanvang, eind })), at);
  assert.equal(placesOf(question({ klok: 'vrij', aanvang })), at);
  assert.is(compose(rooms, question({ klok: 'vrij', aanvang, eind })).raadpleging?.klok, 'vrij');
  assert.equal(placesOf(question({ klok: 'zsm-7', aanvang })), ['/raadpleging/klok']);
  assert.equal(placesOf(question({ klok: 'zsm-6' })), ['/raadpleging/aanvang']);
});

test('a question outlives its clock by a day, so that it can be answered late', () => {
  const aanvang = '2026-11-20T10:00:00Z';
  const eind = '2026-11-30T10:00:00Z';
  const { exp } = compose(rooms, question({ klok: 'vrij', aanvang, eind }));
  assert.is(exp, Date.parse('2026-12-01T10:00:00Z') / 1000);
  const tooLate = question({ klok: 'vrij', aanvang, eind: '2026-12-25T10:00:00Z' });
  assert.equal(placesOf(tooLate), ['/raadpleging/eind']);
});

test('a message that the router would find too large is refused here', () => {
  const inhoud = { ...sample('vt-melding', 'heusden-spoed'), x: 'x'.repeat(1_000_001) };
  assert.ok(['too-large', 'schema-invalid'].includes(refusalOf(report({ inhoud })).code));
});

test.run();
