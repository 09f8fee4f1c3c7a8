import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CODES } from '../../schemas/codes.ts';
import { FORMATS } from '../../schemas/formats.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { WIRE } from '../../schemas/generated/wire-documents.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { STATES } from '../../schemas/states.ts';
import { checkWire, type WireName } from '../../schemas/validate.ts';

const MESSAGE = {
  iss: 'urn:nld:oin:00000099000000010000',
  aud: ['urn:nld:oin:00000099000000020000'],
  jti: '01999c2e-7d4a-7b1c-9a55-0d6c1f2a3b4c',
  iat: 1_790_000_000,
  exp: 1_790_086_400,
  berichttype: 'vt-melding',
  versie: '1.0',
  conversatie: '01999c2e-7d4a-7b1c-9a55-0d6c1f2a3b4d',
  grondslag: 'bpg-4.2.1.i',
  prio: 'spoed',
  inhoud: {},
};

const places = (name: WireName, value: unknown): string[] => {
  try {
    checkWire(name, value);
    return [];
  } catch (error) {
    assert.instance(error, Refusal);
    assert.is((error as Refusal).code, 'schema-invalid');
    return (error as Refusal).faults.map((fault) => fault.plaats);
  }
};

test('a value that keeps to its document comes back as its type', () => {
  const message: Bericht = checkWire('bericht', MESSAGE);
  assert.is(message, MESSAGE);
});

test('every fault is found at once, each by JSON Pointer, in order of place', () => {
  const { jti: _, ...rest } = MESSAGE;
  const broken = { ...rest, iat: '1790000000', prio: 'snel', aud: [] };
  assert.equal(places('bericht', broken), ['/aud', '/iat', '/jti', '/prio']);
});

test('something other than an object has its fault at the root', () => {
  for (const value of [null, 'tekst', 5, [], undefined]) {
    assert.equal(places('bericht', value), ['']);
  }
});

test('a member of another document is named; one that nobody knows is not repeated', () => {
  assert.equal(places('bericht', { ...MESSAGE, postbus: 'x' }), ['/postbus']);
  try {
    checkWire('bericht', { ...MESSAGE, 'Fatima 999990342': 1 });
    assert.unreachable();
  } catch (error) {
    const [fault] = (error as Refusal).faults;
    assert.is(fault?.plaats, '');
    assert.not.match(JSON.stringify(error), 'Fatima');
    assert.match(fault?.melding ?? '', /possible are: iss, aud, jti/);
  }
});

test('what a message inherits does not count: a prototype is not its own member', () => {
  const parsed = JSON.parse('{"__proto__":{"iss":"x"}}');
  assert.ok(places('bericht', parsed).includes(''));
  assert.ok(places('bericht', Object.create(MESSAGE)).includes('/iss'));
});

test('a value never stands in a fault', () => {
  const canary = 'KANARIE-999990342';
  const broken = Object.fromEntries(Object.keys(MESSAGE).map((key) => [key, canary]));
  try {
    checkWire('bericht', broken);
    assert.unreachable();
  } catch (error) {
    const refusal = error as Refusal;
    assert.not.match(refusal.message + JSON.stringify(refusal.faults), 'KANARIE');
    assert.ok(refusal.faults.length > 8);
  }
});

test('a receipt can hold every list of faults', () => {
  const many = Array.from({ length: 5_000 }, (_, at) => `x${at}`);
  assert.is(places('bericht', { ...MESSAGE, aud: many }).length, 200);
});

test('the documents use the patterns of the parsers, and the states of the table', () => {
  const text = JSON.stringify(WIRE);
  const { oin, oinUrn, uuid7, uuid, sha256 } = PATTERNS;
  const note = `${oin.slice(0, -1)}\\.${uuid7.slice(1)}`;
  for (const pattern of [oin, oinUrn, uuid7, uuid, sha256, note]) {
    assert.ok(text.includes(JSON.stringify(pattern)), pattern);
  }
  const fact = WIRE.ontvangstbewijs.properties.events.properties;
  const { staat } = fact['urn:nl:ketenpost:ontvangstbewijs:v1'].properties;
  assert.equal(staat.enum, Object.keys(STATES));
  assert.ok(Object.keys(CODES).every((code) => code.length <= 64));
});

test('formats refuse what two readers could read differently', () => {
  const accepts = (format: string, text: string) => FORMATS[format]?.(text);
  for (const day of ['2024-02-29', '2000-02-29', '2026-12-31']) assert.ok(accepts('date', day));
  for (const day of ['2023-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10']) {
    assert.not(accepts('date', day), day);
  }
  for (const day of ['0000-01-01', '2026-1-1', '20260101', '2026-01-01T', ' 2026-01-01']) {
    assert.not(accepts('date', day), day);
  }
  for (const time of ['2026-09-21T10:15:23Z', '2026-09-21T10:15:23.123+02:00']) {
    assert.ok(accepts('date-time', time), time);
  }
  const loose = ['24:00:00Z', '10:15:23+02', '10:15:23', '10:15:60Z', '10:15Z', '10:15:23z'];
  for (const time of loose) assert.not(accepts('date-time', `2026-09-21T${time}`), time);
  assert.not(accepts('date-time', '2026-02-30T10:00:00Z'));
  assert.not(accepts('date-time', '2026-09-21 10:15:23Z'));
  assert.ok(accepts('uri', 'https://zaken.example/v1/zaken/1'));
  for (const url of ['http://a.example/', 'https://u:p@a.example/', 'https://', 'file:///x']) {
    assert.not(accepts('uri', url), url);
  }
  assert.ok(accepts('email', 'meldpunt@vt.example'));
  for (const mail of ['a@b', 'a b@c.nl', '@c.nl', 'a@-c.nl']) assert.not(accepts('email', mail));
});

test.run();
