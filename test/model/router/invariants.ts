/** What must be true after every step, whatever has happened. */
import * as assert from 'uvu/assert';
import { digestOf } from '../../../certs/digest.ts';
import type { KeptReceipt } from '../../../router/receipts.ts';
import { COPY_STATES, STATES, type State } from '../../../schemas/states.ts';
import { type Copy, type Message, type Model, RECIPIENTS, type Recipient } from './model.ts';
import { oinOf, type Waiting, type World } from './world.ts';

export async function checkAll(model: Model, world: World): Promise<void> {
  const waiting = await world.waiting();
  checkMailboxes(model, world, waiting);
  const mail = waiting.filter((one) => one.recipient === world.sender.oin).map(({ text }) => text);
  for (const message of model.messages) {
    const receipts = await world.keptOf(message);
    for (const name of RECIPIENTS) {
      const copy = message.copies.get(name);
      const own = receipts.filter((one) => one.copy === oinOf(name));
      const there = waiting.filter(
        (one) => one.recipient === oinOf(name) && one.id === message.jti,
      );
      if (copy === undefined) continue;
      const about = `${message.name} for ${name}`;
      checkCopy(about, copy, there, own);
      checkTold(about, message, name, { world, mail, own });
      if (message.answer?.ok)
        checkNeither(about, copy, there.length > 0 || own.length > 0, [...mail, ...world.told]);
    }
  }
}

/** No copy for who was not addressed, none of what was refused, never two, and no receipt for a receipt. */
function checkMailboxes(model: Model, world: World, waiting: readonly Waiting[]): void {
  for (const one of waiting) {
    if (one.recipient === world.sender.oin) {
      assert.is(one.kind, 'ontvangstbewijs', 'the sender is given receipts only');
      continue;
    }
    assert.is(one.kind, 'aflevering', 'who received a message is given no receipt about a receipt');
    const message = model.messages.find(({ jti }) => jti === one.id);
    assert.ok(message, 'a copy of a message that nobody sent');
    assert.not.ok(message.bad, `${message.name} was refused and lies in a mailbox`);
    const to = message.to.map(oinOf);
    assert.ok(to.includes(one.recipient), `${message.name} lies with one who was not addressed`);
    assert.is(one.dig, digestOf(message.jws), `${message.name} is another message`);
    const twice = waiting.filter((b) => b.recipient === one.recipient && b.id === one.id);
    assert.is(twice.length, 1, `${message.name} lies there twice`);
  }
}

/** The copy lies where the model says, and what is kept is what was stated. */
function checkCopy(
  about: string,
  copy: Copy,
  there: readonly Waiting[],
  own: readonly KeptReceipt[],
): void {
  const isThere = there.length > 0;
  if (copy.waits === 'maybe') copy.waits = isThere;
  assert.is(isThere, copy.waits, `${about}: whether a copy waits`);
  const kept = own.map(({ state }) => state);
  for (const state of copy.stated) assert.ok(kept.includes(state), `${about}: ${state} was lost`);
  for (const state of kept) {
    const isStated = copy.stated.has(state) || copy.maybe.delete(state);
    assert.ok(isStated, `${about}: nobody stated ${state}`);
    copy.stated.add(state);
  }
}

/** What is kept never changes, and is told to the sender: it has it, or it lies in its mailbox. */
function checkTold(
  about: string,
  message: Message,
  name: Recipient,
  seen: { world: World; mail: readonly string[]; own: readonly KeptReceipt[] },
): void {
  const { world, mail, own } = seen;
  for (const { state, jws } of own) {
    const key = `${message.jti} ${name} ${state}`;
    if (STATES[state].settles) {
      const first = world.kept.get(key) ?? jws;
      assert.is(jws, first, `${about}: the receipt ${state} was replaced`);
      world.kept.set(key, first);
    }
    const isTold = world.told.has(jws) || mail.includes(jws);
    assert.ok(isTold, `${about}: ${state} never reached the sender`);
  }
  for (const known of COPY_STATES) {
    const was = world.kept.has(`${message.jti} ${name} ${known}`);
    if (was) assert.ok(has(own, known), `${about}: went back from ${known}`);
  }
}

const has = (own: readonly KeptReceipt[], state: State): boolean =>
  own.some((one) => one.state === state);

/** Accepted: the copy waits, or the sender is told what became of it. A copy that somebody took away is made again. */
function checkNeither(about: string, copy: Copy, isThere: boolean, told: readonly string[]): void {
  const isTold = copy.receipts.some(({ jws }) => told.includes(jws));
  const isSomewhere = isThere || isTold || copy.lost;
  assert.ok(isSomewhere, `${about}: neither does a copy wait nor is anything told`);
}
