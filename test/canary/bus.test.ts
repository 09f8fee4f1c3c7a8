/**
 * Canaries over the bus: everything that door and pipeline say to the broker (subjects, headers,
 * data), and all that comes of it inside (logs, metrics, ledger, dead letters, answers), after good
 * messages, refusals of every kind and faults of our own whose errors quote what they stumbled over.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bus, Log } from '../../router/bus/bus.ts';
import { route } from '../../router/route.ts';
import {
  codeOf,
  type Fortress,
  headerOf,
  openFortress,
  signTexts,
  type Visitor,
} from '../attack/fortress.ts';
import { findCanaries } from './search.ts';

const NAME = 'Kanariepietersen';
const TEXT = 'zeldzame-kanarie-op-de-bus';
/** Begins with 9999, and passes the test of eleven. */
const BSN = '999900146';
const CANARIES = [NAME, TEXT, BSN];

/** Everything that went over the bus: what, and its subject, headers and data. */
const heard = new Map<string, string | Uint8Array>();
let count = 0;
const hear = (what: string, ...parts: readonly (string | object | Uint8Array | undefined)[]) => {
  for (const part of parts) {
    const text =
      part instanceof Uint8Array || typeof part === 'string' ? part : JSON.stringify(part ?? '');
    heard.set(`${what} ${++count}`, text);
  }
};

/** A bus that is listened to, and whose stores may be made to fail with an error that quotes. */
let failing = false;
function tapped(bus: Bus): Bus {
  const log = (name: Parameters<Bus['log']>[0]): Log => {
    const inner = bus.log(name);
    return {
      ...inner,
      put(subject, data, options) {
        hear(`put ${name}`, subject, data, options?.headers);
        if (failing && name === 'MAILBOX')
          throw new TypeError(`cannot store ${NAME} ${BSN}: ${TEXT}`);
        return inner.put(subject, data, options);
      },
    };
  };
  return {
    ...bus,
    log,
    async ask(subject, data, options) {
      // A receipt is signed, not sealed: what an agency writes into one itself passes by, unstored.
      hear('ask', subject, options.headers, subject.startsWith('route') ? data : undefined);
      const answer = await bus.ask(subject, data, options);
      hear('answer', answer);
      return answer;
    },
    notify(subject) {
      hear('notify', subject);
      bus.notify(subject);
    },
    serve: (subject, group, answer) =>
      bus.serve(subject, group, async (ask) => {
        const given = await answer(ask);
        hear('reply', given);
        return given;
      }),
  };
}

let fortress: Fortress;
let police: Visitor;
let vt: Visitor;
const answers: unknown[] = [];
test.before(async () => {
  fortress = await openFortress({ wrap: tapped, serves: false });
  [police, vt] = await Promise.all([fortress.visitor('politie'), fortress.visitor('vt')]);
});
test.after(() => fortress.stop());

const withCanaries = () => {
  const claims = police.player.claims();
  const inhoud = { ...claims.inhoud, omschrijvingIncident: `${TEXT} ${NAME} ${BSN}` };
  return { ...claims, inhoud };
};

