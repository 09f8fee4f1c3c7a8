/** What may happen to messages: each command does it to the router and to the model, then compares all. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { digestOf } from '../../../certs/digest.ts';
import { readJws } from '../../../certs/verify.ts';
import type { RouteAnswer } from '../../../router/questions.ts';
import { toUrn } from '../../../schemas/ids.ts';
import { STATES, type State } from '../../../schemas/states.ts';
import { TYP } from '../../../schemas/typ.ts';
import { body } from '../../router/player.ts';
import { noteOf } from '../../town/note-of.ts';
import { type Fall, tellFall } from './falls.ts';
import { checkAll } from './invariants.ts';
import {
  acceptCopies,
  type Copy,
  count,
  doubtCopies,
  hasEnded,
  isSettled,
  type Message,
  type Model,
  newCopy,
  RECIPIENTS,
  type Recipient,
} from './model.ts';
import { oinOf, type World } from './world.ts';

const LIFE_S = 600;
const MOST_AHEAD_MS = 3 * 3_600_000;

abstract class Step implements fc.AsyncCommand<Model, World> {
  /** Said when it has run, with the names of what it was done to. */
  protected said = '';
  abstract check(model: Readonly<Model>): boolean;
  protected abstract act(model: Model, world: World): Promise<void>;
  async run(model: Model, world: World): Promise<void> {
    await this.act(model, world);
    await checkAll(model, world);
  }
  toString(): string {
    return `\n  ${this.said || this.constructor.name}`;
  }
}

const pick = <T>(from: readonly T[], n: number): T | undefined => from[n % from.length];

export class Send extends Step {
  readonly #given: { to: readonly Recipient[]; bad: boolean; fall: Fall | undefined };
  constructor(given: { to: readonly Recipient[]; bad: boolean; fall: Fall | undefined }) {
    super();
    this.#given = given;
  }
  check = (model: Readonly<Model>): boolean => model.messages.length < 3;
  async act(model: Model, world: World): Promise<void> {
    const { to, bad, fall } = this.#given;
    const { sender } = world;
    const claims = sender.claims({
      ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f' },
      ...{ aud: to.map((name) => toUrn(oinOf(name))), exp: model.now() + LIFE_S },
      ...{ inhoud: body('check-op-bekendheid', 'zsm'), versie: bad ? '9.9' : '1.0' },
    });
    const name = String.fromCharCode(65 + model.messages.length);
    const message: Message = {
      ...{ name, jti: claims.jti, jws: await sender.sign(claims), exp: claims.exp, bad, to },
      ...{ answer: undefined, begun: false },
      copies: new Map(to.map((one) => [one, newCopy()])),
    };
    model.messages.push(message);
    this.said = `${name}${bad ? ', which is not allowed,' : ''} is sent to ${to.join(', ')}${tellFall(fall)}`;
    await offer(model, world, message, fall);
  }
}

