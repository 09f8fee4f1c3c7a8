/** The radar over a store: laws over reports that arrive in any order, are corrected, withdrawn, rejected, destroyed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { marksOf } from '../../../adapters/radar/marks.ts';
import { groupsOf, matchesOf } from '../../../adapters/radar/view.ts';
import { forgetRejected, noteOnRadar, Radar } from '../../../adapters/radar.ts';
import { Database } from '../../../adapters/store/database.ts';
import type { InboxRow } from '../../../adapters/store/inbox.ts';
import { openStore, type Store } from '../../../adapters/store/store.ts';
import type { Oin, Uuid7 } from '../../../schemas/ids.ts';
import { AGENCIES } from '../../town/agencies.ts';

const [POLICE, HALT, VT] = [AGENCIES.politie.oin, AGENCIES.halt.oin, AGENCIES.vt.oin];
const folder = mkdtempSync(join(tmpdir(), 'ketenpost-radar-'));
const stores: Store[] = [];
test.after(() => {
  for (const one of stores) one.close();
  rmSync(folder, { recursive: true });
});

function open(): Store {
  const name = join(folder, String(stores.length));
  const store = openStore({ path: `${name}.db`, keyFile: `${name}.key` }, VT);
  stores.push(store);
  return store;
}

interface Report {
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly received: number;
  readonly bsns: readonly string[];
  readonly door: number;
  readonly name: string;
  readonly replaces?: Uuid7;
  readonly withdraws?: Uuid7;
}

const bodyOf = ({ bsns, door, name }: Report) => ({
  betrokkenen: bsns.map((burgerservicenummer) => ({
    type: 'NatuurlijkPersoon',
    jeugdzorgrol: 'jeugdige',
    burgerservicenummer,
    naam: { geslachtsnaam: name },
    verblijfplaats: { type: 'Adres', verblijfadres: { huisnummer: door, postcode: '5256ZZ' } },
  })),
});

const rowOf = (one: Report): InboxRow => ({
  ...{ sender: one.sender, jti: one.jti, digest: 'd' as never, senderName: 'Melder' },
  ...{ type: 'vt-melding', version: '1.0', prio: 'normaal', conversation: one.jti },
  ...{ refers: null, replaces: one.replaces ?? null, withdraws: one.withdraws ?? null },
  ...{
    casefile: null,
    answerBy: null,
    reminded: null,
    late: 0,
    issued: 1,
    expires: 2,
    received: one.received,
  },
  ...{ state: 'afgeleverd', changed: 1, certificate: Buffer.from('x') },
});

/** As deliver.ts does. To be called inside `store.write`. */
function arrive(store: Store, one: Report, watched = true): void {
  const claims = { inhoud: bodyOf(one) };
  const jws = `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  store.inbox.add(rowOf(one), jws);
  const earlier = {
    ...(one.replaces && { vervangt: one.replaces }),
    ...(one.withdraws && { trektIn: one.withdraws }),
  };
  const seen = watched ? marksOf(claims.inhoud) : undefined;
  noteOnRadar(store, one.sender, { jti: one.jti, ...earlier }, seen);
}

const arriveAll = (store: Store, all: readonly Report[], watched = true): Promise<void> =>
  store.write(() => {
    for (const one of all) arrive(store, one, watched);
  });

/** Whom each report is said to belong to, and why. */
const picture = (store: Store, reports: readonly Report[]) =>
  reports.map((one) =>
    matchesOf({ store }, one).map(({ bericht, soorten }) => `${bericht} ${soorten.join(' ')}`),
  );

const uuid = (n: number): Uuid7 =>
  `0192f0c1-7d3e-7abc-8def-${String(n).padStart(12, '0')}` as Uuid7;
const reports = fc
  .array(
    fc.record({
      sender: fc.constantFrom(POLICE, HALT),
      bsns: fc.uniqueArray(fc.constantFrom('999910000', '999910814', '999910851', '999911739'), {
        ...{ minLength: 1, maxLength: 2 },
      }),
      door: fc.integer({ min: 1, max: 3 }),
      name: fc.constantFrom('Kanarie', 'de Vink', 'Vink-Kanarie'),
      what: fc.constantFrom('report', 'report', 'report', 'replaces', 'withdraws'),
    }),
    { minLength: 2, maxLength: 10 },
  )
  .map((all) =>
    all.map(({ what, ...one }, n): Report => {
      const report = { ...one, jti: uuid(n), received: 1000 + n };
      const before = all.findLastIndex(({ sender }, at) => at < n && sender === one.sender);
      return what === 'report' || before < 0 ? report : { ...report, [what]: uuid(before) };
    }),
  );

test('law: in whatever order reports arrive, the same is pointed out', () =>
  fc.assert(
    fc.asyncProperty(reports, fc.infiniteStream(fc.nat()), async (all, order) => {
      const [here, there] = [open(), open()];
      const shuffled = all
        .map((one) => ({ one, at: order.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      await arriveAll(here, all);
      await arriveAll(there, shuffled);
      assert.equal(picture(there, all), picture(here, all));
    }),
    { numRuns: 10 },
  ));

test('law: what is pointed out is pointed out both ways, and never what was corrected or withdrawn', () =>
  fc.assert(
    fc.asyncProperty(reports, async (all) => {
      const store = open();
      await arriveAll(store, all);
      const over = new Set(
        all.flatMap(({ sender, replaces, withdraws }) =>
          [replaces, withdraws].flatMap((jti) => (jti ? [`${sender} ${jti}`] : [])),
        ),
      );
      for (const one of all) {
        for (const { afzender, bericht, soorten } of matchesOf({ store }, one)) {
          assert.not.ok(over.has(`${afzender.oin} ${bericht}`), 'it stands no more');
          const back = matchesOf({ store }, { sender: afzender.oin, jti: bericht });
          const same = back.find(({ bericht: jti }) => jti === one.jti);
          assert.equal(same?.soorten, soorten);
          assert.is(
            soorten.includes('bsn'),
            all.find(({ jti }) => jti === bericht)?.bsns.some((bsn) => one.bsns.includes(bsn)),
          );
        }
      }
    }),
    { numRuns: 10 },
  ));

test('law: with a report that was rejected it is as if it had never come, and who corrected it had corrected what it corrected', () =>
  fc.assert(
    fc.asyncProperty(reports, fc.nat(), fc.boolean(), async (all, pick, atOnce) => {
      const [store, without] = [open(), open()];
      const gone = all[pick % all.length];
      if (gone === undefined) return;
      const reject = () => {
        store.inbox.move(gone.sender, gone.jti, 'afgewezen', 2);
        forgetRejected(store, gone);
      };
      await store.write(() => {
        store.marks.turn(true);
        for (const one of all) {
          arrive(store, one);
          if (atOnce && one === gone) reject();
        }
        if (!atOnce) reject();
      });
      const rest = all.filter((one) => one !== gone);
      const { replaces: before } = gone;
      await arriveAll(
        without,
        rest.map((one) =>
          one.replaces === gone.jti && before !== undefined ? { ...one, replaces: before } : one,
        ),
      );
      assert.equal(picture(store, rest), picture(without, rest));
      assert.equal(matchesOf({ store }, gone), []);
    }),
    { numRuns: 15 },
  ));

test('law: what was destroyed is never pointed out again, and the others as before', () =>
  fc.assert(
    fc.asyncProperty(reports, fc.nat(), async (all, pick) => {
      const [store, without] = [open(), open()];
      const gone = all[pick % all.length];
      if (gone === undefined) return;
      // What it corrects stays corrected: the row is there, its content is not.
      const rest = all.filter((one) => one !== gone);
      await store.write(() => {
        for (const one of all) arrive(store, one);
        store.marks.forget(gone);
      });
      await without.write(() => {
        for (const one of all) arrive(without, one, one !== gone);
      });
      assert.equal(matchesOf({ store }, gone), []);
      assert.equal(picture(store, rest), picture(without, rest));
      const told = groupsOf({ store }, 50, 0).groups.flatMap(({ meldingen }) => meldingen);
      assert.not.ok(
        told.some(({ bericht, afzender }) => bericht === gone.jti && afzender.oin === gone.sender),
      );
    }),
    { numRuns: 10 },
  ));

test('law: reports from before the radar was there are seen as if it had been', () =>
  fc.assert(
    fc.asyncProperty(reports, async (all) => {
      const [late, live] = [open(), open()];
      await arriveAll(live, all);
      await arriveAll(late, all, false);
      const radar = radarOver(late, true);
      radar.start();
      await settled(radar);
      await radar.stop();
      assert.equal(picture(late, all), picture(live, all));
    }),
    { numRuns: 8 },
  ));

const radarOver = (store: Store, wanted: boolean | undefined, roles = async () => ['vt']) =>
  new Radar({ store, wanted, roles, log: { warn: () => undefined } as never });

/** What it does in the background may bring more. */
async function settled(radar: Radar): Promise<void> {
  for (let n = 0; n < 3; n += 1) await radar.settled();
}

const plain = (n: number, more: Partial<Report> = {}): Report => ({
  ...{ sender: POLICE, jti: uuid(n), received: 1000 + n, bsns: ['999910000'] },
  ...{ door: n, name: 'Kanarie', ...more },
});

test('on by the register for a VT alone; the word of the configuration goes first; off, all traces go', async () => {
  const store = open();
  assert.is(await radarOver(store, undefined, async () => ['politie']).isOn(), false);
  const unknown = async () => Promise.reject(new Error('away'));
  assert.is(await radarOver(store, undefined, unknown).isOn(), false, 'nobody knows');
  assert.is(await radarOver(store, undefined).isOn(), true);
  assert.is(await radarOver(store, undefined, unknown).isOn(), true, 'as it last was');
  await arriveAll(store, [plain(1), plain(2)]);
  assert.is(matchesOf({ store }, plain(1)).length, 1);
  const off = radarOver(store, false);
  off.start();
  await settled(off);
  assert.equal([store.marks.on, store.marks.count], [false, 0]);
  assert.equal(matchesOf({ store }, plain(1)), []);
  const on = radarOver(store, true);
  on.start();
  await settled(on);
  assert.is(matchesOf({ store }, plain(1)).length, 1, 'seen again, under another key');
});

test('a register that takes the role away and gives it back costs nothing that came meanwhile', async () => {
  const store = open();
  let roles = ['vt'];
  const radar = radarOver(store, undefined, async () => roles);
  radar.start();
  await settled(radar);
  await arriveAll(store, [plain(1)]);
  roles = [];
  assert.is(await radar.isOn(), false);
  assert.is(store.marks.count, 0, 'off it forgets at once');
  await arriveAll(store, [plain(2)], false);
  roles = ['vt'];
  assert.is(await radar.isOn(), true);
  await settled(radar);
  assert.is(matchesOf({ store }, plain(1)).length, 1);
});

for (const [how, roles] of [
  ['by the register', async () => ['vt']],
  ['as it was last, where the register is away', async () => Promise.reject(new Error('away'))],
] as const)
  test(`marks that other rules made meet none of ours: ${how} it stays on, and all are made anew`, async () => {
    const store = open();
    await arriveAll(store, [plain(1)], false);
    const [path] = store.files;
    await store.write(() => store.marks.add(plain(1), [{ kind: 'bsn', text: 'as it was' }]));
    const beside = new Database(path ?? '');
    beside.exec("INSERT INTO meta (name, value) VALUES ('radar', 'on')");
    beside.close();
    const radar = radarOver(store, undefined, roles);
    assert.ok(store.marks.on);
    radar.start();
    await settled(radar);
    assert.ok(store.marks.on);
    await arriveAll(store, [plain(2)]);
    assert.equal(
      matchesOf({ store }, plain(2)).map(({ bericht }) => bericht),
      [uuid(1)],
    );
  });

test('an address that many share says nothing by itself; the same surname there does', async () => {
  const store = open();
  const flat = (n: number, name: string) =>
    plain(n, { door: 7, name, bsns: [`9999${String(20000 + n)}`] });
  const names = ['Aas', 'Bos', 'Cas', 'Dos', 'Eks', 'Fos', 'Gos', 'Hos', 'Aas'];
  const some = names.map((name, n) => flat(n, name));
  await arriveAll(store, some.slice(0, 8));
  assert.is(matchesOf({ store }, flat(0, 'Aas')).length, 7);
  await arriveAll(store, some.slice(8));
  assert.equal(
    matchesOf({ store }, flat(0, 'Aas')).map(({ bericht, soorten }) => [bericht, soorten]),
    [[uuid(8), ['huishouden']]],
  );
});

test('groups: a family is told once, its newest report first, page after page', async () => {
  const store = open();
  const bsn = (n: number) => [`9999${String(30000 + (n % 3))}`];
  const all = Array.from({ length: 12 }, (_, n) => plain(n, { door: 100 + n, bsns: bsn(n) }));
  await arriveAll(store, all);
  const first = groupsOf({ store }, 2, 0);
  assert.equal(
    first.groups.map(({ meldingen }) => meldingen.map(({ bericht }) => bericht)),
    [[11, 8, 5, 2].map(uuid), [10, 7, 4, 1].map(uuid)],
  );
  const second = groupsOf({ store }, 2, first.next ?? -1);
  assert.equal(
    second.groups.map(({ meldingen }) => meldingen[0]?.bericht),
    [uuid(9)],
  );
  assert.is(second.next, undefined);
  assert.equal([second.groups[0]?.sterkte, second.groups[0]?.soorten], ['zeker', ['bsn']]);
});

test.run();
