import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WIRE } from '../../schemas/generated/wire-documents.ts';
import {
  explainRule,
  findRule,
  GRONDSLAGEN,
  isGrondslag,
  isRole,
  MATRIX,
  ROLES,
} from '../../schemas/policy.ts';

const ask = (van: string, berichttype: string, naar: string, grondslag: string) =>
  findRule({ van: [van], berichttype, naar: [naar], grondslag });

test('the police may report to Veilig Thuis on the basis that the law gives, and on no other', () => {
  const rule = ask('politie', 'vt-melding', 'vt', 'bpg-4.2.1.i');
  assert.is(rule?.id, 'vt-melding/politie/vt/bpg-4.2.1.i');
  assert.is(ask('politie', 'vt-melding', 'vt', 'wmo-5.2.6'), undefined);
});

test('what no rule allows is not allowed', () => {
  assert.is(ask('reclassering', 'vt-melding', 'vt', 'wmo-5.2.6'), undefined);
  assert.is(ask('vt', 'halt-verwijzing', 'halt', 'bpg-4.2.1.f'), undefined);
  assert.is(ask('politie', 'geen-type', 'vt', 'bpg-4.2.1.i'), undefined);
  assert.is(ask('router', 'vt-melding', 'vt', 'bpg-4.2.1.i'), undefined);
  assert.is(
    findRule({ van: [], berichttype: 'vt-melding', naar: ['vt'], grondslag: 'bpg-4.2.1.i' }),
    undefined,
  );
});

test('the four flows of the mission are allowed, there and back', () => {
  const flows = [
    ['politie', 'vt-melding', 'vt', 'bpg-4.2.1.i'],
    ['vt', 'vt-terugkoppeling', 'politie', 'wmo-4.1.1.2.g'],
    ['halt', 'vt-melding', 'vt', 'wmo-5.2.6'],
    ['vt', 'vt-terugkoppeling', 'halt', 'wmo-4.1.1.2.g'],
    ['politie', 'halt-verwijzing', 'halt', 'bpg-4.2.1.f'],
    ['om', 'zaak-gebeurtenis', 'reclassering', 'wjsg-39f.1.f'],
    ['vt', 'zaak-gebeurtenis', 'rvdk', 'wmo-4.1.1.2.e'],
  ] as const;
  for (const [van, berichttype, naar, grondslag] of flows) {
    assert.ok(ask(van, berichttype, naar, grondslag), `${van} ${berichttype} ${naar}`);
  }
});

test('one question of the prosecutor goes to three partners on one basis, and each may answer', () => {
  const answers = { vt: 'wmo-5.1.6.2', reclassering: 'sv-147', rvdk: 'sv-494' };
  for (const [partner, basis] of Object.entries(answers)) {
    assert.ok(ask('om', 'check-op-bekendheid', partner, 'wjsg-39f.1.f'));
    assert.ok(ask('om', 'verzoek-casusinformatie', partner, 'wjsg-39f.1.f'));
    assert.ok(ask(partner, 'uitslag-check-op-bekendheid', 'om', basis));
    assert.ok(ask(partner, 'uitkomst-casusinformatie', 'om', basis));
  }
});

test('whoever may be asked may answer', () => {
  const answerTo = {
    'check-op-bekendheid': 'uitslag-check-op-bekendheid',
    'verzoek-casusinformatie': 'uitkomst-casusinformatie',
  } as Record<string, string>;
  for (const { van, naar, berichttype } of MATRIX) {
    const answer = answerTo[berichttype];
    if (answer === undefined) continue;
    assert.ok(
      MATRIX.some((rule) => rule.berichttype === answer && rule.van === naar && rule.naar === van),
      `${naar} cannot answer ${van}`,
    );
  }
});

test('an agency with several roles may do what one of them may', () => {
  const rule = findRule({
    van: ['gemeente', 'politie'],
    berichttype: 'vt-melding',
    naar: ['zvh', 'vt'],
    grondslag: 'bpg-4.2.1.i',
  });
  assert.is(rule?.van, 'politie');
});

test('the explanation says what would be allowed', () => {
  const base = { van: ['politie'], berichttype: 'vt-melding', naar: ['vt'] };
  const yes = explainRule({ ...base, grondslag: 'bpg-4.2.1.i' });
  assert.ok(yes.allowed);
  assert.match(yes.text, 'Besluit politiegegevens, artikel 4:2 lid 1 onder i');

  const otherBasis = explainRule({ ...base, grondslag: 'wmo-5.2.6' });
  assert.not(otherBasis.allowed);
  assert.equal(!otherBasis.allowed && [otherBasis.why, otherBasis.bases], [
    'other-basis',
    ['bpg-4.2.1.i'],
  ]);
  assert.is(
    otherBasis.text,
    'politie may send vt-melding to vt, but only on the basis bpg-4.2.1.i',
  );

  const noBasis = explainRule({ ...base, grondslag: 'avg-6' });
  assert.is(!noBasis.allowed && noBasis.why, 'basis-unknown');

  const noRow = explainRule({ ...base, van: ['reclassering'], grondslag: 'wmo-5.2.6' });
  assert.is(!noRow.allowed && noRow.why, 'no-such-row');
  assert.is(
    noRow.text,
    'reclassering may not send vt-melding to vt; that is sent by politie or halt',
  );

  const many = explainRule({
    ...{ van: Object.keys(ROLES), berichttype: 'zaak-gebeurtenis' },
    ...{ naar: ['vt'], grondslag: 'wpg-20' },
  });
  const sentences = many.text.split('; ');
  assert.ok(
    sentences.includes(
      'politie may send zaak-gebeurtenis to vt, but only on the basis bpg-4.2.1.i',
    ),
  );
  assert.ok(
    sentences.includes('om may send zaak-gebeurtenis to vt, but only on the basis wjsg-39f.1.f'),
  );
  assert.not.match(many.text, 'router');
  const nobody = explainRule({ ...base, van: Object.keys(ROLES), naar: ['halt'], grondslag: 'x' });
  assert.is(nobody.text, 'nobody may send vt-melding to halt; that goes to vt');

  const elsewhere = explainRule({ ...base, naar: ['om'], grondslag: 'bpg-4.2.1.i' });
  assert.is(elsewhere.text, 'politie may not send vt-melding to om; it may send that to vt');
});

test('the data hang together: ids once, roles and bases known, codes as the wire takes them', () => {
  const ids = MATRIX.map((rule) => rule.id);
  assert.is(new Set(ids).size, ids.length);
  for (const { van, naar, grondslag, bron } of MATRIX) {
    assert.ok(isRole(van) && isRole(naar) && isGrondslag(grondslag) && bron.length > 0);
    assert.not(van === naar, 'nobody needs a rule to write to itself');
  }
  const pattern = new RegExp(WIRE.bericht.properties.grondslag.pattern);
  for (const code of Object.keys(GRONDSLAGEN)) assert.match(code, pattern);
  for (const role of Object.keys(ROLES)) assert.match(role, /^[a-z]+$/);
  const used = new Set(MATRIX.map((rule) => rule.grondslag as string));
  assert.equal(
    Object.keys(GRONDSLAGEN).filter((code) => !used.has(code)),
    [],
  );
  assert.not(isRole('toString'));
});

test.run();
