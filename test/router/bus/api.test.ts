/** Which refusals of the broker pass by themselves, on answers that were recorded. */
import type { Msg } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { passingRefusal, readReply } from '../../../router/bus/api.ts';
import { BusFault } from '../../../router/bus/bus.ts';
import { CODE, mayComeUp } from '../../../router/bus/faults.ts';

const reply = (value: object | string): Msg => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { data: Buffer.from(text), string: () => text } as unknown as Msg;
};
const refusal = (err_code: number, code = 503) => ({
  type: 'io.nats.jetstream.api.v1.pub_ack_response',
  error: { code, err_code, description: 'recorded' },
  stream: 'ID',
  seq: 0,
});

test('no leader yet, a leader no more, a verdict that is not there yet: these pass', () => {
  for (const code of [10004, 10008, 10009, 10118, 10119, CODE.stillInFlight])
    assert.is(passingRefusal(reply(refusal(code))), code);
});

test('a conflict, a full disk, a missing stream or message do not', () => {
  for (const code of [CODE.wrongLastSequence, 10077, 10047, CODE.noStream, CODE.noMessage])
    assert.is(passingRefusal(reply(refusal(code, 400))), undefined);
  assert.is(passingRefusal(reply({ stream: 'ID', seq: 7 })), undefined);
  assert.is(passingRefusal(reply('')), undefined);
});

test('what is stored is never taken for a refusal', () => {
  const data = Buffer.from(JSON.stringify(refusal(10008)))
    .toString('base64')
    .repeat(20);
  assert.is(
    passingRefusal(reply({ message: { seq: 1, data, note: '"err_code":10008' } })),
    undefined,
  );
});

test('a conflict is a conflict only when it is the last word', () => {
  const expected = [CODE.wrongLastSequence];
  assert.is(readReply('put', JSON.stringify(refusal(10071, 400)), expected), null);
  for (const code of [CODE.stillInFlight, 10008, 10077])
    assert.throws(
      () => readReply('put', JSON.stringify(refusal(code)), expected),
      (error: unknown) => error instanceof BusFault && error.code === code,
    );
});

test('whoever waits for a cluster to come up goes on for what may pass, and not for what may not', () => {
  const fault = (code: number) => new BusFault('x', { code });
  for (const code of [CODE.unserved, 10008, 10005, 10023, 10074]) assert.ok(mayComeUp(fault(code)));
  for (const code of [CODE.forbidden, CODE.noStream, 10077]) assert.not.ok(mayComeUp(fault(code)));
});

test.run();
