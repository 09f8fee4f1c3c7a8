import { spawnSync } from 'node:child_process';
import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOf } from '../../certs/digest.ts';
import { openingKey } from '../../certs/handles.ts';
import { open } from '../../certs/open.ts';
import { verify } from '../../certs/verify.ts';
import { projectFolder } from '../../project.ts';
import { toUrn } from '../../schemas/ids.ts';
import { CTY, RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { checkBody, checkWire } from '../../schemas/validate.ts';
import {
  at,
  blocksOf,
  certificateOf,
  documentFile,
  type ExampleAgency,
  type ExampleJwe,
  type ExampleJws,
  exampleFile,
  keyOf,
  readExample,
} from './example.ts';

const example = readExample();
const document = readFileSync(documentFile(), 'utf8');

/** Verifies as the one who receives it does, and holds header, claims and digest to the example. */
async function verified(
  { jws, claims, digest, header }: ExampleJws,
  by: ExampleAgency,
  typ: string,
) {
  const certificate = certificateOf(by.authenticiteit);
  const find = (x5t: string) => (x5t === certificate.x5t ? certificate : undefined);
  const found = await verify(jws, typ, find);
  assert.equal(found.claims, { ...claims });
  assert.is(digestOf(jws), digest);
  assert.equal(JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString()), {
    ...header,
  });
  return found.claims;
}

async function opened(jwe: string, by: ExampleAgency, cty: string): Promise<string> {
  const { vertrouwelijkheid } = by;
  const key = await openingKey(keyOf(vertrouwelijkheid), certificateOf(vertrouwelijkheid));
  const found = await open(jwe, cty, (x5t) => (x5t === key.x5t ? key : undefined));
  return found?.plaintext.toString('utf8') ?? 'not mine';
}

/** Opens with the content key alone, which shows that the value in the example is the right one. */
function openedBare({ jwe, contentKey }: ExampleJwe): string {
  const [head = '', , ...rest] = jwe.split('.');
  const [iv, ciphertext, tag] = rest.map((part) => Buffer.from(part, 'base64url'));
  const none = Buffer.alloc(0);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(contentKey, 'base64url'),
    iv ?? none,
  );
  decipher.setAAD(Buffer.from(head)).setAuthTag(tag ?? none);
  return decipher.update(ciphertext ?? none).toString('utf8') + decipher.final('utf8');
}

for (const kind of ['rsa', 'ec'] as const) {
  const { sender, router, recipient, ...one } = example[kind];

  test(`${kind}: the router opens the submission and verifies the sender`, async () => {
    const text = await opened(one.submission.jwe, router, CTY.submission);
    assert.is(text, one.message.jws);
    const claims = checkWire('bericht', await verified(one.message, sender, TYP.message));
    checkBody(claims.berichttype, claims.versie, claims);
    assert.is(claims.iss, toUrn(sender.oin as never));
  });

  test(`${kind}: the recipient opens the delivery, verifies sender and note, and states a receipt`, async () => {
    const text = await opened(one.delivery.jwe, recipient, CTY.delivery);
    const delivery = checkWire('aflevering', JSON.parse(text));
    assert.equal(delivery, { bericht: one.message.jws, routenota: one.routeNote.jws });
    const note = checkWire('routenota', await verified(one.routeNote, router, TYP.routeNote));
    assert.is(note.aud, toUrn(recipient.oin as never));
    assert.is(note.dig, digestOf(delivery.bericht));
    const claims = await verified(one.receipt, recipient, TYP.receipt);
    const fact = checkWire('ontvangstbewijs', claims).events[RECEIPT_EVENT];
    assert.is(fact.dig, one.message.digest);
    assert.is(fact.staat, 'afgeleverd');
  });

  test(`${kind}: the content keys are those that were wrapped`, () => {
    for (const sealed of [one.submission, one.delivery]) {
      assert.is(openedBare(sealed), sealed.plaintext);
    }
  });
}

test('the document shows what the example holds', () => {
  const blocks = blocksOf(document);
  assert.ok(blocks.length >= 10);
  for (const { path, text } of blocks) {
    assert.equal(JSON.parse(text), at(example, path), path);
  }
});

test('the document names every typ and cty, and no other', () => {
  const tables = document.slice(0, document.indexOf('## Message'));
  const named = [...tables.matchAll(/^\| [^|]+ \| `([^`]+)` \|/gm)].map(([, name]) => name);
  assert.equal(named.sort(), [...Object.values(TYP), ...Object.values(CTY)].sort());
});

test('the example is of made-up agencies only', () => {
  const text = readFileSync(exampleFile(), 'utf8');
  for (const [oin] of text.matchAll(/000000\d{14}/g)) assert.match(oin, /^00000099/);
});

test('python3-jwcrypto reads it all, and what it seals we open', async () => {
  const python = '/usr/bin/python3';
  if (spawnSync(python, ['-c', 'import jwcrypto']).status !== 0) {
    process.stdout.write('skipped, python3-jwcrypto is not here\n');
    return;
  }
  const script = join(projectFolder(), 'test', 'vectors', 'check_example.py');
  const { status, stdout, stderr } = spawnSync(python, [script, exampleFile()], {
    encoding: 'utf8',
  });
  assert.is(status, 0, stderr);
  const resealed = JSON.parse(stdout) as Record<'rsa' | 'ec', string>;
  for (const kind of ['rsa', 'ec'] as const) {
    const { router, message } = example[kind];
    assert.is(await opened(resealed[kind], router, CTY.submission), message.jws);
  }
});

test.run();
