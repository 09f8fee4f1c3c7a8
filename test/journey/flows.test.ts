/** The demo as a test: the four flows, what must fail, and the proof, with keys of RSA-3072. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Question } from '../../adapters/consult/put-question.ts';
import type { ConsultationView } from '../../adapters/consult/view.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { verify } from '../../certs/verify.ts';
import { toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { proveIt } from '../demo/proofs.ts';
import { tryWhatMustFail } from '../demo/refusals.ts';
import { tellStory } from '../demo/story.ts';
import { openVoice } from '../demo/voice.ts';
import { OPERATOR } from '../town/agencies.ts';
import type { Desk } from '../town/desk.ts';
import { sample, sampleFile } from '../town/samples.ts';
import type { Town } from '../town/town.ts';
import { until } from '../town/wait.ts';
import { journeys } from './journey.ts';

const HOUR = 3_600_000;
const silent = openVoice(true);
const journey = journeys(test, { keys: 'rsa' });

journey('every message of the four flows comes to the states that were expected', async (town) => {
  const told = await tellStory(town, silent);
  assert.is(told.length, 13);
  assert.equal(
    told.filter(({ asExpected }) => !asExpected),
    [],
  );
});

journey('every attempt that must fail does so with its own code', async (town) => {
  const refused = await tryWhatMustFail(town, silent);
  assert.ok(refused.length >= 11);
  assert.equal(
    refused.filter(({ asExpected }) => !asExpected),
    [],
  );
});

journey(
  'a consultation: three are asked, two answer, one does not; the router signs how it ended',
  async (town) => {
    const { om, vt, reclassering, rvdk } = town.agencies;
    const asked = await consult(
      town,
      [vt, reclassering, rvdk],
      [...['--clock', 'zsm-6', '--arrest', new Date(Date.now() - HOUR).toISOString()]],
    );
    assert.equal(
      asked.partners.map(({ open }) => typeof open),
      ['boolean', 'boolean', 'undefined'],
      'by the hours in the register',
    );
    await answer(vt, om, asked, 'wmo-5.1.6.2', 'bekend');
    await answer(rvdk, om, asked, 'sv-494', 'onbekend');
    const config = ['--config', town.paths.adapterYaml('om')];
    const stands = await until('two answers', async () => {
      const found = await show(om, asked.conversatie);
      return found.telling.beantwoord === 2 && statesOf(found)[1] === 'afgeleverd' && found;
    });
    assert.equal(statesOf(stands), ['beantwoord', 'afgeleverd', 'beantwoord']);
    await town.ketenpost('consult', 'close', asked.conversatie, ...config);
    const { samenvatting } = await summedUp(om, asked.conversatie);
    const { partners } = samenvatting?.inhoud ?? {};
    assert.equal(
      partners?.map(({ oin, antwoorden: [one] }) => [oin, one?.teLaat]),
      [
        [toUrn(vt.oin), false],
        [toUrn(reclassering.oin), undefined],
        [toUrn(rvdk.oin), false],
      ],
    );
    for (const { vragen } of partners ?? []) assert.ok(vragen[0]?.afgeleverd);
    assert.ok(partners?.[1]?.vragen[0]?.ingetrokken);
    const [certificate = ''] = town.keys.certificates(OPERATOR.oin, 'authenticiteit');
    const router = readCertificate(readFileSync(certificate));
    await verify(samenvatting?.jws ?? '', TYP.summary, () => router);
  },
);

journey('an answer after the end is delivered, and marked by the router', async (town) => {
  const { om, vt } = town.agencies;
  const end = new Date(Date.now() + 6_000).toISOString();
  const asked = await consult(town, [vt], ['--until', end]);
  const { samenvatting } = await summedUp(om, asked.conversatie);
  assert.equal(samenvatting?.inhoud.partners[0]?.antwoorden, []);
  await answer(vt, om, asked, 'wmo-5.1.6.2', 'bekend');
  const late = await until('the answer', async () =>
    (await om.inbox()).find(({ verwijst }) => verwijst === asked.bericht),
  );
  assert.is(late.teLaat, true);
  assert.equal(statesOf(await show(om, asked.conversatie)), ['te-laat']);
});

async function consult(town: Town, partners: readonly Desk[], clock: readonly string[]) {
  const file = sampleFile('check-op-bekendheid', 'zsm');
  const to = partners.map(({ oin }) => oin).join(',');
  const given = [file, '--to', to, '--basis', 'wjsg-39f.1.f', ...clock];
  const config = ['--config', town.paths.adapterYaml('om')];
  type Put = Question & { readonly bericht: Uuid7; readonly conversatie: Uuid7 };
  return await town.ketenpost<Put>('consult', 'open', ...given, ...config);
}

const show = (asker: Desk, conversation: string): Promise<ConsultationView> =>
  asker.rest.get(`/v1/raadplegingen/${conversation}`);
const statesOf = ({ partners }: ConsultationView) => partners.map(({ vragen }) => vragen[0]?.staat);
const summedUp = (asker: Desk, conversation: string): Promise<ConsultationView> =>
  until('the summary', async () => {
    const found = await show(asker, conversation);
    return found.samenvatting !== undefined && found;
  });

/** As a partner does from its inbox: it answers the question that it sees there. */
async function answer(
  partner: Desk,
  asker: Desk,
  { bericht }: { bericht: Uuid7 },
  grondslag: string,
  name: string,
): Promise<void> {
  const question = await partner.untilReceived(asker.oin, bericht);
  assert.ok(question.beantwoordenVoor);
  const berichttype = 'uitslag-check-op-bekendheid';
  const inhoud = sample(berichttype, name);
  const { bericht: sent } = await partner.send({
    ...{ berichttype, grondslag, inhoud, prio: 'spoed', aan: [asker.oin], verwijst: bericht },
  });
  await partner.untilState(sent, asker.oin, 'afgeleverd');
}

journey('the ledger is whole, and a copy with one byte changed is not', async (town) => {
  const proofs = await proveIt(town, silent);
  assert.equal(
    proofs.filter(({ asExpected }) => !asExpected),
    [],
  );
});

test.run();
