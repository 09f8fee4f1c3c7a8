/** A case is told of: to who asked for it, by number, with more at its source; until it is closed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { newUuid7 } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { freePorts } from '../town/ports.ts';
import type { Town } from '../town/town.ts';
import { until } from '../town/wait.ts';
import { journeys } from './journey.ts';

const [dataPort = 0] = await freePorts(1);
const journey = journeys(test, {
  agencies: ['om', 'reclassering', 'halt'],
  tune: {
    adapter: (yaml, name) => ({
      ...yaml,
      gegevens:
        name === 'om' ? { host: '127.0.0.1', port: dataPort } : { insideHosts: ['localhost'] },
    }),
  },
});

const BASIS = 'wjsg-39f.1.f';
const CHANGED = 'nl.jeugdketen.zaakstatus-gewijzigd.v1';
const CLOSED = 'nl.jeugdketen.zaak-afgesloten.v1';
const OM = AGENCIES.om.oin;

interface Subscriptions {
  readonly abonnementen: readonly { readonly zaak?: string; readonly reden?: string }[];
  readonly hiaten: readonly { readonly van: string; readonly tot: string }[];
}
const WHO = { medewerker: 'R. Verzonnen' };

/** The registrar writes down where the prosecutor gives more. */
async function nameAddress(town: Town): Promise<void> {
  const file = town.paths.entry('om');
  const entry = parse(readFileSync(file, 'utf8')) as object;
  const gegevensadres = `https://localhost:${dataPort}/`;
  writeFileSync(file, stringify({ ...entry, gegevensadres }));
  await town.ketenpost('registry', 'apply', town.paths.register, ...town.asRegistrar);
}

async function tell({ agencies }: Town, zaak: string, more: object = {}): Promise<Uuid7> {
  const news = { zaak, type: CHANGED, status: { code: 'in-onderzoek' }, grondslag: [BASIS] };
  const told = await agencies.om.rest.post<{ berichten: { bericht: Uuid7 }[] }>(
    '/v1/gebeurtenissen',
    { ...news, ...more },
  );
  return told.berichten[0]?.bericht as Uuid7;
}

async function numberOf({ agencies }: Town, name: 'reclassering' | 'halt', bericht: Uuid7) {
  await agencies[name].untilReceived(OM, bericht);
  return Number((await agencies[name].open(OM, bericht)).bericht.inhoud['sequence']);
}

/** For some seconds the source goes by what the register said of it before. */
async function pointsTo({ agencies }: Town, bericht: Uuid7): Promise<boolean> {
  await agencies.reclassering.untilReceived(OM, bericht);
  const { inhoud } = (await agencies.reclassering.open(OM, bericht)).bericht;
  return inhoud['dataref'] !== undefined;
}

journey(
  'by case and by type, with a gap that is asked after, until the case is closed',
  async (town) => {
    const { reclassering, halt, om } = town.agencies;
    const zaak: string = newUuid7(Date.now());
    await nameAddress(town);
    const stand = { fase: 'dagvaarding', zitting: '2026-12-01' };
    const putting = { grondslag: [BASIS], stand };
    assert.is((await om.rest.call('PUT', `/v1/zaken/${zaak}/stand`, putting)).status, 200);
    const config = town.paths.adapterYaml('reclassering');
    const begun = await town.ketenpost<{ abonnement: Uuid7 }>(
      ...['subscribe', 'begin', '--case', zaak, '--source', OM, '--basis', BASIS],
      ...['--config', config],
    );
    await halt.rest.post('/v1/abonnementen', { ...WHO, typen: [CHANGED], grondslag: BASIS });
    const asked = { ...WHO, bron: OM, zaak, grondslag: 'wpg-16.1.b' };
    const refused = await reclassering.rest.call('POST', '/v1/abonnementen', asked);
    assert.is(refused.status, 403, 'the matrix gives it no such basis');

    const first = await until('an event that somebody is told of', async () => {
      const bericht = await tell(town, zaak);
      const track = await until('its fate', async () => {
        const found = await om.track(bericht);
        return found.staat !== 'ingediend' && found;
      });
      const isTold = track.staat !== 'geweigerd' && track.ontvangers.length === 2;
      return isTold && (await pointsTo(town, bericht)) && bericht;
    });
    const began = await numberOf(town, 'reclassering', first);
    assert.is(await numberOf(town, 'halt', first), began);

    // One is for Halt alone: who follows the case sees that it is missing.
    await numberOf(town, 'halt', await tell(town, zaak, { aan: [AGENCIES.halt.oin] }));
    const third = await tell(town, zaak);
    assert.is(await numberOf(town, 'reclassering', third), began + 2);
    const listed = () => reclassering.rest.get<Subscriptions>('/v1/abonnementen');
    const { hiaten } = await listed();
    assert.equal(
      hiaten.map(({ van, tot }) => [+van, +tot]),
      [[began + 1, began + 1]],
    );
    assert.equal((await halt.rest.get<Subscriptions>('/v1/abonnementen')).hiaten, []);
    const pulled = await reclassering.rest.post<{ gebeurtenissen: unknown[] }>(
      `/v1/abonnementen/${begun.abonnement}/_ophalen`,
      {},
    );
    assert.ok(Array.isArray(pulled.gebeurtenissen), 'nothing waits, or what is known');

    const fetched = await reclassering.rest.post<{ gegevens: { stand: object } }>(
      `/v1/postvak/${OM}/${third}/_haalop`,
      WHO,
    );
    assert.equal(fetched.gegevens.stand, stand);
    assert.equal((await listed()).hiaten, [], 'it was asked after');
    const { verstrekkingen } = await om.rest.get<{
      verstrekkingen: { afnemer: Oin; uitkomst: string; zaak: string }[];
    }>('/v1/verstrekkingen');
    assert.equal(
      verstrekkingen.map(({ afnemer, uitkomst, zaak: of }) => [afnemer, uitkomst, of]),
      [[reclassering.oin, 'verstrekt', zaak]],
    );

    const last = await tell(town, zaak, { type: CLOSED, status: { code: 'afgesloten' } });
    assert.is(await numberOf(town, 'reclassering', last), began + 3);
    await until('the end', async () => {
      const { abonnementen } = await listed();
      return abonnementen.some((one) => one.zaak === zaak && one.reden === 'zaak-afgesloten');
    });
    const after = await tell(town, zaak);
    await numberOf(town, 'halt', after);
    const { ontvangers } = await om.track(after);
    assert.equal(
      ontvangers.map(({ oin }) => oin),
      [halt.oin],
    );
  },
);

test.run();
