/** Numbers of events within a case: each used once, none left out, whatever comes between. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Agency } from '../../../adapters/agency.ts';
import { post } from '../../../adapters/outlet.ts';
import { readJws } from '../../../certs/verify.ts';
import type { Bericht } from '../../../schemas/generated/wire.ts';
import { newUuid7, toUrn, type Uuid7 } from '../../../schemas/ids.ts';
import { TYP } from '../../../schemas/typ.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { openStand, type Stand, until } from '../stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const TYPE = 'nl.jeugdketen.zaakstatus-gewijzigd.v1';

let stand: Stand;
let police: Agency;
test.before(async () => {
  stand = await openStand();
  police = await stand.start('politie');
});
test.after(() => stand.close());

const newCase = (): string => newUuid7(stand.clock.now());
const eventIn = (zaak: string, body: object = {}, claims: object = {}) => {
  const now = stand.clock.now();
  const base = { specversion: '1.0', id: newUuid7(now), type: TYPE, subject: zaak };
  const source = `${toUrn(POLICE)}:systeem:bvh`;
  return {
    ...{ berichttype: 'zaak-gebeurtenis', aan: [VT], grondslag: 'bpg-4.2.1.i', zaak },
    inhoud: { ...base, source, time: new Date(now).toISOString(), ...body },
    ...claims,
  };
};
const sent = (jti: Uuid7, from = police): Record<string, unknown> => {
  const jws = from.rooms.store.outbox.content(jti)?.jws ?? '';
  return (readJws(jws, TYP.message).claims as unknown as Bericht).inhoud;
};
const numberOf = (jti: Uuid7): number => Number(sent(jti)['sequence']);
const tell = async (zaak: string, body: object = {}): Promise<number> =>
  numberOf((await post(police.rooms, eventIn(zaak, body))).bericht);
const restart = async (): Promise<void> => {
  await police.stop();
  police = await stand.start('politie');
};

test('an event without a number is given the next of its case: twenty digits, of their kind', async () => {
  const zaak = newCase();
  const { bericht } = await post(police.rooms, eventIn(zaak));
  assert.is(sent(bericht)['sequence'], '00000000000000000001');
  assert.is(sent(bericht)['sequencetype'], 'zaakvolgnummer');
  assert.is(await tell(zaak), 2);
  await restart();
  assert.is(await tell(zaak), 3, 'also after a restart');
  assert.is(await tell(newCase()), 1, 'another case begins anew');
  assert.is(
    await tell(zaak, { source: `${toUrn(POLICE)}:systeem:ander` }),
    1,
    'another system, too',
  );
});

test('the same event keeps its number: handed in again, or told to others on another basis', async () => {
  const zaak = newCase();
  await tell(zaak);
  const jti = newUuid7(stand.clock.now());
  const draft = eventIn(zaak, {}, { jti });
  for (const _ of [1, 2]) assert.is((await post(police.rooms, draft)).bericht, jti);
  assert.is(numberOf(jti), 2);
  assert.is(await tell(zaak, { id: draft.inhoud.id }), 2);
  assert.is(await tell(zaak), 3);
});

test('what cannot be sent uses no number', async () => {
  const zaak = newCase();
  const bad = [
    eventIn(zaak, { sequencetype: 'zaakvolgnummer' }),
    eventIn(zaak, { data: { naam: 'Voorbeeld' } }),
    eventIn(zaak, { source: `${toUrn(VT)}:systeem:bvh` }),
  ];
  for (const one of bad) {
    const code = await post(police.rooms, one).catch(({ code }) => code);
    assert.is(code, 'schema-invalid');
  }
  const { store } = police.rooms;
  const { write } = store;
  Object.assign(store, { write: () => Promise.reject(new Error('no room')) });
  await post(police.rooms, eventIn(zaak)).catch(() => undefined);
  Object.assign(store, { write });
  assert.is(await tell(zaak), 1);
});

test('a number that the own system gives stays as it is, and ours go on after it', async () => {
  const zaak = newCase();
  const own = { sequence: '00000000000000000041', sequencetype: 'zaakvolgnummer' };
  assert.is(await tell(zaak, own), 41);
  assert.is(await tell(zaak), 42);
});

test('after a restore numbers go on far ahead: those since the backup may have been used', async () => {
  const zaak = newCase();
  assert.is(await tell(zaak), 1);
  const { store, clock } = police.rooms;
  const at = new Date(clock.now() + 1).toISOString();
  await store.write(() => store.history.markRestored({ at, from: at }));
  stand.clock.move(1);
  assert.is(await tell(zaak), 1002);
  assert.is(await tell(zaak), 1003);
});

test('one of two stores of an agency gives no numbers: they would be used twice', async () => {
  const rvdk = await stand.start('rvdk', {
    store: { ...stand.config('rvdk').store, alone: false },
  });
  const draft = eventIn(newCase(), { source: `${toUrn(AGENCIES.rvdk.oin)}:systeem:kbps` });
  const { bericht } = await post(rvdk.rooms, draft);
  assert.is(sent(bericht, rvdk)['sequence'], undefined);
});

test('law: whatever is handed in at once, numbers of a case are 1, 2, 3, …, each once', async () => {
  const cases = [newCase(), newCase(), newCase()];
  const given = new Map<string, number[]>(cases.map((zaak) => [zaak, []]));
  const step = fc.record({
    which: fc.nat(cases.length - 1),
    kind: fc.constantFrom('good', 'good', 'good', 'bad', 'again'),
  });
  const burst = fc.record({
    steps: fc.array(step, { minLength: 3, maxLength: 8 }),
    restart: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 3 }), async (bursts) => {
      for (const { steps, restart: again } of bursts) {
        await Promise.all(steps.map(({ which, kind }) => hand(cases[which] ?? '', kind)));
        if (again) await restart();
      }
      for (const numbers of given.values()) {
        const sorted = [...numbers].sort((a, b) => a - b);
        assert.equal(
          sorted,
          sorted.map((_, at) => at + FIRST),
        );
      }
    }),
    { numRuns: 8 },
  );
  assert.ok([...given.values()].flat().length > 10, 'the law looked at something');

  async function hand(zaak: string, kind: 'good' | 'bad' | 'again'): Promise<void> {
    const draft = eventIn(zaak, kind === 'bad' ? { subject: 'x' } : {});
    try {
      const { bericht } = await post(police.rooms, draft);
      given.get(zaak)?.push(numberOf(bericht));
      if (kind === 'again') assert.is(await tell(zaak, { id: draft.inhoud.id }), numberOf(bericht));
    } catch (error) {
      if (kind !== 'bad') throw error;
    }
  }
});

/** The store of this file was restored: cases that begin after that begin here. */
const FIRST = 1001;

test('what was numbered arrives with its number', async () => {
  const { bericht } = await post(police.rooms, eventIn(newCase()));
  await until('the acceptance', () => stand.door.router.offers.get(bericht));
  const { claims } = stand.door.router.records.get(bericht) ?? {};
  assert.equal(claims?.inhoud, sent(bericht));
});

test.run();