export class Again extends Step {
  readonly #which: number;
  readonly #fall: Fall | undefined;
  constructor(which: number, fall: Fall | undefined) {
    super();
    [this.#which, this.#fall] = [which, fall];
  }
  check = (model: Readonly<Model>): boolean => model.messages.length > 0;
  async act(model: Model, world: World): Promise<void> {
    const message = pick(model.messages, this.#which);
    if (message === undefined) return;
    this.said = `${message.name} is offered again${tellFall(this.#fall)}`;
    await offer(model, world, message, this.#fall);
  }
}

async function offer(model: Model, world: World, message: Message, fall?: Fall): Promise<void> {
  const jwe = await world.sender.seal(message.jws);
  const { value, fell } = await world.falling(fall, () => world.sender.offer(jwe));
  const ended = hasEnded(model, message);
  if (fell) {
    assert.is(value.ok ? 'yes' : value.problem.code, 'temporarily-unavailable');
    if (!message.bad && !(ended && message.answer)) doubtCopies(message);
  } else judge(message, value, ended);
  message.begun = true;
}

/** The first answer stands for good, byte for byte. */
function judge(message: Message, answer: RouteAnswer, ended: boolean): void {
  const { name, bad, begun, answer: first } = message;
  if (first === undefined) {
    const code = answer.ok ? 'accepted' : answer.problem.code;
    const possible = bad || ended ? [bad ? 'type-unknown' : 'stale', 'stale'] : ['accepted'];
    if (ended && begun && !bad) possible.push('accepted');
    assert.ok(possible.includes(code), `${name} is ${code}, and should be ${possible}`);
    message.answer = answer;
    if (answer.ok) acceptCopies(message, ended, true);
    if (answer.ok && ended) for (const copy of message.copies.values()) doubt(copy);
    if (!answer.ok) for (const copy of message.copies.values()) copy.waits = false;
    return;
  }
  if (first.ok && answer.ok) {
    assert.is(answer.value.ontvangstbewijs, first.value.ontvangstbewijs, `${name}: receipt`);
    assert.equal(answer.value.ontvangers, first.value.ontvangers, `${name}: recipients`);
    acceptCopies(message, ended, false);
    return;
  }
  assert.equal(answer, first, `${name}: the answer to a duplicate`);
}

function doubt(copy: Copy): void {
  if (copy.waits === true) copy.waits = 'maybe';
}

export class Other extends Step {
  readonly #which: number;
  constructor(which: number) {
    super();
    this.#which = which;
  }
  check = (model: Readonly<Model>): boolean =>
    pick(model.messages, this.#which)?.answer !== undefined;
  async act(model: Model, world: World): Promise<void> {
    const message = pick(model.messages, this.#which);
    if (message === undefined) return;
    this.said = `another message is offered under the id of ${message.name}`;
    const { claims } = readJws(message.jws, TYP.message);
    const other = await world.sender.sign({ ...claims, versie: '1.0', exp: message.exp + 1 });
    const answer = await world.sender.offer(await world.sender.seal(other));
    assert.is(answer.ok ? 'accepted' : answer.problem.code, 'id-reused');
  }
}

export class Collect extends Step {
  readonly #by: Recipient;
  constructor(by: Recipient) {
    super();
    this.#by = by;
  }
  check = (): boolean => true;
  async act(model: Model, world: World): Promise<void> {
    this.said = `${this.#by} collects and says nothing`;
    await collect(model, world, this.#by);
  }
}

async function collect(model: Model, world: World, by: Recipient): Promise<void> {
  const player = world.recipients[by];
  if (model.suspended.has(by)) {
    const refusal = await player.collect({ maximum: 50 }).then(
      () => 'given',
      (error: Error) => error.message,
    );
    return assert.is(refusal, 'not-authorised');
  }
  const { afleveringen } = await player.collect({ maximum: 50 });
  const given = new Set<string>();
  for (const { bericht, inhoud } of afleveringen) {
    const message = model.messages.find(({ jti }) => jti === bericht);
    const copy = message?.copies.get(by);
    assert.ok(message && copy, 'a copy that is not for this one');
    assert.ok(!given.has(bericht), `${message.name} is given twice at once`);
    given.add(bericht);
    assert.is((await player.open(inhoud)).jws, message.jws, `${message.name}: the bytes`);
    [copy.opened, copy.onLoan] = [true, true];
  }
  for (const { name, jti, copies } of model.messages) {
    const copy = copies.get(by);
    if (copy?.waits === true && !copy.onLoan) assert.ok(given.has(jti), `${name} is not given`);
  }
}

interface Stating {
  readonly which: number;
  readonly by: number;
  readonly state: State;
  /** The same bytes as the last time, when there was one. */
  readonly same: boolean;
  readonly fall: Fall | undefined;
}

interface Found {
  readonly message: Message;
  readonly by: Recipient;
  readonly copy: Copy;
  readonly state: State;
}

export class Tell extends Step {
  readonly #given: Stating;
  constructor(given: Stating) {
    super();
    this.#given = given;
  }
  protected find(model: Readonly<Model>): Found | undefined {
    const message = pick(model.messages, this.#given.which);
    const by = message && pick(message.to, this.#given.by);
    const copy = by && message.copies.get(by);
    return message && by && copy ? { message, by, copy, state: this.#given.state } : undefined;
  }
  check = (model: Readonly<Model>): boolean => {
    const found = this.find(model);
    if (found === undefined) return false;
    const { copy, by } = found;
    return copy.opened || (copy.waits === true && !copy.onLoan && !model.suspended.has(by));
  };
  async act(model: Model, world: World): Promise<void> {
    const found = this.find(model);
    if (found === undefined) return;
    const { message, by, copy, state } = found;
    const { same, fall } = this.#given;
    if (!copy.opened) await collect(model, world, by);
    const before = same ? copy.receipts.findLast((one) => one.state === state) : undefined;
    this.said = `${by} states ${state} of ${message.name}${before ? ', the same receipt again' : ''}${tellFall(fall)}`;
    const player = world.recipients[by];
    const dig = state === 'onleesbaar' ? { fact: { dig: digestOf(`a JWE for ${by}`) } } : {};
    const jws = before?.jws ?? (await player.receipt(message.jws, state, dig));
    const ask = { peer: player.oin, ontvangstbewijs: jws };
    const { value, fell } = await world.falling(fall, () => player.ask('receipt', ask));
    const receipt = before ?? { state, jws, owed: true };
    if (before === undefined) copy.receipts.push(receipt);
    const known = message.answer?.ok === true;
    if (fell || (!value.ok && !known)) return this.#leave(copy, state, fell);
    assert.ok(value.ok, `${message.name}: ${value.ok ? '' : value.problem.code}`);
    // Whether it had got into the stream before the fall, and the copy is a newer one, is not known.
    const unsure = before?.owed === true && state === 'onleesbaar' && copy.waits !== false;
    count(copy, state, receipt.owed);
    if (unsure) copy.waits = 'maybe';
    receipt.owed = false;
  }
  #leave(copy: Copy, state: State, fell: boolean): void {
    if (!fell) return;
    if (!copy.stated.has(state)) copy.maybe.add(state);
    if (copy.waits === true) copy.waits = 'maybe';
  }
}

/** Somebody at the recipient thinks better of it: the other final word, of a copy that has one. */
export class Contradict extends Tell {
  protected override find({ messages }: Readonly<Model>): Found | undefined {
    for (const message of messages) {
      for (const [by, copy] of message.copies) {
        if (copy.stated.has('verwerkt')) return { message, by, copy, state: 'afgewezen' };
        if (copy.stated.has('afgewezen')) return { message, by, copy, state: 'verwerkt' };
      }
    }
    return undefined;
  }
}

export class TellByStranger extends Step {
  readonly #which: number;
  constructor(which: number) {
    super();
    this.#which = which;
  }
  check = (model: Readonly<Model>): boolean => model.messages.length > 0;
  async act(model: Model, world: World): Promise<void> {
    const message = pick(model.messages, this.#which);
    if (message === undefined) return;
    this.said = `one who was not addressed states afgeleverd of ${message.name}`;
    const { stranger } = world;
    const ontvangstbewijs = await stranger.receipt(message.jws, 'afgeleverd');
    const answer = await stranger.ask('receipt', { peer: stranger.oin, ontvangstbewijs });
    assert.is(answer.ok ? 'accepted' : answer.problem.code, 'receipt-invalid');
  }
}

export class Lose extends Step {
  readonly #which: number;
  readonly #by: number;
  constructor(which: number, by: number) {
    super();
    [this.#which, this.#by] = [which, by];
  }
  check = (model: Readonly<Model>): boolean => model.messages.length > 0;
  async act(model: Model, world: World): Promise<void> {
    const message = pick(model.messages, this.#which);
    const by = message && pick(message.to, this.#by);
    const copy = by && message.copies.get(by);
    if (!message || !by || !copy) return;
    this.said = `the copy of ${message.name} for ${by} is lost from the mailbox`;
    const place = { recipient: oinOf(by), prio: 'spoed', from: world.sender.oin } as const;
    await world.rooms.mailboxes.erase({ ...place, id: message.jti });
    if (copy.waits !== false) [copy.lost, copy.waits, copy.onLoan] = [true, false, false];
  }
}

export class Listen extends Step {
  readonly #sees: boolean;
  constructor(sees: boolean) {
    super();
    this.#sees = sees;
  }
  check = (): boolean => true;
  async act(_: Model, world: World): Promise<void> {
    this.said = `the sender takes its receipts${this.#sees ? '' : ', and falls before it says so'}`;
    const { ontvangstbewijzen } = await world.sender.collect({ maximum: 50 });
    if (!this.#sees) return;
    for (const jws of ontvangstbewijzen) world.told.add(jws);
    await world.sender.collect({ gezien: ontvangstbewijzen.map(noteOf) });
  }
}

export class Pass extends Step {
  check = (): boolean => true;
  async act(_: Model, world: World): Promise<void> {
    this.said = 'eleven minutes pass';
    if (world.house.clock.ahead < MOST_AHEAD_MS) world.house.clock.ahead += 660_000;
  }
}

export class Sweep extends Step {
  readonly #fall: Fall | undefined;
  constructor(fall: Fall | undefined) {
    super();
    this.#fall = fall;
  }
  check = (): boolean => true;
  async act(model: Model, world: World): Promise<void> {
    this.said = `the router tells of what was not collected${tellFall(this.#fall)}`;
    for (const message of model.messages) {
      if (!hasEnded(model, message)) continue;
      const { value: failed, fell } = await world.falling(this.#fall, () => world.sweep(message));
      assert.is(failed, fell);
      for (const copy of message.copies.values()) sweepCopy(message, copy, fell);
    }
  }
}

/** What was accepted is told of, also when its copy was lost; what was not, only when a copy lies there. */
function sweepCopy({ answer }: Message, copy: Copy, fell: boolean): void {
  if (!answer?.ok && copy.waits === false) return;
  if (!isSettled(copy)) (fell ? copy.maybe : copy.stated).add('onbestelbaar');
  copy.waits = fell && copy.waits !== false ? 'maybe' : false;
}

export class Restart extends Step {
  check = (): boolean => true;
  async act(_: Model, world: World): Promise<void> {
    this.said = 'the pipeline is restarted';
    await world.restart();
  }
}

export class Suspend extends Step {
  readonly #who: Recipient;
  constructor(who: Recipient) {
    super();
    this.#who = who;
  }
  check = (): boolean => true;
  async act(model: Model, world: World): Promise<void> {
    const suspended = !model.suspended.has(this.#who);
    this.said = `${this.#who} is ${suspended ? 'suspended' : 'active again'}`;
    await world.suspend(this.#who, suspended);
    if (suspended) model.suspended.add(this.#who);
    else model.suspended.delete(this.#who);
  }
}

/** What a recipient may state of its copy. */
const STATED = (Object.keys(STATES) as State[]).filter((one) => STATES[one].by === 'recipient');

const which = fc.nat(11);
const fall = fc.option(fc.record({ at: fc.integer({ min: 1, max: 13 }), done: fc.boolean() }), {
  nil: undefined,
  freq: 3,
});
const sometimes = fc.option(fall, { nil: undefined, freq: 2 });
const to = fc.subarray([...RECIPIENTS], { minLength: 1 });
const mostly = fc.nat(7).map((n) => n === 7);

const telling = fc.record({
  ...{ which, by: which, same: fc.boolean(), fall: sometimes },
  state: fc.constantFrom(...STATED),
});

export const COMMANDS: fc.Arbitrary<fc.AsyncCommand<Model, World>>[] = [
  fc.record({ to, bad: mostly, fall }).map((given) => new Send(given)),
  fc.record({ to, bad: mostly, fall }).map((given) => new Send(given)),
  fc.tuple(which, sometimes).map(([n, how]) => new Again(n, how)),
  fc.tuple(which, sometimes).map(([n, how]) => new Again(n, how)),
  which.map((n) => new Other(n)),
  fc.constantFrom(...RECIPIENTS).map((by) => new Collect(by)),
  telling.map((given) => new Tell(given)),
  telling.map((given) => new Tell(given)),
  telling.map((given) => new Tell(given)),
  telling.map((given) => new Contradict(given)),
  which.map((n) => new TellByStranger(n)),
  fc.tuple(which, which).map(([n, by]) => new Lose(n, by)),
  fc.boolean().map((sees) => new Listen(sees)),
  fc.constant(null).map(() => new Pass()),
  sometimes.map((how) => new Sweep(how)),
  fc.constant(null).map(() => new Restart()),
  fc.constantFrom(...RECIPIENTS).map((who) => new Suspend(who)),
];
