/** What may happen between two adapters, and what must be true after it. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { post } from '../../../adapters/outlet.ts';
import { type Settlement, settle } from '../../../adapters/settle.ts';
import type { SentState } from '../../../schemas/sent.ts';
import { maySentFollow } from '../../../schemas/sent.ts';
import { contradictionsOf, isState, standing } from '../../../schemas/states.ts';
import { report } from '../../adapters/stand.ts';
import { type Model, type Name, POLICE, VT, type World } from './world.ts';

const WHO = { medewerker: 'M. Testerink' };

type Act = (model: Model, world: World) => Promise<string>;

/** One step; the act says what it did. */
class Step implements fc.AsyncCommand<Model, World> {
  readonly #may: (model: Readonly<Model>) => boolean;
  readonly #act: Act;
  #said = '';
  constructor(act: Act, may: (model: Readonly<Model>) => boolean = () => true) {
    [this.#act, this.#may] = [act, may];
  }
  check = (model: Readonly<Model>): boolean => this.#may(model);
  async run(model: Model, world: World): Promise<void> {
    this.#said = await this.#act(model, world);
    checkSender(model, world);
    checkRecipient(model, world);
  }
  toString = (): string => `\n  ${this.#said}`;
}

/** Only forward, as the tables have it; under the ids that were handed in and no others. */
export function checkSender(model: Model, world: World): void {
  const store = world.rooms('politie')?.store;
  if (store === undefined) return;
  const rows = store.outbox.list({ state: null, before: null, limit: 1000 });
  const mine = rows.filter(({ jti }) => model.sent.includes(jti));
  assert.is(mine.length, model.sent.length, 'what was handed in is there');
  for (const { jti, state } of mine) {
    move(model, `${jti}`, state, (from, to) => maySentFollow(from as SentState, to as SentState));
    for (const { state: copy } of store.outbox.recipients(jti)) {
      if (copy !== null)
        move(
          model,
          `${jti} copy`,
          copy,
          (from, to) => isState(from) && standing([from, copy]) === to,
        );
    }
  }
}

function move(model: Model, key: string, to: string, may: (from: string, to: string) => boolean) {
  const from = model.seen.get(key) ?? to;
  // Between two looks a message may have gone two steps.
  const isOn = from === to || may(from, to) || (from === 'ingediend' && to !== 'ingediend');
  assert.ok(isOn, `${key} went from ${from} to ${to}`);
  model.seen.set(key, to);
}

/** One receipt for each fact, however often the message came. */
export function checkRecipient(model: Model, world: World): void {
  const store = world.rooms('vt')?.store;
  if (store === undefined) return;
  for (const jti of model.sent) {
    const replies = store.replies.of(POLICE, jti);
    for (const { state, digest } of replies) {
      const key = `${jti} ${state}`;
      const first = model.signed.get(key) ?? digest;
      assert.is(digest, first, `${state} of ${jti} was signed twice`);
      model.signed.set(key, first);
      const others = contradictionsOf(state).filter((one) => replies.some((r) => r.state === one));
      assert.equal(others, [], `${jti} is ${state} and ${others}`);
    }
    const isThere = store.inbox.get(POLICE, jti) !== undefined;
    assert.ok(isThere || replies.length === 0, `${jti} was answered for and is not there`);
  }
}

const isUp = (name: Name) => (model: Readonly<Model>) => model.up.has(name);

const send: Act = async (model, world) => {
  const rooms = world.rooms('politie');
  if (rooms === undefined) return '';
  const { bericht } = await post(rooms, report({ aan: [VT], prio: 'spoed' }));
  model.sent.push(bericht);
  return `the police hands in message ${model.sent.length}`;
};

const restart =
  (name: Name): Act =>
  async (model, world) => {
    if (model.up.has(name)) {
      await world.stop(name);
      model.up.delete(name);
      return `the adapter of ${name} stops`;
    }
    await world.start(name);
    model.up.add(name);
    return `the adapter of ${name} starts`;
  };

const fail =
  (how: 'cut' | 'mute', count: number): Act =>
  async (_, world) => {
    world.failing = { how, count };
    const what = how === 'cut' ? 'do not arrive' : 'arrive and their answers are lost';
    return `the next ${count} offers ${what}`;
  };

const pass =
  (seconds: number): Act =>
  async (_, world) => {
    await world.later(seconds);
    return `${seconds} seconds pass`;
  };

const forget: Act = async (_, world) => {
  world.stand.door.router.records.clear();
  return 'the router loses all records';
};

const steal =
  (count: number): Act =>
  async (_, world) => {
    world.stand.door.router.mail.stolen = count;
    return `somebody else takes the next ${count} receipts out of the mailbox of the police`;
  };

const again: Act = async (_, world) => {
  world.stand.door.router.mail.giveAgain();
  return 'all leases are over: what was not acknowledged is given again';
};

const redeliver =
  (n: number): Act =>
  async (model, world) => {
    const { router } = world.stand.door;
    const record = router.records.get(model.sent[n % model.sent.length] ?? '');
    if (record === undefined) return 'nothing is delivered twice';
    await router.deliver(record.jws, VT);
    return `message ${(n % model.sent.length) + 1} is delivered to vt once more`;
  };

const decide =
  (n: number, state: 'verwerkt' | 'afgewezen'): Act =>
  async (model, world) => {
    const rooms = world.rooms('vt');
    const jti = model.sent[n % model.sent.length] ?? '';
    if (rooms?.store.inbox.get(POLICE, jti) === undefined) return 'vt has nothing to decide';
    const by = { ...WHO, toelichting: 'x' };
    const settlement: Settlement =
      state === 'afgewezen'
        ? { state, action: 'afgewezen', by, code: 'not-processable' }
        : { state, action: 'overgenomen', by };
    const changed = await settle(rooms, { sender: POLICE, jti }, settlement).catch(() => false);
    const decided = model.decided.get(jti);
    assert.is(changed, decided === undefined, 'once said it stands');
    if (changed) model.decided.set(jti, state);
    return `vt says ${state} of message ${(n % model.sent.length) + 1}${changed ? '' : ', again'}`;
  };

const some = (model: Readonly<Model>): boolean => model.sent.length > 0;
const always = (act: Act) => fc.constant(null).map(() => new Step(act));
const n = fc.nat(5);

export const COMMANDS: fc.Arbitrary<fc.AsyncCommand<Model, World>>[] = [
  fc.constant(null).map(() => new Step(send, (m) => m.up.has('politie') && m.sent.length < 4)),
  fc.constantFrom<Name>('politie', 'vt').map((name) => new Step(restart(name))),
  fc
    .tuple(fc.constantFrom('cut' as const, 'mute' as const), fc.integer({ min: 1, max: 3 }))
    .map(([how, count]) => new Step(fail(how, count))),
  fc.constantFrom(2, 15, 40, 700).map((seconds) => new Step(pass(seconds))),
  fc.constantFrom(2, 15, 40, 700).map((seconds) => new Step(pass(seconds))),
  always(forget),
  fc.integer({ min: 1, max: 3 }).map((count) => new Step(steal(count))),
  always(again),
  n.map((which) => new Step(redeliver(which), some)),
  fc
    .tuple(n, fc.constantFrom('verwerkt' as const, 'afgewezen' as const))
    .map(([which, state]) => new Step(decide(which, state), (m) => some(m) && isUp('vt')(m))),
];
