/** Whoever is told of an event asked for it, and may be told by a rule of the matrix: tried on anything. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bucket, Bus } from '../../../router/bus/bus.ts';
import { type Agency, createRegister } from '../../../router/registry.ts';
import type { Rooms } from '../../../router/rooms.ts';
import type { Authorised } from '../../../router/stages/authorise.ts';
import { findSubscribers } from '../../../router/stages/find-subscribers.ts';
import type { Subscription } from '../../../router/subscriptions/subscription.ts';
import { openSubscriptions } from '../../../router/subscriptions.ts';
import { openTurns } from '../../../router/turns.ts';
import { CASE_CLOSED } from '../../../schemas/case-events.ts';
import { parseOin, parseUuid, parseUuid7, toUrn } from '../../../schemas/ids.ts';
import { findRule, GRONDSLAGEN, MATRIX, ROLES, type Rule } from '../../../schemas/policy.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { type House, openHouse } from '../house.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const ROWS = MATRIX.filter(({ berichttype }) => berichttype === 'zaak-gebeurtenis');
const CASES = [1, 2].map((n) => parseUuid(`6f0b3c1e-7a52-4d3e-9b1c-2f4e5d6a7b8${n}`));
const TYPES = ['nl.a.b.v1', 'nl.a.c.v1', CASE_CLOSED];
const REGIONS = ['VT01', 'VT15'];
const OINS = [1, 2, 3, 4, 5].map((n) => parseOin(`0000009900000090${n}000`));
const [SOURCE = OINS[0] as never] = OINS;

let house: House;
let pattern: Agency;
test.before(async () => {
  house = await openHouse({ serves: false });
  pattern = house.rooms.registry.all()[0] as Agency;
});
test.after(() => house.stop());

const some = <T>(...of: readonly T[]) => fc.constantFrom(...of);
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
/** Mostly what this row of the matrix is about, so that it comes to a yes now and then. */
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: some(...others) });
const basisOf = ({ grondslag }: Rule) => mostly<string>(grondslag, ...Object.keys(GRONDSLAGEN));

const agencyOf = (oin: Agency['oin'], role: string): fc.Arbitrary<Agency> =>
  fc
    .record({
      rollen: fc.tuple(mostly(role, ...Object.keys(ROLES)), maybe(some(...Object.keys(ROLES)))),
      status: mostly<Agency['status']>('actief', 'geschorst'),
      tot: mostly<string | undefined>(undefined, '2026-11-22', '2026-11-23'),
      regio: maybe(some(...REGIONS)),
    })
    .map(({ tot, regio, rollen, status }) => {
      const { tot: _, ...like } = { ...pattern, oin, abonnementen: [], status };
      const roles = { rollen: rollen.filter((one) => one !== undefined) };
      const werkgebied = regio ? { vtRegio: regio } : {};
      return { ...like, ...roles, werkgebied, ...(tot && { tot }) };
    });
const wishOf = (row: Rule) =>
  fc
    .record({
      abonnee: some(...OINS.slice(1)),
      bron: mostly<Agency['oin'] | undefined>(undefined, ...OINS),
      typen: maybe(fc.uniqueArray(some(...TYPES), { minLength: 1 })),
      zaak: maybe(some(...CASES)),
      regio: maybe(some(...REGIONS)),
      grondslag: basisOf(row),
      eind: mostly(NOW + 1_000_000, NOW - 1),
      ended: mostly(false, true),
    })
    .filter(({ zaak, typen, regio }) => (zaak ?? typen ?? regio) !== undefined);
const worlds = some(...ROWS).chain((row) =>
  fc.record({
    agencies: fc.tuple(...OINS.map((oin, at) => agencyOf(oin, at === 0 ? row.van : row.naar))),
    wanted: fc.array(wishOf(row), { maxLength: 12 }),
    event: fc.record({
      ...{ type: some(...TYPES), zaak: some(...CASES), grondslag: basisOf(row) },
      vtregio: maybe(some(...REGIONS)),
    }),
  }),
);

