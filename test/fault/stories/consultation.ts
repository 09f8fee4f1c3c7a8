/** Questions under clocks, while every part that keeps them is killed in turn. */
import type { ConsultationView } from '../../../adapters/consult/view.ts';
import { knowsSyncInterval } from '../../../router/bus/durability.ts';
import { serverVersion } from '../../../router/bus/server.ts';
import type { Samenvatting } from '../../../schemas/generated/wire.ts';
import { newUuid7 } from '../../../schemas/ids.ts';
import { FakeSystem } from '../../adapters/fake-system.ts';
import type { AdapterClient } from '../../town/adapter-client.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { sample } from '../../town/samples.ts';
import { until } from '../../town/wait.ts';
import { type Heard, judge, type Put } from '../judge-consultations.ts';
import type { Acted, Stage, Story } from '../story.ts';
import { killOften } from './kills.ts';

/** How long each clock runs: reminders come at half and at three quarters of it. */
const CLOCK_S = 40;
const OPENED = { whole: 18, quick: 6 } as const;
/**
 * A copy that a broker loses its sender offers again; a word of the router nobody does. nats-server 2.9.10
 * lost four summaries of six after kill -9, in one run of three (docs/faults.md): it is killed where it may serve.
 */
const killed = (): readonly string[] => [
  ...['router-1-pipeline', 'router-2-pipeline', 'router-3-pipeline', 'om', 'vt'],
  ...(knowsSyncInterval(serverVersion()) ? ['broker'] : []),
];
/** For what a fault kept back: waits between offers are three seconds here, a lease is six. */
const PATIENCE_S = 120;
/** A second word would have come by then. */
const QUIET_S = 10;
const ANSWERS = { vt: ['wmo-5.1.6.2', 'bekend'], rvdk: ['sv-494', 'rvdk-bekend'] } as const;
type Partner = keyof typeof ANSWERS;

/** Hands in under an id of its own, until the adapter has taken it. */
async function handIn<T>(client: AdapterClient, path: string, body: object): Promise<T> {
  const own = { ...body, jti: newUuid7(Date.now()) };
  return until(
    `an adapter that takes ${path}`,
    async () => {
      const answer = await client.call('POST', path, own).catch(() => undefined);
      return answer?.status === 202 ? (answer.body as T) : undefined;
    },
    PATIENCE_S,
  );
}

async function ask({ town }: Stage): Promise<Put> {
  const partners = [AGENCIES.vt.oin, AGENCIES.rvdk.oin];
  const number = `PROEF-RAADPLEGING-${newUuid7(Date.now())}`.slice(0, 40);
  const { conversatie, bericht } = await handIn<{ conversatie: string; bericht: string }>(
    town.agencies.om.rest,
    '/v1/raadplegingen',
    {
      ...{ medewerker: 'o.verzonnen', aan: partners, grondslag: 'wjsg-39f.1.f', klok: 'vrij' },
      eind: new Date(Date.now() + CLOCK_S * 1000).toISOString(),
      inhoud: { ...sample('check-op-bekendheid', 'zsm'), identificatie: number },
    },
  );
  return { conversatie, vraag: bericht, partners };
}

/** Once the partner has the question, and so many seconds later: in time, or late. */
async function answer({ town, run }: Stage, partner: Partner, put: Put, seconds: number) {
  const { rest } = town.agencies[partner];
  const { conversatie, vraag: verwijst } = put;
  const path = `/v1/postvak/${AGENCIES.om.oin}/${verwijst}`;
  const isThere = () => rest.call('GET', path).catch(() => undefined);
  await until('the question', async () => (await isThere())?.status === 200, PATIENCE_S);
  await run(seconds);
  const [grondslag, name] = ANSWERS[partner];
  const berichttype = 'uitslag-check-op-bekendheid';
  await handIn(rest, '/v1/berichten', {
    ...{ berichttype, aan: [AGENCIES.om.oin], grondslag, prio: 'spoed', verwijst, conversatie },
    inhoud: sample(berichttype, name),
  });
}

