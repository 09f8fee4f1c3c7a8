/**
 * Gone means gone from the disk: the files of a real broker are searched for the very bytes that were
 * stored. What still waits is found by the same search, so that the search is known to work.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { subjects } from '../../../router/bus/subjects.ts';
import { redrive } from '../../../router/deadletters/redrive.ts';
import { openLedger } from '../../../router/ledger.ts';
import { sweep } from '../../../router/retention/sweep.ts';
import type { Uuid7 } from '../../../schemas/ids.ts';
import { until } from '../../town/wait.ts';
import { type House, openHouse } from '../house.ts';
import { accepted, type Player } from '../player.ts';
import { filesWith, pieceOf } from './search.ts';

let house: House;
let police: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse();
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
});
test.after(() => house.stop());
test.after.each(() => {
  house.clock.ahead = 0;
});

/** Everything that the broker has on disk: streams, consumers, indexes, settings. */
const found = (...texts: string[]) =>
  filesWith(join(house.broker.dir, 'store'), ...texts.map(pieceOf));
const gone = (...texts: string[]) => assert.equal(found(...texts), []);

async function restart(): Promise<void> {
  await house.broker.kill();
  await house.broker.start();
  // The connections come back by themselves; the first request waits for them.
  await house.rooms.bus.log('MAILBOX').state();
}

/** The sealed copy as it lies in the mailbox. */
async function sealedCopy(id: Uuid7): Promise<string> {
  const subject = subjects.mailbox(vt.oin, 'spoed', police.oin, id);
  const stored = await house.rooms.bus.log('MAILBOX').last(subject);
  return Buffer.from(stored?.data ?? '').toString();
}

async function send() {
  const sent = await police.send({});
  accepted(sent);
  return { ...sent, id: sent.claims.jti, copy: await sealedCopy(sent.claims.jti) };
}

const deliver = async ({ jws }: { jws: string }) => {
  const ontvangstbewijs = await vt.receipt(jws, 'afgeleverd');
  // As its adapter does: until the router has it.
  await until('the receipt to be taken', async () => {
    const answer = await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs });
    return answer.ok;
  });
};

test('a delivered copy is nowhere in the files; one that waits is found; also after a crash', async () => {
  const [delivered, waiting] = [await send(), await send()];
  assert.is(found(delivered.copy).length, 1);
  assert.is(found(waiting.copy).length, 1);
  await deliver(delivered);
  gone(delivered.copy);
  assert.is(found(waiting.copy).length, 1);
  await restart();
  gone(delivered.copy);
  assert.is(found(waiting.copy).length, 1);
  await deliver(waiting);
  gone(delivered.copy, waiting.copy);
});

test('the submission as it came in, and the message in clear, are never in the files', async () => {
  const sent = await send();
  gone(sent.jwe, sent.jws, JSON.stringify(sent.claims.inhoud));
});

test('what a fall left behind is overwritten by the second line', async () => {
  const left = await send();
  const jws = await vt.receipt(left.jws, 'afgeleverd');
  await house.rooms.receipts.keep(police.oin, left.id, vt.oin, 'afgeleverd', jws);
  assert.is(found(left.copy).length, 1);
  house.clock.ahead = 11 * 60_000;
  await sweep(house.rooms, async () => true);
  gone(left.copy);
});

test('copies that were erased stay gone when the broker tidies its files up', async () => {
  // More than 8 MB, so that files are closed, and most of it erased, so that they are compacted.
  const { mailboxes } = house.rooms;
  const filled = Array.from({ length: 40 }, () => randomBytes(190_000).toString('base64url'));
  const texts: { id: Uuid7; text: string }[] = [];
  const { claims } = await police.send({});
  for (const [at, text] of filled.entries()) {
    const id = `${claims.jti.slice(0, -4)}${at.toString(16).padStart(4, '0')}` as Uuid7;
    const place = { recipient: vt.oin, prio: 'normaal', from: police.oin, id } as const;
    await mailboxes.store({ ...place, kind: 'aflevering', dig: 'x' as never, exp: 9e9 }, text);
    texts.push({ id, text });
  }
  const kept = texts.filter((_, at) => at % 10 === 0);
  const erased = texts.filter((_, at) => at % 10 !== 0);
  for (const { id } of erased)
    await mailboxes.erase({ recipient: vt.oin, prio: 'normaal', from: police.oin, id });
  gone(...erased.map(({ text }) => text));
  await restart();
  gone(...erased.map(({ text }) => text));
  for (const { text } of kept) assert.is(found(text).length, 1);
});

test('a dead letter that was redriven is overwritten; one that was not is found', async () => {
  const bus = house.broker.buses.admin;
  const ledger = await openLedger({ bus, clock: house.clock });
  const { deadletters } = house.rooms;
  const [first, second] = await Promise.all(
    [0, 1].map(async () => police.seal(await police.sign(police.claims()))),
  );
  const story = {
    peer: police.oin,
    prio: 'spoed',
    stage: 'seal',
    cause: 'Error',
    attempts: 3,
  } as const;
  for (const jwe of [first, second])
    await deadletters.park({ ...story, pile: 'ours' }, Buffer.from(jwe ?? ''));
  const [letter] = await house.parked();
  assert.ok(letter);
  assert.is(found(first ?? '').length, 1);
  const { outcome } = await redrive({ bus, ledger, deadletters }, letter, 'test');
  assert.is(outcome, 'accepted');
  gone(first ?? '');
  assert.is(found(second ?? '').length, 1);
  await restart();
  gone(first ?? '');
  assert.is(found(second ?? '').length, 1);
  ledger.stop();
});

test.run();
