/**
 * The router and an adapter count the same clocks: whatever is received, corrected, withdrawn, rejected
 * and answered, in whatever order. The rooms of both are replaced by maps; the rules are the real ones.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Rooms as AdapterRooms } from '../../adapters/rooms.ts';
import type { ClockRow } from '../../adapters/store/clocks.ts';
import type { InboxRow } from '../../adapters/store/inbox.ts';
import { findClock, openClocks } from '../../adapters/terms/clocks.ts';
import { storyOf } from '../../adapters/terms/story.ts';
import type { Deadline } from '../../router/deadlines.ts';
import type { Rooms as RouterRooms } from '../../router/rooms.ts';
import { readClockKey } from '../../router/terms/clock-key.ts';
import { moveClocks } from '../../router/terms/move-clocks.ts';
import { clocksEndedBy, clockworkOf, momentsAt } from '../../router/terms.ts';
import { newUuid7, type Uuid7 } from '../../schemas/ids.ts';
import { TERMS, type TermId } from '../../schemas/terms.ts';
import { AGENCIES } from '../town/agencies.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];
const START = Date.parse('2027-03-25T16:00:00+01:00');
const HOUR = 3_600_000;

/** What may happen to one of a few reports; `about`: which it corrects, withdraws or answers. */
type Act =
  | {
      readonly what: 'receive';
      readonly which: number;
      readonly about: number;
      readonly how: 'new' | 'corrects' | 'withdraws';
      readonly prio: 'spoed' | 'normaal';
    }
  | { readonly what: 'reject' | 'answer'; readonly which: number };

const which = fc.integer({ min: 0, max: 5 });
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({
      what: fc.constant('receive' as const),
      ...{ which, about: which, how: fc.constantFrom('new', 'corrects', 'withdraws') },
      prio: fc.constantFrom('spoed', 'normaal'),
    }) as fc.Arbitrary<Act>,
    fc.record({ what: fc.constantFrom('reject', 'answer'), which }) as fc.Arbitrary<Act>,
  ),
  { minLength: 1, maxLength: 14 },
);

/** Both sides of one recipient, told the same. */
class Both {
  now = START;
  readonly #ids: readonly Uuid7[] = Array.from({ length: 6 }, (_, n) => newUuid7(START + n));
  readonly #records = new Map<string, object>();
  readonly #receipts = new Set<string>();
  readonly #open = new Map<string, Deadline>();
  readonly #rows: InboxRow[] = [];
  readonly #sent: { jti: Uuid7; refers: string; stored: number }[] = [];

  async act(act: Act): Promise<void> {
    this.now += HOUR;
    const jti = this.#ids[act.which] as Uuid7;
    const row = this.#rows.find((one) => one.jti === jti);
    if (act.what === 'receive' && row === undefined) await this.#receive(jti, act);
    if (act.what === 'reject' && row?.state === 'afgeleverd') await this.#reject(row);
    if (act.what === 'answer' && row !== undefined) await this.#answer(jti);
  }

