/** A broker that forgot what was on loan: the queue finds out, and gives it again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createInbox, nkeyAuthenticator } from 'nats';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { configFile } from '../../../router/bus/places.ts';
import { until } from '../../town/wait.ts';
import { startTestBroker } from './broker.ts';

const LEASE_MS = 300;
const FILTER = 'mailbox.v1.a.spoed.>';

test('what was passed by and is still stored is given again, once it has been missed twice', async () => {
  const broker = await startTestBroker();
  // Only with a right that no role has can the consumer be made to forget, as a fallen leader makes it.
  await broker.halt();
  const file = configFile(broker.dir);
  const right = '"$JS.API.CONSUMER.DELETE.MAILBOX.*"';
  writeFileSync(file, readFileSync(file, 'utf8').replace(right, `${right}\n"$JS.ACK.>"`));
  await broker.start();
  const bus = await broker.connect('pipeline');
  const log = bus.log('MAILBOX');
  const queue = await bus.queue('MAILBOX', 'a-spoed', FILTER, LEASE_MS);
  for (const id of [1, 2, 3])
    await log.put(`mailbox.v1.a.spoed.b.${id}`, Buffer.from(`${id}`), { expect: 0 });

  const raw = await connect({
    servers: [...broker.servers],
    tls: { ca: readFileSync(broker.ca, 'utf8') },
    authenticator: nkeyAuthenticator(new Uint8Array(readFileSync(broker.seed('pipeline')))),
    inboxPrefix: '_INBOX_pipeline',
  });
  const inbox = createInbox('_INBOX_pipeline');
  const sub = raw.subscribe(inbox, { max: 2 });
  const ask = JSON.stringify({ batch: 2, no_wait: true });
  raw.publish('$JS.API.CONSUMER.MSG.NEXT.MAILBOX.a-spoed', ask, { reply: inbox });
  for await (const one of sub) raw.publish(one.reply ?? '', '+ACK');
  await raw.flush();
  await raw.close();

  const found = new Set<string>();
  const look = async () => {
    for (const { subject } of await queue.take(10)) found.add(subject);
    return found.size === 3;
  };
  await look();
  assert.is(found.size, 1);
  await until('all three', look);
  await broker.stop();
});

test.run();
