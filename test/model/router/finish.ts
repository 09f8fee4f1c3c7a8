/**
 * The end of every story: nothing falls any more. What was begun is offered again, who was suspended
 * is active, everybody collects and answers. Then each message is with each recipient, or its sender knows.
 */
import * as assert from 'uvu/assert';
import { readJws } from '../../../certs/verify.ts';
import { readFact } from '../../../router/receipts/read-fact.ts';
import { toUrn } from '../../../schemas/ids.ts';
import { contradictionsOf, STATES, standing } from '../../../schemas/states.ts';
import { TYP } from '../../../schemas/typ.ts';
import { until } from '../../town/wait.ts';
import { Again, Listen, Sweep, Tell } from './commands.ts';
import { hasEnded, isSettled, type Message, type Model } from './model.ts';
import { oinOf, type World } from './world.ts';

export async function finish(model: Model, world: World): Promise<void> {
  for (const name of [...model.suspended]) await world.suspend(name, false);
  model.suspended.clear();
  await offerAll(model, world);
  await sayWhatIsOwed(model, world);
  // As the outbox does when a copy could not be read.
  await offerAll(model, world);
  await new Sweep(undefined).run(model, world);
  await answerAll(model, world);
  // What was taken and not seen comes again when its lease is over.
  await until('the sender to have heard everything', async () => {
    await new Listen(true).run(model, world);
    return (await world.waiting()).every(({ recipient }) => recipient !== world.sender.oin);
  });
  for (const message of model.messages) {
    if (message.answer?.ok) await checkKnown(model, world, message);
  }
}

async function offerAll(model: Model, world: World): Promise<void> {
  for (const index of model.messages.keys()) await new Again(index, undefined).run(model, world);
}

/** Recipients offer every receipt again that was not answered with a yes. */
async function sayWhatIsOwed(model: Model, world: World): Promise<void> {
  for (const [which, message] of model.messages.entries()) {
    if (!message.answer?.ok) continue;
    for (const [by, name] of message.to.entries()) {
      const owed = (message.copies.get(name)?.receipts ?? []).filter((one) => one.owed);
      for (const state of new Set(owed.map((one) => one.state)))
        await new Tell({ which, by, state, same: true, fall: undefined }).run(model, world);
    }
  }
}

/** Every copy that waits is given, once its lease is over; its recipient answers for it. */
async function answerAll(model: Model, world: World): Promise<void> {
  for (const [which, message] of model.messages.entries()) {
    for (const [by, name] of message.to.entries()) {
      const copy = message.copies.get(name);
      if (copy?.waits !== true) continue;
      if (!copy.opened) await openLate(world, message, name);
      copy.opened = true;
      const state = 'afgeleverd';
      await new Tell({ which, by, state, same: false, fall: undefined }).run(model, world);
      assert.is(copy.waits as boolean, false);
    }
  }
}

async function openLate(world: World, message: Message, name: Message['to'][number]) {
  const player = world.recipients[name];
  await until(`${message.name} for ${name}`, async () => {
    const { afleveringen } = await player.collect({ maximum: 50 });
    const found = afleveringen.find(({ bericht }) => bericht === message.jti);
    return found && (await player.open(found.inhoud)).jws === message.jws;
  });
}

/** Settled, or past its end with a copy that was taken away: then the clock of the sender tells it. */
async function checkKnown(model: Model, world: World, message: Message): Promise<void> {
  const bewijs = await world.sender.ticket();
  const asked = { peer: world.sender.oin, bewijs, bericht: message.jti };
  const status = await world.sender.ask('status', asked);
  assert.ok(status.ok);
  const receipts = await world.sender.ask('receipts', asked);
  assert.ok(receipts.ok && message.answer?.ok);
  assert.is(receipts.value.ontvangstbewijzen[0], message.answer.value.ontvangstbewijs);
  for (const [name, copy] of message.copies) {
    const about = `${message.name} for ${name}`;
    const lost = copy.lost && hasEnded(model, message);
    assert.ok(isSettled(copy) || lost, `${about} is not settled`);
    const own = [...world.told]
      .map((jws) => ({ ...readFact(jws), by: readJws(jws, TYP.receipt).claims['iss'] }))
      .filter(({ bericht }) => bericht === message.jti)
      .filter(({ ontvanger, by }) => (ontvanger ?? by) === toUrn(oinOf(name)));
    for (const state of copy.stated) {
      const heard = own.some((fact) => fact.staat === state);
      assert.ok(heard, `${about}: the sender has not heard ${state}`);
    }
    const staat = status.value.ontvangers.find(({ oin }) => oin === oinOf(name))?.staat;
    assert.is(staat, standing([...copy.stated]) ?? 'wacht', `${about}: what the router says`);
  }
  await checkFlags(world, message);
}

/** Of two words that cannot both be true the later one is flagged in the ledger. */
async function checkFlags(world: World, message: Message): Promise<void> {
  const entries = (await world.entries('ontvangstbewijs')).filter(
    (entry) => entry['bericht'] === message.jti,
  );
  for (const [name, { stated }] of message.copies) {
    const own = entries.filter((entry) => entry['ontvanger'] === oinOf(name));
    const flagged = own.some((entry) => entry['strijdig'] === true);
    const contradicts = [...stated].some((one) =>
      contradictionsOf(one).some((other) => stated.has(other)),
    );
    assert.is(flagged, contradicts, `${message.name} for ${name}: flagged in the ledger`);
    const settling = [...stated].filter((one) => STATES[one].settles);
    for (const state of settling)
      assert.ok(
        own.some((entry) => entry['staat'] === state),
        `${message.name}: ${state} is not in the ledger`,
      );
  }
}