/** A bucket that is a map, and rooms around it with what the step asks. */
async function roomsWith(agencies: readonly Agency[], all: readonly Subscription[]) {
  const kept = new Map<string, Uint8Array>();
  const put = async (key: string, value: Uint8Array) => {
    kept.set(key, value);
    return 1;
  };
  const bucket: Bucket = {
    get: async (key) =>
      kept.has(key) ? { value: kept.get(key) as Uint8Array, revision: 1 } : null,
    keys: async () => [...kept.keys()],
    ...{ put, swap: put },
    remove: async (key) => void kept.delete(key),
    watch: async (onChange) => {
      for (const [key, value] of kept) onChange(key, value);
      return () => undefined;
    },
  };
  const told: Record<string, unknown>[] = [];
  const room = openSubscriptions({ bucket: async () => bucket } as unknown as Bus);
  for (const one of all) await room.begin(one);
  const rooms = {
    ...house.rooms,
    ...{ registry: createRegister(agencies, 1), subscriptions: room, turns: openTurns() },
    ledger: { append: async (entry: object) => void told.push({ ...entry }) },
    deadlines: { move: async () => undefined },
    trust: { judge: () => undefined },
    clock: { now: () => NOW },
  } as unknown as Rooms;
  return { rooms, told };
}

test('nobody is ever told of an event without a rule for it, nor unasked', async () => {
  const tally = { told: 0, kept: 0 };
  await fc.assert(
    fc.asyncProperty(worlds, async ({ agencies, wanted, event: { vtregio, ...about } }) => {
      const all = wanted.map(({ ended, ...one }, at) => {
        const given = Object.entries(one).filter(([, value]) => value !== undefined);
        const id = parseUuid7(`019a5b7c-8d9e-7f01-8a2b-3c4d5e6f${String(7000 + at)}`);
        const einde = ended && { einde: { op: NOW - 5, reden: 'opgezegd' } };
        return { id, begin: NOW - 10, ...Object.fromEntries(given), ...einde } as Subscription;
      });
      const { rooms, told } = await roomsWith(agencies, all);
      const source = agencies[0] as Agency;
      const inhoud = { type: about.type, ...(vtregio && { vtregio }) };
      const claims = { iss: toUrn(SOURCE), berichttype: 'zaak-gebeurtenis', ...about, inhoud };
      const message = { sender: SOURCE, jti: parseUuid7('019a5b7c-8d9e-7f01-8a2b-3c4d5e6f7081') };
      const given = { claims, sender: source, message, at: NOW } as unknown as Authorised;
      const { found } = await findSubscribers(rooms, given).catch((error) => {
        if (error instanceof Refusal && error.code === 'recipient-unknown') return { found: [] };
        throw error;
      });
      const regio = vtregio ?? source.werkgebied.vtRegio;
      const may = (agency: Agency) =>
        agency.oin !== SOURCE &&
        agency.status === 'actief' &&
        agency.tot !== '2026-11-22' &&
        findRule({
          ...{ van: source.rollen, naar: agency.rollen },
          ...{ berichttype: 'zaak-gebeurtenis', grondslag: about.grondslag },
        }) !== undefined &&
        all.some(
          (one) =>
            one.abonnee === agency.oin &&
            one.einde === undefined &&
            one.eind > NOW &&
            one.grondslag === about.grondslag &&
            (one.bron ?? SOURCE) === SOURCE &&
            (one.zaak ?? about.zaak) === about.zaak &&
            ((one.zaak !== undefined && about.type === CASE_CLOSED) ||
              ((one.typen?.includes(about.type) ?? true) && (one.regio ?? regio) === regio)),
        );
      const should = agencies.filter(may).map(({ oin }) => oin);
      assert.equal(found.map(({ agency }) => agency.oin).sort(), should.sort());
      // Each who is told has its yes in the ledger first.
      const yes = told.filter((e) => e['kind'] === 'besluit' && e['toegestaan']);
      assert.equal(yes.map((e) => e['ontvanger']).sort(), should);
      tally[should.length > 0 ? 'told' : 'kept']++;
    }),
    { numRuns: 1000 },
  );
  assert.ok(tally.told > 30 && tally.kept > 100, JSON.stringify(tally));
});

test.run();