/** Each question with a kill at the same time; some are answered, some late, some never. */
async function askAndKill(stage: Stage): Promise<readonly Put[]> {
  const { chance, quick, say } = stage;
  const parts = killed();
  const put: Put[] = [];
  const answers: Promise<void>[] = [];
  const questions = quick ? OPENED.quick : OPENED.whole;
  for (let at = 0; at < questions; at++) {
    const part = parts[at % parts.length] ?? 'om';
    const [one] = await Promise.all([ask(stage), killOften(stage, part, 1)]);
    put.push(one);
    say(`${put.length} of ${questions} questions put`);
    for (const partner of ['vt', 'rvdk'] as const) {
      const seconds = chance.between(0, CLOCK_S * 1.2);
      if (chance.next() < 0.6) answers.push(answer(stage, partner, one, seconds));
    }
  }
  await Promise.all(answers);
  return put;
}

/** What the asker's adapter shows of each, when all of them are summed up. */
async function settled({ town }: Stage, put: readonly Put[]): Promise<readonly ConsultationView[]> {
  const { rest } = town.agencies.om;
  const look = () =>
    Promise.all(
      put.map(({ conversatie }) =>
        rest.get<ConsultationView>(`/v1/raadplegingen/${conversatie}`).catch(() => undefined),
      ),
    );
  const all = async () => (await look()).every((one) => one?.samenvatting !== undefined);
  await until('every summary', all, PATIENCE_S).catch(() => undefined);
  return (await look()).filter((one) => one !== undefined);
}

/** What their systems were told: the asker's of summaries, the partner's of reminders. */
function toldTo(asker: FakeSystem, partner: FakeSystem): Pick<Heard, 'summaries' | 'reminders'> {
  const events = (system: FakeSystem) => system.calls.map(({ body }) => Object(body) as Event);
  return {
    summaries: events(asker)
      .filter(({ type }) => type === 'nl.ketenpost.raadpleging.samengevat')
      .map(({ data }) => (data as { inhoud: Samenvatting }).inhoud),
    reminders: events(partner)
      .filter(({ type }) => type === 'nl.ketenpost.termijn.loopt')
      .map(({ id, data }) => ({ id, vraag: (data as { bericht: string }).bericht })),
  };
}

interface Event {
  readonly id: string;
  readonly type?: string;
  readonly data?: unknown;
}

const answersIn = (views: readonly ConsultationView[], conversatie: string) =>
  (views.find((one) => one.conversatie === conversatie)?.partners ?? []).flatMap((partner) =>
    partner.vragen.flatMap(({ antwoorden }) =>
      antwoorden.map(({ bericht, teLaat }) => ({ bericht, partner: partner.oin, late: teLaat })),
    ),
  );

async function play(stage: Stage, asker: FakeSystem, partner: FakeSystem): Promise<Acted> {
  const put = await askAndKill(stage);
  stage.say('waiting for every summary');
  await settled(stage, put);
  await stage.run(QUIET_S);
  const views = await settled(stage, put);
  const heard = { put, ...toldTo(asker, partner) };
  const wrong = judge({ ...heard, answers: (conversatie) => answersIn(views, conversatie) });
  const answers = put.flatMap(({ conversatie }) => answersIn(views, conversatie));
  const counts = [
    `${new Set(heard.summaries.map(({ jti }) => jti)).size} summaries of ${put.length} consultations`,
    `${answers.length} answers (${answers.filter(({ late }) => late).length} late)`,
    `${new Set(heard.reminders.map(({ id }) => id)).size} reminders of one partner`,
  ];
  return {
    moments: `${put.length} questions, a kill with each`,
    remarks: [counts.join(', '), ...wrong],
    detected: wrong.length === 0 && answers.length > 0 && heard.reminders.length > 0,
  };
}

export const CONSULTATION: Story = {
  name: 'consultation',
  fault: 'kill -9 of each part, with questions under clocks',
  async begin() {
    const [asker, partner] = [await FakeSystem.open(), await FakeSystem.open()];
    return {
      perSecond: 3,
      town: {
        roles: ['door', 'pipeline', 'pipeline', 'pipeline'],
        tune: {
          adapter: (yaml, name) => {
            if (name === 'om') return { ...yaml, webhook: { url: asker.url, timeoutSeconds: 5 } };
            const { webhook } = yaml as { webhook?: object };
            return name === 'vt'
              ? { ...yaml, webhook: { ...webhook, alarmUrl: partner.url } }
              : yaml;
          },
        },
      },
      act: (stage) => play(stage, asker, partner),
      end: async () => void (await Promise.all([asker.close(), partner.close()])),
    };
  },
};
