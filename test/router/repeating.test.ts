/** The same message again: what was accepted is accepted once, what was refused stays refused. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { route } from '../../router/route.ts';
import { toUrn } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { changing, type House, openHouse } from './house.ts';
import { accepted, body, refused } from './player.ts';

let house: House;
test.before(async () => {
  house = await openHouse();
});
test.after(() => house.stop());

const copies = (jti: string) => house.rooms.bus.log('MAILBOX').count(`mailbox.v1.*.*.*.${jti}`);

test('offered again, sealed anew or not, it gives the same receipt and no second copy', async () => {
  const police = await house.agency('politie');
  const sent = await police.send({});
  const first = accepted(sent);
  for (const jwe of [sent.jwe, await police.seal(sent.jws)]) {
    const again = accepted(await police.offer(jwe));
    assert.equal(again, { ...first, herhaald: true });
  }
  assert.is(await copies(sent.claims.jti), 1);
});

test('twenty at once, over two pipelines, give one delivery and one receipt', async () => {
  const police = await house.agency('politie');
  const other = await house.pipeline();
  const jws = await police.sign(police.claims());
  const jwes = await Promise.all(Array.from({ length: 20 }, () => police.seal(jws)));
  const answers = (await Promise.all(jwes.map((jwe) => police.offer(jwe)))).map(accepted);
  assert.is(new Set(answers.map(({ ontvangstbewijs }) => ontvangstbewijs)).size, 1);
  assert.is(await copies(answers[0]?.bericht ?? ''), 1);
  await other.stop();
});

test('the same id for another message is a conflict, whatever became of the first', async () => {
  const police = await house.agency('politie');
  const good = await police.send({});
  const bad = await police.send({ versie: '9.9' });
  for (const { claims } of [good, bad]) {
    const problem = refused(await police.send({ ...claims, exp: claims.exp + 1, versie: '1.0' }));
    assert.equal([problem.code, problem.status], ['id-reused', 409]);
  }
  accepted(await police.offer(good.jwe));
  assert.is(refused(await police.offer(bad.jwe)).code, 'type-unknown');
});

test('the same id of another sender is another message', async () => {
  const [police, zwb] = [await house.agency('politie'), await house.agency('politieZwb')];
  const { claims } = await police.send({});
  const sent = await zwb.send({ ...claims, iss: toUrn(zwb.oin) });
  assert.is(accepted(sent).herhaald, false);
});

test('a duplicate of a refused message gets that same refusal, also when it would now be allowed', async () => {
  const police = await house.agency('politie');
  await house.register(changing(police.oin, (draft) => ({ ...draft, status: 'geschorst' })));
  const sent = await police.send({});
  const first = refused(sent);
  assert.is(first.code, 'not-authorised');
  await house.register(changing(police.oin, (draft) => ({ ...draft, status: 'actief' })));
  const again = refused(await police.offer(await police.seal(sent.jws)));
  assert.equal(again, first);
  assert.is(await copies(sent.claims.jti), 0);
});

test('a copy that was lost is sealed and stored again, under the same receipt', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  const { mailboxes } = house.rooms;
  const place = {
    recipient: vt.oin,
    prio: 'spoed',
    from: police.oin,
    id: sent.claims.jti,
  } as const;
  await mailboxes.erase(place);
  const again = accepted(await police.offer(sent.jwe));
  assert.equal([again.herhaald, again.ontvangstbewijs], [true, accepted(sent).ontvangstbewijs]);
  assert.is(await mailboxes.has(place), true);
});

test('what the recipient has settled is not delivered again', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  await vt.collect({ ontvangstbewijzen: [await vt.receipt(sent.jws, 'afgeleverd')] });
  assert.is(await copies(sent.claims.jti), 0);
  assert.is(accepted(await police.offer(sent.jwe)).herhaald, true);
  assert.is(await copies(sent.claims.jti), 0);
});

test('a copy that could not be read is sealed anew when it is offered again', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  const unreadable = await vt.receipt(sent.jws, 'onleesbaar');
  await vt.collect({ maximum: 50, ontvangstbewijzen: [unreadable] });
  assert.is(await copies(sent.claims.jti), 0);
  accepted(await police.offer(sent.jwe));
  assert.is(await copies(sent.claims.jti), 1);
  // The old word, said again, is not about the new copy.
  await vt.ask('receipt', { peer: vt.oin, ontvangstbewijs: unreadable });
  assert.is(await copies(sent.claims.jti), 1);
  const { afleveringen } = await vt.collect({ maximum: 50 });
  const anew = afleveringen.find(({ bericht }) => bericht === sent.claims.jti);
  assert.is((await vt.open(anew?.inhoud ?? '')).jws, sent.jws);
});

test('a pipeline that stores a copy late, after it was settled, takes it back', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const claims = police.claims();
  const jws = await police.sign(claims);
  const jwe = await police.seal(jws);
  let [arrived, goOn] = [(): void => undefined, (): void => undefined];
  const reached = new Promise<void>((done) => {
    arrived = done;
  });
  const gate = new Promise<void>((done) => {
    goOn = done;
  });
  const slow = await house.pipeline((bus) => ({
    ...bus,
    serve: async () => async () => undefined,
    log: (name) => {
      const log = bus.log(name);
      if (name !== 'MAILBOX') return log;
      const put: typeof log.put = async (...args) => {
        arrived();
        await gate;
        return log.put(...args);
      };
      return { ...log, put };
    },
  }));
  const late = route(slow.rooms, { jwe: Buffer.from(jwe), peer: police.oin, prio: 'spoed' });
  await reached;
  const first = accepted(await police.offer(jwe));
  await vt.collect({ ontvangstbewijzen: [await vt.receipt(jws, 'afgeleverd')] });
  assert.is(await copies(claims.jti), 0);
  goOn();
  assert.is(accepted(await late).ontvangstbewijs, first.ontvangstbewijs);
  assert.is(await copies(claims.jti), 0);
  await slow.stop();
});

test('only who wants one gets a new copy, and recipients stay whom they were', async () => {
  const om = await house.agency('om');
  const names = ['vt', 'reclassering', 'rvdk'] as const;
  const sent = await om.send({
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f' },
    aud: names.map((name) => toUrn(AGENCIES[name].oin)),
    inhoud: body('check-op-bekendheid', 'zsm'),
  });
  const rvdk = await house.agency('rvdk');
  await rvdk.collect({ ontvangstbewijzen: [await rvdk.receipt(sent.jws, 'afgeleverd')] });
  const place = { prio: 'spoed', from: om.oin, id: sent.claims.jti } as const;
  await house.rooms.mailboxes.erase({ ...place, recipient: AGENCIES.vt.oin });
  const again = accepted(await om.offer(sent.jwe));
  assert.equal(again.ontvangers, accepted(sent).ontvangers);
  const has = names.map((name) =>
    house.rooms.mailboxes.has({ ...place, recipient: AGENCIES[name].oin }),
  );
  assert.equal(await Promise.all(has), [true, true, false]);
});

test('it is accepted still when its end has passed, but no new copy is made', async () => {
  const police = await house.agency('politie');
  const now = Math.floor(house.clock.now() / 1000);
  const sent = await police.send({ exp: now + 600 });
  accepted(sent);
  const { sender, id } = { sender: police.oin, id: sent.claims.jti };
  await house.rooms.mailboxes.erase({
    ...{ recipient: AGENCIES.vt.oin, prio: 'spoed', from: sender, id },
  });
  house.clock.ahead = 3_600_000;
  assert.is(accepted(await police.offer(sent.jwe)).herhaald, true);
  assert.is(await copies(id), 0);
  house.clock.ahead = 0;
});

test('a certificate that was revoked since does not undo what was accepted', async () => {
  const police = await house.agency('politie');
  const sent = await police.send({});
  accepted(sent);
  await house.keys.authority.revoke(police.identity.signing.x5t);
  await house.trust.revocations.refresh();
  assert.is(accepted(await police.offer(sent.jwe)).herhaald, true);
  assert.is(refused(await police.send({})).code, 'certificate-revoked');
});

test.run();
