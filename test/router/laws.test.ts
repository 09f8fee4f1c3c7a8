/**
 * Laws of the whole path, tried on what nobody thought of: nothing but a documented code ever comes
 * back, and what is told of a copy always agrees with where the copy is.
 */
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { route } from '../../router/route.ts';
import { CODES, isCode } from '../../schemas/codes.ts';
import { STATES, type State, standing } from '../../schemas/states.ts';
import { noteOf } from '../town/note-of.ts';
import { type House, openHouse } from './house.ts';
import { accepted, type Player, refused } from './player.ts';

let house: House;
let police: Player;
let vt: Player;
test.before(async () => {
  house = await openHouse();
  [police, vt] = await Promise.all([house.agency('politie'), house.agency('vt')]);
});
test.after(() => house.stop());

const copies = (jti: string) => house.rooms.bus.log('MAILBOX').count(`mailbox.v1.*.*.*.${jti}`);

/** Offers bytes, and checks that the answer is a refusal by a documented code: no fault of ours. */
async function mustRefuse(jwe: Uint8Array): Promise<void> {
  const { code, status } = refused(
    await route(house.rooms, { jwe, peer: police.oin, prio: 'spoed' }),
  );
  assert.ok(isCode(code), code);
  assert.ok(isCode(code) && !CODES[code].retry && status < 500, code);
}

test('any bytes at all are refused by a documented code', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array(), fc.string().map(Buffer.from)), mustRefuse),
    { numRuns: 150 },
  );
});

test('a sealed message in which one character was changed is refused', async () => {
  const claims = police.claims();
  const jwe = await police.seal(await police.sign(claims));
  const changed = fc
    .tuple(fc.nat(jwe.length - 1), fc.constantFrom(...'AQgw_-.9z='))
    .map(([at, char]) => jwe.slice(0, at) + char + jwe.slice(at + 1))
    .filter((text) => text !== jwe);
  await fc.assert(
    fc.asyncProperty(changed, (text) => mustRefuse(Buffer.from(text))),
    { numRuns: 150 },
  );
  assert.is(await house.rooms.ids.find(police.oin, claims.jti), undefined);
});

test('whatever a known sender signs, the answer is yes or a documented no', async () => {
  const claim = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.nat(), fc.string());
  const names = Object.keys(police.claims({ aud: [], zaak: undefined as never }));
  const strange = fc.dictionary(fc.constantFrom(...names, 'more', '__proto__'), claim, {
    ...{ minKeys: 1, maxKeys: 4 },
  });
  await fc.assert(
    fc.asyncProperty(strange, async (given) => {
      const jws = await police.sign({ ...police.claims(), ...given });
      const jwe = Buffer.from(await police.seal(jws));
      const answer = await route(house.rooms, { jwe, peer: police.oin, prio: 'spoed' });
      if (!answer.ok) assert.ok(isCode(answer.problem.code) && answer.problem.status < 500);
    }),
    { numRuns: 150 },
  );
  assert.not.ok(house.lines.some(({ msg }) => msg === 'message failed'));
});

/** What can happen to one copy, in any order and any number of times. */
type Move = 'offer' | 'again' | State;
const MOVES: readonly Move[] = [
  ...(['offer', 'again', 'onleesbaar', 'afgeleverd', 'verwerkt', 'afgewezen'] as const),
];

test('whatever is stated and offered in whatever order, copy, sender and state agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...MOVES), { maxLength: 7 }), async (moves) => {
      const sent = await police.send({});
      const promise = accepted(sent).ontvangstbewijs;
      const stated: State[] = [];
      let [waits, news, last] = [true, 0, ''];
      for (const move of moves) {
        const settled = stated.some((state) => STATES[state].settles);
        if (move === 'offer') {
          assert.is(accepted(await police.offer(sent.jwe)).ontvangstbewijs, promise);
          waits = !settled;
        } else if (move === 'again') {
          // The last receipt once more: never news, and it takes no copy that was made since.
          if (last === '') continue;
          await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: last });
          if (settled && stated.at(-1) !== 'onleesbaar') waits = false;
        } else {
          last = await vt.receipt(sent.jws, move);
          const answer = await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: last });
          assert.is(answer.ok, true);
          if (!stated.includes(move) || !STATES[move].settles) news++;
          stated.push(move);
          waits = false;
        }
      }
      assert.is(await copies(sent.claims.jti), waits ? 1 : 0, `copy after ${moves}`);
      const status = await police.ask('status', {
        peer: police.oin,
        bewijs: await police.ticket(),
        bericht: sent.claims.jti,
      });
      const [copy] = (status.ok && status.value.ontvangers) || [];
      assert.is(copy?.staat, standing(distinct(stated)) ?? 'wacht', `state after ${moves}`);
      assert.is(await forwarded(), news, `news after ${moves}`);
    }),
    {
      numRuns: 40,
      examples: [
        [['onleesbaar', 'offer', 'again']],
        [['onleesbaar', 'offer', 'onleesbaar', 'offer', 'again']],
        [['verwerkt', 'onleesbaar', 'afgeleverd', 'offer']],
      ],
    },
  );
});

/** A state counts at its first word. */
const distinct = (states: readonly State[]): State[] => [...new Set(states)];

/** How many receipts lie in the mailbox of the police; they are seen and gone after this. */
async function forwarded(): Promise<number> {
  let count = 0;
  for (;;) {
    const { ontvangstbewijzen } = await police.collect({ maximum: 50 });
    if (ontvangstbewijzen.length === 0) return count;
    count += ontvangstbewijzen.length;
    await police.collect({ gezien: ontvangstbewijzen.map(noteOf) });
  }
}

test.run();
