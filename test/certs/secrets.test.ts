/** What must not become a way to the keys in memory. That keys are encrypted on disk: keystore.test.ts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PROGRAM } from '../town/ketenpost.ts';
import { openOffice } from './office.ts';

test('SIGUSR1 starts no debugger, and stops nothing', async () => {
  const office = await openOffice();
  const child = spawn(process.execPath, [PROGRAM, 'certs', 'crl', office.dir, '--every', '60']);
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  while (!said.includes('lists written')) await once(child.stdout, 'data');
  child.kill('SIGUSR1');
  child.kill('SIGTERM');
  const [status] = await once(child, 'exit');
  assert.is(status, 0);
  assert.not.match(said, /debugger/i);
});

test.run();
