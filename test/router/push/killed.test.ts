/** A door as a process of its own, that is killed while an endpoint works on what it brought. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stringify } from 'yaml';
import { OPERATOR, REGISTRAR } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { accepted } from '../player.ts';
import { came, here, openStreet, taking } from './street.ts';

const street = await openStreet();
const children: ChildProcess[] = [];
test.after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await street.close();
});

const PROGRAM = fileURLToPath(new URL('../door/run-router.js', import.meta.url));

function configuration(): string {
  const { broker, keys } = street.house;
  const file = join(broker.dir, 'door.yaml');
  const value = {
    identity: keys.identity(OPERATOR.oin),
    trust: keys.authority.trust,
    registrar: {
      oin: REGISTRAR.oin,
      certificates: keys.certificates(REGISTRAR.oin, 'authenticiteit'),
    },
    broker: {
      ...{ servers: broker.servers, ca: broker.ca, insecure: true },
      credentials: { door: broker.seed('door') },
    },
    door: { port: 0, metrics: { port: 0 } },
  };
  writeFileSync(file, stringify(value), { mode: 0o600 });
  return file;
}

/** Starts a door; resolves when it says that it is ready. */
async function runDoor(file: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, file, 'door'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await new Promise((ready, fail) => {
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).once(
      'line',
      ready,
    );
    child.once('exit', () => fail(new Error('the door ended')));
  });
  return child;
}

test('killed between the delivery and its receipt: the next door brings it again, under the same key, and one receipt comes of it', async () => {
  const { house } = street;
  const [police, vt] = [await house.agency('politie'), await house.agency('vt')];
  const takes = taking(vt);
  const endpoint = await street.endpoint('vt', async (brought, earlier) => {
    const said = await takes(brought, earlier);
    // The first answer never leaves: whoever waits for it is dead.
    if (earlier.length === 0) await new Promise(() => undefined);
    return said;
  });
  await street.bringTo('vt', here(endpoint));
  const sent = await police.send({});
  accepted(sent);
  const file = configuration();
  const first = await runDoor(file);
  await came(endpoint, 1);
  first.kill('SIGKILL');
  await runDoor(file);
  await came(endpoint, 2);
  const [before, after] = endpoint.brought;
  assert.is(before?.key, `${police.oin}.${sent.claims.jti}`);
  assert.is(after?.key, before?.key);
  const receipts: string[] = [];
  await until('the receipt', async () => {
    receipts.push(...(await police.collect()).ontvangstbewijzen);
    return receipts.length > 0;
  });
  assert.equal(receipts, [String((await takes(endpoint.brought[0] as never, [])).body)]);
});

test.run();
