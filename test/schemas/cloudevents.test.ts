/** A case update is a CloudEvent: by the SDK of the CNCF, and by the rules of the Dutch profile. */
import { CloudEvent, HTTP } from 'cloudevents';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bodySchema } from '../../schemas/messages.ts';
import { checkBody } from '../../schemas/validate.ts';
import { goodSamples, messageWith } from './samples.ts';

const TYPE = 'zaak-gebeurtenis';
const SCHEMA = bodySchema(TYPE, '1.0') as { properties: Record<string, { type: string }> };
const events = [...goodSamples(TYPE)];

const fits = (event: unknown): boolean => {
  try {
    checkBody(TYPE, '1.0', messageWith(TYPE, event));
    return true;
  } catch {
    return false;
  }
};

/** One of our events with some attributes changed; undefined takes one away. */
const changed = (change: object): Record<string, unknown> => {
  const event: Record<string, unknown> = { ...events[1]?.[1], ...change };
  for (const [name, value] of Object.entries(event)) if (value === undefined) delete event[name];
  return event;
};

for (const [name, event] of events) {
  test(`${name}: valid for the SDK, and unchanged on its way through it`, () => {
    const strict = new CloudEvent(event as never, true);
    assert.ok(strict.validate());
    const message = HTTP.structured(strict);
    assert.match(String(message.headers['content-type']), 'application/cloudevents+json');
    const time = new Date(String(event.time)).toISOString();
    assert.equal(JSON.parse(String(message.body)), { ...event, time });
  });

  test(`${name}: within the 64 KiB that every intermediary forwards`, () => {
    assert.ok(Buffer.byteLength(JSON.stringify(event)) < 64 * 1024);
  });
}

test('names of attributes: small letters and digits, at most twenty', () => {
  for (const name of Object.keys(SCHEMA.properties)) assert.match(name, /^[a-z0-9]{1,20}$/);
});

test('our own samples are good', () => {
  for (const [name, event] of events) assert.ok(fits(event), name);
});

test('the source is a URN of the organisation, and points to no data', () => {
  assert.not.ok(fits(changed({ source: 'https://zaken.om.example/v1' })));
  assert.not.ok(fits(changed({ source: 'urn:nld:oin:00000099000000040000' })));
});

test('the type is a reverse domain name with one version', () => {
  for (const type of [
    'zaakstatus-gewijzigd.v1',
    'nl.jeugdketen.zaakstatus-gewijzigd',
    'nl.a.b.v1.v2',
  ])
    assert.not.ok(fits(changed({ type })), type);
});

test('sequence and sequencetype order as text, and come together', () => {
  assert.not.ok(fits(changed({ sequence: '42' })));
  assert.not.ok(fits(changed({ sequencetype: undefined })));
  assert.not.ok(fits(changed({ sequence: undefined })));
});

test('required attributes are required, here as there', () => {
  for (const name of ['id', 'source', 'type', 'specversion']) {
    const event = changed({ [name]: undefined });
    assert.not.ok(fits(event), name);
  }
});

test('whatever our schema takes, the SDK takes', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('1.0', '2026-11-22T10:00:00Z', ''));
  const odd = fc.record(
    Object.fromEntries(
      Object.keys(SCHEMA.properties).map((name) => [name, fc.option(text, { nil: undefined })]),
    ),
    { requiredKeys: [] },
  );
  let taken = 0;
  fc.assert(
    fc.property(odd, fc.subarray(Object.keys(SCHEMA.properties)), (values, keep) => {
      const change = Object.fromEntries(keep.map((name) => [name, values[name]]));
      const event = changed(change);
      if (!fits(event)) return true;
      taken += 1;
      return new CloudEvent(event as never, true).validate();
    }),
    { numRuns: 500 },
  );
  assert.ok(taken > 20, 'some of them were good');
});

test.run();
