/** The path of a message when all is well: from a signed report to a sealed copy, and back to a receipt. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { readJws, verify } from '../../certs/verify.ts';
import { readFact } from '../../router/receipts/read-fact.ts';
import type { Draft } from '../../router/registry/agency-file.ts';
import { toUrn } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { AGENCIES, OPERATOR } from '../town/agencies.ts';
import { noteOf } from '../town/note-of.ts';
import { changing, type House, openHouse } from './house.ts';
import { accepted, body, eventBody, refused } from './player.ts';

let house: House;
test.before(async () => {
  house = await openHouse();
});
test.after(() => house.stop());

test('an urgent report about Heusden reaches Veilig Thuis Midden-Brabant, byte for byte', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  const { ontvangers, herhaald, bericht } = accepted(sent);
  assert.equal(ontvangers, [vt.oin]);
  assert.is(herhaald, false);
  assert.is(bericht, sent.claims.jti);

  const { afleveringen, ontvangstbewijzen, meer } = await vt.collect();
  assert.equal([afleveringen.length, ontvangstbewijzen.length, meer], [1, 0, false]);
  const [item] = afleveringen;
  assert.equal([item?.afzender, item?.bericht, item?.prio], [police.oin, sent.claims.jti, 'spoed']);
  const { jws, note } = await vt.open(item?.inhoud ?? '');
  assert.is(jws, sent.jws);
  checkWire('routenota', note);
  assert.equal(
    [note['iss'], note['aud'], note['afzender'], note['bericht'], note['dig']],
    [toUrn(OPERATOR.oin), toUrn(vt.oin), toUrn(police.oin), sent.claims.jti, digestOf(sent.jws)],
  );
});

test('the receipt aanvaard is signed by the router, and says for whom it is durable', async () => {
  const police = await house.agency('politie');
  const sent = await police.send({});
  const { ontvangstbewijs } = accepted(sent);
  const find = (x5t: string) => house.rooms.identity.certificates.find((one) => one.x5t === x5t);
  const { claims } = await verify(ontvangstbewijs, TYP.receipt, find);
  const { aud, iss, txn } = checkWire('ontvangstbewijs', claims);
  assert.equal([iss, aud], [toUrn(OPERATOR.oin), toUrn(police.oin)]);
  assert.is(txn, sent.claims.conversatie);
  assert.equal(readFact(ontvangstbewijs), {
    ...{ staat: 'aanvaard', afzender: toUrn(police.oin), bericht: sent.claims.jti },
    ...{ dig: digestOf(sent.jws), ontvangers: [toUrn(AGENCIES.vt.oin)] },
  });
});

test('the ledger tells the story in order, without a word of the report', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  await vt.collect({ ontvangstbewijzen: [await vt.receipt(sent.jws, 'afgeleverd')] });
  const mine = (await house.ledger('*')).filter((entry) => entry['bericht'] === sent.claims.jti);
  assert.equal(
    mine.map((entry) => entry['kind']),
    ['besluit', 'voornemen', 'aanvaard', 'ontvangstbewijs'],
  );
  const [decision, intention, acceptance] = mine;
  assert.is(decision?.['regel'], 'vt-melding/politie/vt/bpg-4.2.1.i');
  assert.equal(intention?.['ontvangers'], [vt.oin]);
  assert.is(acceptance?.['ontvangstbewijs'], digestOf(accepted(sent).ontvangstbewijs));
});

test('the receipt of the recipient comes back to the sender byte for byte, and the copy is gone', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  await vt.collect();
  const receipt = await vt.receipt(sent.jws, 'verwerkt');
  const place = {
    recipient: vt.oin,
    prio: 'spoed',
    from: police.oin,
    id: sent.claims.jti,
  } as const;
  assert.is(await house.rooms.mailboxes.has(place), true);
  const { uitslagen } = await vt.collect({ ontvangstbewijzen: [receipt] });
  assert.equal(uitslagen, [{ dig: digestOf(receipt), aangenomen: true }]);
  assert.is(await house.rooms.mailboxes.has(place), false);

  const { ontvangstbewijzen } = await police.collect({ maximum: 50 });
  assert.ok(ontvangstbewijzen.includes(receipt));
  await police.collect({ gezien: ontvangstbewijzen.map(noteOf) });
  assert.is(await house.rooms.bus.log('MAILBOX').count(`mailbox.v1.${police.oin}.>`), 0);
});

test('every named recipient gets a copy of its own, sealed for it alone', async () => {
  const names = ['vt', 'reclassering', 'rvdk'] as const;
  const om = await house.agency('om');
  const sent = await om.send({
    ...{ berichttype: 'check-op-bekendheid', grondslag: 'wjsg-39f.1.f', prio: 'normaal' },
    aud: names.map((name) => toUrn(AGENCIES[name].oin)),
    inhoud: body('check-op-bekendheid', 'zsm'),
  });
  assert.equal(
    accepted(sent).ontvangers,
    names.map((name) => AGENCIES[name].oin),
  );
  for (const name of names) {
    const agency = await house.agency(name);
    const { afleveringen } = await agency.collect({ maximum: 50 });
    const mine = afleveringen.find(({ bericht }) => bericht === sent.claims.jti);
    assert.is((await agency.open(mine?.inhoud ?? '')).jws, sent.jws);
  }
});

test('an event goes to who subscribed to it on that basis, and to nobody else', async () => {
  const [vt, rvdk] = [await house.agency('vt'), await house.agency('rvdk')];
  const { zaak, inhoud } = eventBody(vt.oin);
  const about = { berichttype: 'zaak-gebeurtenis', prio: 'normaal', zaak, inhoud } as const;
  const sent = await vt.send({ ...about, grondslag: 'wmo-4.1.1.2.e' });
  assert.equal(accepted(sent).ontvangers, [rvdk.oin]);
  const other = await vt.send({ ...about, grondslag: 'wmo-4.1.1.2.d' });
  assert.is(other.ok, false);
  assert.is(!other.ok && other.problem.code, 'recipient-unknown');
});

test('a subscriber that cannot be reached is left out and recorded; when none can, it may come again', async () => {
  const [vt, rvdk] = [await house.agency('vt'), await house.agency('rvdk')];
  const grondslag = 'wmo-4.1.1.2.e';
  const unreachable = (draft: Draft): Draft => ({
    ...{ ...draft, abonnementen: [{ berichttype: 'zaak-gebeurtenis', grondslag }] },
    certificaten: draft.certificaten.filter(({ gebruik }) => gebruik !== 'vertrouwelijkheid'),
  });
  await house.register(changing(AGENCIES.politieZwb.oin, unreachable));
  const event = { berichttype: 'zaak-gebeurtenis', grondslag, ...eventBody(vt.oin) };
  const sent = await vt.send(event);
  assert.equal(accepted(sent).ontvangers, [rvdk.oin]);
  const intentions = await house.ledger('voornemen');
  const mine = intentions.find((entry) => entry['bericht'] === sent.claims.jti);
  assert.equal(mine?.['overgeslagen'], [AGENCIES.politieZwb.oin]);
  await house.register(changing(rvdk.oin, unreachable));
  const { code, opnieuw } = refused(await vt.send(event));
  assert.equal([code, opnieuw], ['recipient-unavailable', true]);
});

test('urgent comes before normal, whatever was sent first', async () => {
  const [police, halt] = [await house.agency('politie'), await house.agency('halt')];
  const referral = {
    ...{ berichttype: 'halt-verwijzing', grondslag: 'bpg-4.2.1.f', aud: [toUrn(halt.oin)] },
    inhoud: body('halt-verwijzing', 'winkeldiefstal'),
  };
  for (const prio of ['normaal', 'normaal', 'spoed', 'spoed'] as const) {
    accepted(await police.send({ ...referral, prio }));
  }
  const { afleveringen, meer } = await halt.collect({ maximum: 3 });
  assert.equal(
    afleveringen.map(({ prio }) => prio),
    ['spoed', 'spoed', 'normaal'],
  );
  assert.is(meer, true);
});

test('the sender, and nobody else, is told how its message stands', async () => {
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const sent = await police.send({});
  const ask = { peer: police.oin, bewijs: await police.ticket(), bericht: sent.claims.jti };
  const before = await police.ask('status', ask);
  assert.equal(before.ok && before.value, {
    ...{ bericht: sent.claims.jti, dig: digestOf(sent.jws), staat: 'aanvaard' },
    ontvangers: [{ oin: vt.oin, staat: 'wacht' }],
  });
  const fact = { code: 'wrongly-addressed' } as const;
  const receipt = await vt.receipt(sent.jws, 'afgewezen', { fact });
  await vt.collect({ ontvangstbewijzen: [receipt] });
  const after = await police.ask('status', ask);
  const [copy] = (after.ok && after.value.ontvangers) || [];
  assert.equal([copy?.staat, copy?.code], ['afgewezen', 'wrongly-addressed']);
  const receipts = await police.ask('receipts', ask);
  assert.equal(receipts.ok && receipts.value.ontvangstbewijzen, [
    accepted(sent).ontvangstbewijs,
    receipt,
  ]);
  for (const question of ['status', 'receipts'] as const) {
    const other = await vt.ask(question, { ...ask, peer: vt.oin, bewijs: await vt.ticket() });
    assert.is(!other.ok && other.problem.code, 'not-found');
  }
});

test('a peer is who the register says its TLS certificate is; to a stranger every no is the same', async () => {
  const police = await house.agency('politie');
  const [signing, tls] = ['authenticiteit', 'tls'].map(
    (use) =>
      house.rooms.registry
        .agency(police.oin)
        ?.certificates.find((one) => one.use === use)
        ?.certificate.der.toString('base64') ?? '',
  );
  const known = await police.ask('peer', { der: tls ?? '' });
  assert.equal(known.ok && known.value, { oin: police.oin, naam: AGENCIES.politie.naam });
  for (const der of [signing ?? '', 'AAAA', '']) {
    const answer = await police.ask('peer', { der });
    assert.is(!answer.ok && answer.problem.code, 'not-authenticated');
  }
});

test('organisations are listed with their certificates, and an entry is given as it was signed', async () => {
  const police = await house.agency('politie');
  const listed = await police.ask('organisations', { peer: police.oin });
  const vt = listed.ok && listed.value.organisaties.find(({ oin }) => oin === AGENCIES.vt.oin);
  assert.equal(
    (vt || undefined)?.certificaten.map(({ gebruik }) => gebruik),
    [...['tls', 'authenticiteit', 'vertrouwelijkheid']],
  );
  const entry = await police.ask('certificates', { peer: police.oin, oin: OPERATOR.oin });
  assert.is(
    entry.ok && readJws(entry.value.registratie, TYP.registration).claims['oin'],
    OPERATOR.oin,
  );
});

test.run();