test('a report with canaries goes the whole way, and is refused in many', async () => {
  const pipeline = await fortress.house.pipeline(tapped);
  const jws = await police.player.sign(withCanaries());
  const sent = await police.offer(jws);
  assert.is(codeOf(sent), 'aanvaard');
  const { body } = await vt.collect({ maximum: 10 });
  const opened = await vt.player.open(body.afleveringen[0].inhoud);
  assert.match(JSON.stringify(opened.claims), NAME, 'the recipient reads it');
  await vt.collect({ ontvangstbewijzen: [await vt.player.receipt(jws, 'afgeleverd')] });
  answers.push(sent.body, (await police.collect()).body);
  const key = police.player.identity.signing;
  const good = withCanaries();
  const spoilt = [
    JSON.stringify({ ...good, [NAME]: BSN }),
    JSON.stringify({ ...good, jti: police.player.claims().jti, prio: NAME }),
    JSON.stringify({ ...withCanaries(), berichttype: `vt-${TEXT}` }),
    JSON.stringify({ ...withCanaries(), grondslag: TEXT }),
    JSON.stringify({ ...withCanaries(), zaak: BSN, conversatie: NAME }),
    JSON.stringify({ ...withCanaries(), inhoud: { [NAME]: { [BSN]: TEXT } } }),
    JSON.stringify(withCanaries()).replace('{', `{"${NAME}":"${BSN}","${NAME}":1,`),
    `${JSON.stringify(withCanaries())}${NAME}`,
  ];
  for (const text of spoilt) {
    const answer = await police.offer(await signTexts(headerOf(key), text, key), {
      traceparent: `00-${NAME}`,
      'fsc-transaction-id': BSN,
      'user-agent': NAME,
      [NAME]: TEXT,
    });
    assert.ok(answer.status >= 400, text.slice(-60));
    answers.push(answer.body);
  }
  const header = headerOf(key, { [NAME]: TEXT });
  for (const bad of [await signTexts(header, spoilt[0] ?? '', key), `${NAME}.${BSN}.${TEXT}`, NAME])
    answers.push((await police.offer(bad)).body);
  for (const path of [
    `/v1/berichten/${NAME}`,
    `/v1/${BSN}?q=${TEXT}`,
    `/v1/organisaties/${BSN}/certificaten`,
  ])
    for (const headers of [
      (await police.player.showing()).headers,
      { authorization: `Bearer ${NAME}.${BSN}.e30` },
    ])
      answers.push((await police.http.ask(path, { headers })).body);
  answers.push((await police.collect({ bewijs: `${NAME}.${BSN}.e30`, [NAME]: TEXT })).body);
  answers.push((await police.receipt(`${NAME}.${BSN}.${TEXT}`)).body);
  for (const line of pipeline.lines) hear('pipeline log', line);
  hear('pipeline metrics', await pipeline.rooms.metrics.text());
  await pipeline.stop();
});

test('a fault of ours quotes what it stumbled over: nobody repeats it, and the parked story is sealed', async () => {
  const pipeline = await fortress.house.pipeline(tapped);
  failing = true;
  const jwe = await police.player.seal(await police.player.sign(withCanaries()));
  for (let turn = 0; turn < 4; turn++) {
    const answer = await police.submit(jwe);
    assert.is(codeOf(answer), 'temporarily-unavailable');
    answers.push(answer.body);
  }
  answers.push(
    await route(pipeline.rooms, { jwe: Buffer.from(jwe), peer: police.player.oin, prio: 'spoed' }),
  );
  failing = false;
  assert.ok(
    pipeline.lines.some(({ msg }) => msg === 'message failed'),
    'the fault is told',
  );
  for (const line of pipeline.lines) hear('pipeline log after a fault', line);
  hear('pipeline metrics after a fault', await pipeline.rooms.metrics.text());
  for (const parked of await fortress.house.parked()) hear('dead letter', parked);
  await pipeline.stop();
});

test('no subject, header, byte on the bus, log, metric, ledger record or answer holds a canary', async () => {
  for (const kind of [
    'bericht',
    'geweigerd',
    'voorgenomen',
    'aanvaard',
    'ontvangstbewijs',
    'ontvangstbewijs-geweigerd',
    'besluit',
    '*',
  ])
    for (const entry of await fortress.house.ledger(kind)) hear(`ledger ${kind}`, entry);
  for (const line of fortress.log) hear('door log', line);
  hear('door metrics', await fortress.metrics.text());
  for (const answer of answers) hear('answer of the door', answer as object);
  assert.ok(heard.size > 100, `${heard.size} things were heard`);
  assert.ok([...heard.keys()].some((what) => what.startsWith('ledger')));
  assert.ok([...heard.keys()].some((what) => what.startsWith('put MAILBOX')));
  assert.equal(findCanaries(heard, CANARIES), []);
});

test('the search would have found one: ids are there', () => {
  assert.ok(findCanaries(heard, [police.player.oin]).length > 5);
});

test.run();
