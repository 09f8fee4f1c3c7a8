/**
 * Canaries: made-up personal data that is put into messages, good and bad, and then looked for
 * everywhere: logs, answers, the ledger, what the command line says, and each file of the broker and
 * the adapters. Subjects and headers lie in the broker's files, as they were sent.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Bericht } from '../schemas/generated/wire.ts';
import { passesElevenTest } from '../schemas/keywords.ts';
import { findCanaries, spellings } from './canary/search.ts';
import { journeys } from './journey/journey.ts';
import { runKetenpost } from './town/ketenpost.ts';
import type { RawAgency } from './town/raw.ts';
import { type Body, badSample, sample } from './town/samples.ts';
import type { Town } from './town/town.ts';
import { until } from './town/wait.ts';

const NAME = 'Kanariepietersen';
const STREET = 'Vogelkooistraat';
const TEXT = 'zeldzame-kanarie-in-de-mijn';
const WORKER = 'medewerker-kanarievanger';
const PHONE = '0612340099';
/** Begins with 9999, and keeps to the test of eleven as a real one would. */
const BSN = Array.from(
  { length: 100_000 },
  (_, at) => `9999${String(42_424 + at).padStart(5, '0')}`,
)
  .filter(passesElevenTest)
  .at(0) as string;
const CANARIES = [NAME, STREET, TEXT, WORKER, PHONE, BSN];

/** A report in which every canary sits where such data belongs. */
function withCanaries(body: Body): Body {
  const text = JSON.stringify(body);
  const person = {
    ...{ type: 'NatuurlijkPersoon', persoonId: 'kanarie', jeugdzorgrol: 'jeugdige' },
    burgerservicenummer: BSN,
    naam: { voornamen: 'Piet', geslachtsnaam: NAME },
    geslacht: { code: 'M' },
    telefoonnummers: [PHONE],
    verblijfplaats: {
      type: 'Adres',
      verblijfadres: { officieleStraatnaam: STREET, huisnummer: 1, woonplaats: 'Tilburg' },
    },
    gemeenteVanInschrijving: { code: '0855', omschrijving: 'Tilburg' },
  };
  const copy = JSON.parse(text) as { betrokkenen: unknown[] } & Body;
  return { ...copy, omschrijvingIncident: TEXT, betrokkenen: [...copy.betrokkenen, person] };
}

const good = withCanaries(sample('vt-melding', 'klein-2kb'));

const journey = journeys(test, { agencies: ['politie', 'vt'] });

/** Everything that was answered to somebody who may not read the message. */
const answers: string[] = [];