  async #receive(jti: Uuid7, act: Act & { what: 'receive' }): Promise<void> {
    const about = this.#ids[act.about] as Uuid7;
    const [vervangt, trektIn] = [
      act.how === 'corrects' && about !== jti ? about : undefined,
      act.how === 'withdraws' && about !== jti ? about : undefined,
    ];
    const iat = this.now / 1000 - 60;
    const facts = { berichttype: 'vt-melding', prio: act.prio, iat, vervangt, trektIn };
    this.#records.set(jti, { verdict: 'accepted', recipients: [VT], ...facts });
    this.#rows.push({
      ...{ sender: POLICE, jti, type: 'vt-melding', prio: act.prio, issued: iat },
      ...{ replaces: vervangt ?? null, withdraws: trektIn ?? null, received: this.now },
      ...{ state: 'afgeleverd', changed: this.now },
    } as InboxRow);
    await this.#state(jti, 'afgeleverd');
  }

  async #reject(row: InboxRow): Promise<void> {
    this.#rows[this.#rows.indexOf(row)] = { ...row, state: 'afgewezen', changed: this.now };
    await this.#state(row.jti, 'afgewezen');
  }

  async #answer(refers: Uuid7): Promise<void> {
    this.#sent.push({ jti: newUuid7(this.now), refers, stored: this.now });
    const answer = { owner: VT, berichttype: 'vt-terugkoppeling', to: [POLICE], verwijst: refers };
    await clocksEndedBy(this.#router(), answer);
  }

  async #state(jti: Uuid7, state: 'afgeleverd' | 'afgewezen'): Promise<void> {
    const message = { sender: POLICE, jti };
    await moveClocks(this.#router(), { message, copy: VT, state, stated: this.now });
    this.#receipts.add(`${jti} ${state}`);
  }

  #router(): RouterRooms {
    const open = this.#open;
    return {
      clock: { now: () => this.now },
      registry: { agency: () => ({ rollen: ['vt'] }) },
      ids: { find: async (_: string, jti: string) => this.#records.get(jti) },
      receipts: {
        find: async (_: string, jti: string, __: string, state: string) =>
          this.#receipts.has(`${jti} ${state}`) ? 'a receipt' : undefined,
      },
      deadlines: {
        find: async (key: string) => open.get(key),
        open: async (one: Deadline) => open.has(one.key) || open.set(one.key, one),
        close: async (key: string) => open.delete(key),
        replace: async (from: Deadline, to: Deadline | null) =>
          to === null ? open.delete(from.key) : Boolean(open.set(from.key, to)),
      },
    } as unknown as RouterRooms;
  }

  #adapter(): AdapterRooms {
    const rows = this.#rows;
    return {
      clock: { now: () => this.now },
      store: {
        clocks: { since: () => [], get: () => undefined },
        replies: { arrived: (_: string, jti: string) => this.#arrived(jti) },
        inbox: {
          ofType: (type: string) => rows.filter((one) => one.type === type),
          get: (_: string, jti: string) => rows.find((one) => one.jti === jti),
          corrections: (_: string, jti: string) => rows.filter(({ replaces }) => replaces === jti),
        },
        outbox: {
          answerTo: (refers: string, _: string, since: number) =>
            this.#sent.find((one) => one.refers === refers && one.stored >= since),
        },
      },
    } as unknown as AdapterRooms;
  }

  #arrived(jti: string): number | undefined {
    const row = this.#rows.find((one) => one.jti === jti);
    return row && row.received / 1000;
  }

  /** Which clocks run, and until when. */
  router(): string[] {
    return [...this.#open.values()]
      .map((deadline) => {
        const { term, jti } = readClockKey(deadline.key);
        return `${term} ${jti} ${momentsAt(term, clockworkOf(deadline)).at(-1)}`;
      })
      .sort();
  }

  adapter(): string[] {
    return openClocks(this.#adapter())
      .map(({ term, message, end }) => `${term} ${message} ${end}`)
      .sort();
  }

  /** The same, asked one by one. */
  oneByOne(): string[] {
    const rooms = this.#adapter();
    return this.#ids
      .flatMap((message) =>
        Object.keys(TERMS).flatMap(
          (term) => findClock(rooms, { term, sender: POLICE, message }) ?? [],
        ),
      )
      .filter(({ ended }) => ended === undefined)
      .map(({ term, message, end }) => `${term} ${message} ${end}`)
      .sort();
  }
}

test('whatever happens, both count the same clocks to the same moment', async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      const both = new Both();
      for (const act of all) {
        await both.act(act);
        assert.equal(both.adapter(), both.router(), JSON.stringify(all));
        assert.equal(both.oneByOne(), both.router(), JSON.stringify(all));
        most = Math.max(most, both.router().length);
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(most > 5, 'there was something to count');
});

const term = fc.constantFrom(...(Object.keys(TERMS) as TermId[]));
const begin = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2036, 0, 1) });

test('of every term, whenever begun and however often made longer: the same moments on both sides', () => {
  fc.assert(
    fc.property(term, begin, fc.integer({ min: 0, max: 4 }), (which, at, times) => {
      const extensions = 'verlenging' in TERMS[which] ? times : 0;
      const id = { term: which, sender: POLICE, message: newUuid7(at) };
      const row = { ...id, begin: at, extensions, ended: null, reminded: null };
      const moments = momentsAt(which, { begin: at, verlengd: extensions });
      const story = storyOf(adapterThatKnows(row, at), id);
      const shown = story?.momenten.map(({ op }) => Date.parse(op)) ?? [];
      assert.is(story && Date.parse(story.eind), moments.at(-1));
      assert.ok(
        moments.every((one) => shown.includes(Math.floor(one))),
        `${moments} ${shown}`,
      );
      const runs = Array.from({ length: extensions + 1 }, (_, verlengd) =>
        momentsAt(which, { begin: at, verlengd }).slice(0, -1),
      );
      assert.is(shown.length, new Set(runs.flat()).size + 1, 'and no other');
    }),
    { numRuns: 100 },
  );
});

/** One that holds nothing but what was said of one clock. */
const adapterThatKnows = (row: ClockRow, now: number): AdapterRooms =>
  ({
    clock: { now: () => now },
    store: {
      clocks: { get: () => row },
      reminders: { of: () => [] },
      actions: { of: () => [] },
      inbox: {
        ...{ ofType: () => [], corrections: () => [] },
        ...{ get: () => undefined, withdrawnBy: () => undefined },
      },
      outbox: { answerTo: () => undefined },
    },
  }) as unknown as AdapterRooms;

test.run();
