/** Everything that the pipeline says no to, by code: what the sender is told, and what is remembered. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { readFact } from '../../router/receipts/read-fact.ts';
import { CLOCK, checkClock } from '../../router/stages/check-clock.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { newUuid7, parseOin, toUrn } from '../../schemas/ids.ts';
import type { Refusal } from '../../schemas/refusal.ts';
import { AGENCIES } from '../town/agencies.ts';
import { until } from '../town/wait.ts';
import { changing, type House, openHouse } from './house.ts';
import { accepted, body, refused } from './player.ts';

let house: House;
test.before(async () => {
  house = await openHouse();
});
test.after(() => house.stop());

const HOUR = 3600;
const NOBODY = parseOin('00000099000000099000');
const urns = (...names: (keyof typeof AGENCIES)[]) =>
  names.map((name) => toUrn(AGENCIES[name].oin));
const recordOf = ({ jti }: Bericht, sender = AGENCIES.politie.oin) =>
  house.rooms.ids.find(sender, jti);

test('bytes that are no JWE are malformed, and the receipt binds those bytes', async () => {
  const police = await house.agency('politie');
  for (const jwe of ['', 'a.b.c', 'a.b.c.d.e', '{"not":"compact"}', '\u0000\u0001']) {
    const { code, ontvangstbewijs = '' } = refused(await police.offer(jwe));
    assert.is(code, 'malformed');
    const fact = readFact(ontvangstbewijs);
    assert.equal([fact.staat, fact.dig, fact.bericht], ['geweigerd', digestOf(jwe), undefined]);
  }
});

test('more than half a megabyte is too large, and is not even opened', async () => {
  const police = await house.agency('politie');
  assert.is(refused(await police.offer('A'.repeat(512 * 1024 + 1))).code, 'too-large');
});

test('what was sealed for another key cannot be opened', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  accepted(await police.send({}));
  const { afleveringen } = await vt.collect({ maximum: 50 });
  const [item] = afleveringen;
  const problem = refused(await police.offer(item?.inhoud ?? ''));
  assert.ok(['malformed', 'decryption-failed'].includes(problem.code));
  const jwe = await police.seal(await police.sign(police.claims()));
  const [head, ...rest] = jwe.split('.');
  const header = JSON.parse(Buffer.from(head ?? '', 'base64url').toString());
  header['x5t#S256'] = digestOf('another key');
  const other = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
  assert.is(refused(await police.offer(other)).code, 'decryption-failed');
});

test('a signature that does not fit is refused before anything is remembered', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const claims = police.claims();
  const [head, , signature] = (await police.sign(claims)).split('.');
  const changed = Buffer.from(JSON.stringify({ ...claims, prio: 'spoed', zaak: newUuid7(1) }));
  const forged = `${head}.${changed.toString('base64url')}.${signature}`;
  const problem = refused(await police.offer(await police.seal(forged)));
  assert.is(problem.code, 'signature-invalid');
  assert.is(readFact(problem.ontvangstbewijs ?? '').afzender, undefined);
  assert.is(await recordOf(claims), undefined);
  // The keys of another agency do not do either, under its own name or under mine.
  const stolen = await police.seal(await police.sign(claims, vt.identity.signing));
  assert.is(refused(await police.offer(stolen)).code, 'issuer-mismatch');
  assert.is(refused(await vt.offer(stolen)).code, 'issuer-mismatch');
  assert.is(await recordOf(claims), undefined);
});

test('a message is taken from its sender or from who has its mandate, and from nobody else', async () => {
  const [police, halt] = [await house.agency('politie'), await house.agency('halt')];
  const claims = police.claims();
  assert.is(refused(await police.send(claims, { peer: halt.oin })).code, 'issuer-mismatch');
  await house.register(changing(police.oin, (draft) => ({ ...draft, mandaten: [halt.oin] })));
  accepted(await police.send(claims, { peer: halt.oin }));
  await house.register(changing(police.oin, (draft) => ({ ...draft, mandaten: [] })));
});

test('a certificate that is not registered, or not for signing, does not count', async () => {
  const police = await house.agency('politie');
  const key = { ...police.identity.signing, x5t: digestOf('unknown') as never };
  const unknown = await police.seal(await police.sign(police.claims(), key));
  assert.is(refused(await police.offer(unknown)).code, 'certificate-unknown');
  const [sealing] = police.identity.opening;
  const misused = { ...police.identity.signing, x5t: sealing?.x5t ?? key.x5t };
  const wrong = await police.seal(await police.sign(police.claims(), misused));
  assert.is(refused(await police.offer(wrong)).code, 'certificate-unknown');
});

test('the hint of the door must be the signed priority; a wrong one burns no id', async () => {
  const police = await house.agency('politie');
  const claims = police.claims({ prio: 'spoed' });
  assert.is(refused(await police.send(claims, { prio: 'normaal' })).code, 'bad-request');
  assert.is(await recordOf(claims), undefined);
  accepted(await police.send(claims));
});

test('a message that is too old, from the future or past its end is stale, and stays refused', async () => {
  const police = await house.agency('politie');
  const now = Math.floor(house.clock.now() / 1000);
  const times: [iat: number, exp: number][] = [
    [now + 120, now + HOUR],
    [now - 60, now - 1],
    [now, now + 30 * 24 * HOUR + 60],
  ];
  for (const [iat, exp] of times) {
    const claims = police.claims({ iat, exp });
    const problem = refused(await police.send(claims));
    assert.is(problem.code, 'stale');
    assert.is((await recordOf(claims))?.verdict, 'refused');
  }
});

test('clocks may differ by a minute; an outbox offers for five days; a message ends within thirty', () => {
  const now = 1_800_000_000;
  const check = (iat: number, exp: number) => () => checkClock({ iat, exp }, now * 1000 + 999);
  check(now + CLOCK.ahead, now + HOUR)();
  check(now - CLOCK.old, now + 1)();
  check(now, now + CLOCK.life)();
  for (const wrong of [
    check(now + CLOCK.ahead + 1, now + HOUR),
    check(now - CLOCK.old - 1, now + HOUR),
    check(now - 1, now),
    check(now, now + CLOCK.life + 1),
  ]) {
    assert.throws(wrong, (error: Refusal) => error.code === 'stale');
  }
});

test('every fault is told by its place, of envelope and body together, and never the value', async () => {
  const police = await house.agency('politie');
  const inhoud = { ...body('vt-melding', 'heusden-spoed'), datumMelding: 'CANARY', verzonnen: 1 };
  const claims = police.claims({ inhoud, zaak: 'CANARY' as never });
  const problem = refused(await police.send(claims));
  assert.is(problem.code, 'schema-invalid');
  const places = problem.errors.map(({ plaats }) => plaats);
  for (const place of ['/zaak', '/inhoud/datumMelding']) assert.ok(places.includes(place), place);
  assert.not.match(JSON.stringify(problem), 'CANARY');
  const fact = readFact(problem.ontvangstbewijs ?? '');
  assert.equal([fact.code, fact.errors], ['schema-invalid', problem.errors]);
});

test('an envelope without an identity is refused with every fault, and binds no id', async () => {
  const police = await house.agency('politie');
  const { jti: _, ...claims } = police.claims();
  const problem = refused(
    await police.offer(await police.seal(await police.sign({ ...claims, iat: 'now' }))),
  );
  assert.equal(
    problem.errors.map(({ plaats }) => plaats),
    ['/iat', '/jti'],
  );
  assert.is(readFact(problem.ontvangstbewijs ?? '').bericht, undefined);
});

test('a type or version that does not exist is unknown', async () => {
  const police = await house.agency('politie');
  for (const wrong of [{ berichttype: 'vt-meldingen' }, { versie: '9.9' }]) {
    assert.is(refused(await police.send(wrong)).code, 'type-unknown');
  }
});

test('what the matrix does not allow is not authorised, and the ledger says why', async () => {
  const police = await house.agency('politie');
  const about = {
    berichttype: 'halt-verwijzing',
    inhoud: body('halt-verwijzing', 'winkeldiefstal'),
  };
  const wrongBasis = await police.send({ ...about, aud: urns('halt'), grondslag: 'wpg-16.1.b' });
  const problem = refused(wrongBasis);
  assert.is(problem.code, 'not-authorised');
  assert.equal(
    problem.errors.map(({ plaats }) => plaats),
    ['/aud/0'],
  );
  const wrongRole = await police.send({ ...about, aud: urns('vt'), grondslag: 'bpg-4.2.1.f' });
  assert.is(refused(wrongRole).code, 'not-authorised');
  const decisions = await house.ledger('besluit');
  const reasons = [wrongBasis, wrongRole].map(
    ({ claims }) => decisions.find((one) => one['bericht'] === claims.jti)?.['reden'],
  );
  assert.equal(reasons, ['other-basis', 'no-such-row']);
});

test('what no recipient could make right is refused before one is looked for', async () => {
  const police = await house.agency('politie');
  const sent = await police.send({ grondslag: 'wjsg-39f.1.f' });
  const problem = refused(sent);
  assert.equal([problem.code, problem.stadium], ['not-authorised', 'authorise']);
  assert.equal(
    problem.errors.map(({ plaats }) => plaats),
    ['/grondslag'],
  );
});

test('named recipients are all or nothing', async () => {
  const om = await house.agency('om');
  const sent = await om.send({
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f' },
    ...{ aud: [...urns('vt'), toUrn(NOBODY)], inhoud: body('check-op-bekendheid', 'zsm') },
  });
  const problem = refused(sent);
  assert.equal([problem.code, problem.errors[0]?.plaats], ['recipient-unknown', '/aud/1']);
  const place = { recipient: AGENCIES.vt.oin, prio: 'spoed', from: om.oin, id: sent.claims.jti };
  assert.is(await house.rooms.mailboxes.has(place as never), false);
});

test('a municipality for which no Veilig Thuis is registered has no recipient', async () => {
  const police = await house.agency('politie');
  const inhoud = {
    ...body('vt-melding', 'heusden-spoed'),
    verantwoordelijkeGemeente: { code: '0450', omschrijving: 'Uitgeest' },
  };
  assert.is(refused(await police.send({ inhoud })).code, 'recipient-unknown');
});

test('two Veilig Thuis that could be meant are both named, and the sender chooses', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  await house.register(
    changing(AGENCIES.halt.oin, (draft) => ({
      ...{ ...draft, rollen: ['halt', 'vt'], werkgebied: { vtRegio: 'VT15' } },
    })),
  );
  const problem = refused(await police.send({}));
  assert.is(problem.code, 'ambiguous-address');
  const named = problem.errors.map(({ melding }) => melding.slice(0, 20)).sort();
  assert.equal(named, [vt.oin, AGENCIES.halt.oin].sort());
  assert.equal(accepted(await police.send({ aud: urns('vt') })).ontvangers, [vt.oin]);
  await house.register(
    changing(AGENCIES.halt.oin, (draft) => {
      const { werkgebied: _, ...rest } = draft;
      return { ...rest, rollen: ['halt'] };
    }),
  );
});

test('a recipient without a key that may be used is unavailable for now: the same message may come again', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const without = (draft: { certificaten: { gebruik: string }[] }) =>
    draft.certificaten.filter(({ gebruik }) => gebruik !== 'vertrouwelijkheid');
  const kept = house.rooms.registry.agency(vt.oin);
  await house.register(
    changing(vt.oin, (draft) => ({ ...draft, certificaten: without(draft) as never })),
  );
  const claims = police.claims();
  const problem = refused(await police.send(claims));
  assert.equal([problem.code, problem.opnieuw], ['recipient-unavailable', true]);
  assert.is(problem.ontvangstbewijs, undefined);
  assert.is(await recordOf(claims), undefined);
  await house.register(
    changing(vt.oin, (draft) => ({
      ...draft,
      certificaten: (kept?.certificates ?? []).map(({ use, certificate }) => ({
        ...{ gebruik: use, x5t: certificate.x5t, der: certificate.der.toString('base64') },
      })),
    })),
  );
  accepted(await police.send(claims));
});

test('a suspended sender may not send; for a suspended recipient it is kept', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  await house.register(changing(police.oin, (draft) => ({ ...draft, status: 'geschorst' })));
  assert.is(refused(await police.send({})).code, 'not-authorised');
  await house.register(changing(police.oin, (draft) => ({ ...draft, status: 'actief' })));
  await house.register(changing(vt.oin, (draft) => ({ ...draft, status: 'geschorst' })));
  const sent = await police.send({});
  accepted(sent);
  try {
    await vt.collect();
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'not-authorised');
  }
  await house.register(changing(vt.oin, (draft) => ({ ...draft, status: 'actief' })));
  const { afleveringen } = await vt.collect({ maximum: 50 });
  assert.ok(afleveringen.some(({ bericht }) => bericht === sent.claims.jti));
});

test('an agreement that has ended no longer sends or receives', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  await house.register(changing(police.oin, (draft) => ({ ...draft, tot: '2026-01-31' })));
  assert.is(refused(await police.send({})).code, 'not-authorised');
  const open = ({ tot: _, ...draft }: { tot?: string }) => draft as never;
  await house.register(changing(police.oin, open));
  await house.register(changing(vt.oin, (draft) => ({ ...draft, tot: '2026-01-31' })));
  assert.is(refused(await police.send({ aud: urns('vt') })).code, 'recipient-unknown');
  assert.is(refused(await police.send({})).code, 'recipient-unknown');
  await house.register(changing(vt.oin, open));
});

test('when lists of revocation are too old it is not known, and may be tried again', async () => {
  const police = await house.agency('politie');
  const claims = police.claims();
  house.clock.ahead = 6 * HOUR * 1000;
  const problem = refused(await police.send(claims));
  assert.equal([problem.code, problem.opnieuw], ['revocation-unknown', true]);
  assert.is(await recordOf(claims), undefined);
  house.clock.ahead = 0;
  accepted(await police.send(claims));
});

test('every refusal stands in the ledger, by code and digest', async () => {
  const police = await house.agency('politie');
  const before = await house.ledger('geweigerd');
  const sent = await police.send({ versie: '9.9' });
  const problem = refused(sent);
  const [entry, ...more] = (await house.ledger('geweigerd')).slice(before.length);
  assert.is(more.length, 0);
  assert.equal(
    [entry?.['code'], entry?.['bericht'], entry?.['dig'], entry?.['ontvangstbewijs']],
    ['type-unknown', sent.claims.jti, digestOf(sent.jws), digestOf(problem.ontvangstbewijs ?? '')],
  );
});

test('a revoked certificate is refused from the moment the list is here', async () => {
  const police = await house.agency('politie');
  await house.keys.authority.revoke(police.identity.signing.x5t);
  await house.trust.revocations.refresh();
  const sent = await until('the revocation', async () => {
    const answer = await police.send({});
    return !answer.ok && answer;
  });
  assert.is(refused(sent).code, 'certificate-revoked');
});

test('no line of the log holds a word of what was sent', () => {
  const text = house.lines.map((line) => JSON.stringify(line)).join('\n');
  assert.ok(house.lines.length > 20);
  for (const word of ['CANARY', 'Heusden', 'heusden', 'inhoud', 'naam']) {
    assert.not.match(text, word);
  }
});

test.run();