const claimsOf = (raw: RawAgency, inhoud: Body, more: Partial<Bericht> = {}) =>
  raw.claims({ berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', inhoud, ...more });

journey('a report with canaries arrives, is read, and taken over', async ({ agencies }) => {
  const { politie, vt } = agencies;
  const sent = await politie.send({
    ...{ berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', inhoud: good, prio: 'spoed' },
  });
  await politie.untilState(sent.bericht, vt.oin, 'afgeleverd');
  const opened = JSON.stringify(await vt.open(politie.oin, sent.bericht));
  for (const canary of [NAME, STREET, TEXT, PHONE, BSN]) assert.match(opened, canary);
  await vt.confirm(politie.oin, sent.bericht, WORKER);
  await politie.untilState(sent.bericht, vt.oin, 'verwerkt');
  answers.push(JSON.stringify(await politie.track(sent.bericht)), JSON.stringify(await vt.inbox()));
});

journey('messages with canaries are refused in every way', async (town) => {
  const raw = await town.raw('politie');
  const bad = {
    ...badSample('vt-melding', 'veel-tegelijk').inhoud,
    [NAME]: BSN,
    datumIncident: TEXT,
  };
  const wrong: Partial<Bericht>[] = [
    { berichttype: `vt-${TEXT}` },
    { grondslag: TEXT },
    { prio: TEXT as never },
    { zaak: TEXT as never },
    { conversatie: `${NAME}` as never },
    { versie: BSN },
    { iat: 1 },
  ];
  const refused = [
    await raw.send(claimsOf(raw, withCanaries(bad))),
    ...(await Promise.all(wrong.map((more) => raw.send(claimsOf(raw, good, more))))),
    await raw.submit(await raw.seal(`${await raw.sign(claimsOf(raw, good))}AA`)),
    await raw.submit(await raw.seal(JSON.stringify(good))),
    await raw.submit(JSON.stringify(good)),
    await raw.call('GET', `/v1/berichten/${NAME}?bsn=${BSN}`),
    await raw.call('POST', `/v1/postbus/${town.agencies.vt.oin}/_ophalen`, JSON.stringify(good)),
    await raw.call('POST', '/v1/ontvangstbewijzen', TEXT, 'application/secevent+jwt'),
  ];
  for (const { status, body } of refused) {
    assert.ok(status >= 400, `${status} for ${JSON.stringify(body).slice(0, 80)}`);
    answers.push(JSON.stringify(body));
  }
});

journey('the adapter refuses them in every way', async ({ agencies: { politie, vt } }) => {
  const draft = { berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i' };
  const refused = [
    await politie.rest.call('POST', '/v1/berichten', {
      ...draft,
      inhoud: { ...good, [NAME]: BSN },
    }),
    await politie.rest.call('POST', '/v1/berichten', { ...draft, [NAME]: BSN, inhoud: good }),
    await politie.rest.call('POST', '/v1/berichten', { ...draft, grondslag: TEXT, inhoud: {} }),
    await politie.rest.call('GET', `/v1/berichten/${NAME}`),
    await vt.rest.call('GET', `/v1/postvak/${NAME}/${BSN}`),
    await vt.rest.call('POST', `/v1/postvak/${politie.oin}/${BSN}/_bevestig`, {
      medewerker: WORKER,
    }),
  ];
  for (const { status, body } of refused) {
    assert.ok(status >= 400, String(status));
    answers.push(JSON.stringify(body));
  }
});

journey('the command line refuses them too', async (town) => {
  const file = join(town.folder, 'canary.json');
  writeFileSync(file, JSON.stringify({ ...good, [NAME]: BSN, datumIncident: TEXT }));
  const said = await runKetenpost(
    ...['send', file, '--type', 'vt-melding', '--grondslag', 'bpg-4.2.1.i'],
    ...['--config', town.paths.adapterYaml('politie')],
  );
  assert.is(said.status, 3);
  const shown = await runKetenpost(
    'ledger',
    'show',
    '--last',
    '500',
    '--config',
    town.paths.router,
  );
  assert.is(shown.status, 0);
  const dead = await runKetenpost('deadletters', 'list', '--config', town.paths.router);
  answers.push(said.stdout, said.stderr, shown.stdout, shown.stderr, dead.stdout, dead.stderr);
  writeFileSync(file, '');
});

journey(
  'the broker falls with such a message under way, and the router says how it is',
  async (town) => {
    const raw = await town.raw('politie');
    const claims = claimsOf(raw, good);
    await town.broker.kill();
    const { status, body } = await raw.send(claims);
    assert.is(status, 503);
    answers.push(JSON.stringify(body));
    await town.broker.start();
    await until('the message to be taken', async () => (await raw.send(claims)).status === 202, 60);
    const [router] = town.router;
    const said = readFileSync(router?.log ?? '', 'utf8');
    const [, place] = /"?metrics"?[=:]"?(http:[^\s"]+)/.exec(said) ?? [];
    const metrics = await fetch(`${place}/metrics`).then((answer) => answer.text());
    assert.match(metrics, 'ketenpost_messages_total');
    answers.push(metrics);
  },
);

journey('no answer holds a canary', async () => {
  assert.ok(answers.length > 20);
  assert.equal(
    findCanaries(new Map(answers.map((text, at) => [`answer ${at}`, text])), CANARIES),
    [],
  );
});

/** All files below a folder, as bytes. */
const filesBelow = (folder: string): Map<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file, readFileSync(file)]),
  );

const tokensOf = (town: Town): string[] =>
  (['politie', 'vt'] as const).map((name) => readFileSync(town.paths.token(name), 'utf8').trim());

journey('no file of the town holds one: logs, broker, adapters', async (town) => {
  const files = filesBelow(town.folder);
  const under = (part: string) => [...files.keys()].filter((file) => file.includes(part)).length;
  for (const part of ['/logs/', '/broker/store/', 'adapter.db']) assert.ok(under(part) > 0, part);
  assert.equal(findCanaries(files, CANARIES), []);
});

journey('no log and no file of the broker holds a token, a passphrase or a key', async (town) => {
  const secrets = [...tokensOf(town), ...passphrases(town), 'PRIVATE KEY'];
  const searched = new Map([
    ...filesBelow(join(town.folder, 'logs')),
    ...filesBelow(join(town.paths.broker, 'store')),
  ]);
  assert.equal(findCanaries(searched, secrets), []);
});

const passphrases = (town: Town): string[] =>
  [...filesBelow(town.paths.certs)]
    .filter(([file]) => file.endsWith('passphrase'))
    .map(([, bytes]) => bytes.toString().trim());

journey('the search finds what is there: ids do lie in those files', async (town) => {
  const [row] = await town.agencies.vt.inbox();
  const found = findCanaries(filesBelow(join(town.paths.broker, 'store')), [row?.bericht ?? '']);
  assert.ok(found.length > 0);
});

test('the search finds a canary however it is spelled', () => {
  for (const text of spellings(NAME)) {
    const hay = Buffer.concat([Buffer.from('xx'), Buffer.from(text), Buffer.from('yy')]);
    assert.is(findCanaries(new Map([['here', hay]]), [NAME]).length, 1, String(text));
  }
  const wrapped = `a${JSON.stringify({ naam: NAME })}`;
  for (const coding of ['base64', 'base64url', 'hex'] as const) {
    for (const shift of ['', 'x', 'xy']) {
      const hay = Buffer.from(shift + wrapped).toString(coding);
      assert.is(findCanaries(new Map([['here', hay]]), [NAME]).length, 1, `${coding} ${shift}`);
    }
  }
  assert.equal(findCanaries(new Map([['here', 'nothing']]), [NAME]), []);
});

test.run();
