/** A prosecutor consults four partners against the clock, and decides without the one that is silent. */
import type { Samenvatting } from '../../schemas/generated/wire.ts';
import { toUrn } from '../../schemas/ids.ts';
import type { Desk, Posted } from '../town/desk.ts';
import { sample } from '../town/samples.ts';
import { until } from '../town/wait.ts';
import { deliver, draft, ms, type Telling } from './telling.ts';
import { Followed } from './told.ts';

const OFFICER = 'o.verzonnen';

export async function zsmAsks(telling: Telling): Promise<void> {
  const { voice, town } = telling;
  const { om, vt, reclassering, rvdk, halt } = town.agencies;
  const partners = [vt, reclassering, rvdk, halt];
  voice.heading('3. ZSM asks four partners at once: do you know this person?');
  const { question, until: end } = await open(om, partners);
  const span = `${clock.format(Date.now() - HALF_HOUR)} to ${clock.format(Date.parse(end))}`;
  voice.say(`Six hours of questioning since the arrest, the night not counted: ${span}.`);
  const reached = partners.flatMap((partner) => [
    question.until(partner, 'aanvaard'),
    question.until(partner, 'afgeleverd'),
  ]);
  await Promise.all(reached);
  for (const partner of partners) {
    const delivered = await question.until(partner, 'afgeleverd');
    voice.good(
      `check-op-bekendheid: sealed for ${partner.kort} alone, afgeleverd ${ms(delivered)}`,
    );
    telling.told.push(await question.tell('known or not?', partner, ['aanvaard', 'afgeleverd']));
  }
  await answer(telling, question.posted);
  await decideWithout(telling, question.posted, halt);
}

const HALF_HOUR = 1_800_000;
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

async function open(om: Desk, partners: readonly Desk[]) {
  const started = performance.now();
  const posted = await om.rest.post<Posted & { eind: string }>('/v1/raadplegingen', {
    medewerker: OFFICER,
    aan: partners.map(({ oin }) => oin),
    grondslag: 'wjsg-39f.1.f',
    klok: 'zsm-6',
    aanvang: new Date(Date.now() - HALF_HOUR).toISOString(),
    inhoud: sample('check-op-bekendheid', 'zsm'),
  });
  return { question: new Followed(om, posted, started), until: posted.eind };
}

async function answer(telling: Telling, { bericht: verwijst }: Posted): Promise<void> {
  const { om } = telling.town.agencies;
  for (const [partner, basis, name, said] of answersOf(telling)) {
    const body = sample('uitslag-check-op-bekendheid', name);
    const reply = draft('uitslag-check-op-bekendheid', basis, body, { aan: [om.oin], verwijst });
    const sent = await deliver(telling, partner, om, { ...reply, prio: 'spoed' });
    telling.told.push(await sent.tell(`answer: ${said}`, om, ['aanvaard', 'afgeleverd']));
  }
}

const answersOf = ({ town: { agencies } }: Telling) =>
  [
    [agencies.vt, 'wmo-5.1.6.2', 'bekend', 'known'],
    [agencies.reclassering, 'sv-147', 'onbekend', 'not known'],
    [agencies.rvdk, 'sv-494', 'rvdk-bekend', 'known'],
  ] as const;

/** What is withdrawn waits for nobody: the summary comes at once, and not at the end of the clock. */
async function decideWithout(
  { voice, town }: Telling,
  { conversatie }: Posted,
  silent: Desk,
): Promise<void> {
  const { om } = town.agencies;
  const path = `/v1/raadplegingen/${conversatie}`;
  await om.rest.post(`${path}/_sluit`, { medewerker: OFFICER });
  voice.good(`ZSM decides without ${silent.kort}, and withdraws what it asked of it`);
  const { partners } = await until('the summary of the router', async () => {
    const { samenvatting } = await om.rest.get<Stand>(path);
    return samenvatting?.inhoud;
  });
  const answered = partners.filter(({ antwoorden }) => antwoorden.length > 0);
  const reached = partners.filter(({ vragen }) => vragen.every((one) => one.afgeleverd));
  const withdrawn = partners.filter(({ vragen }) => vragen.some((one) => one.ingetrokken));
  const isRight =
    answered.length === 3 &&
    reached.length === 4 &&
    withdrawn.map(({ oin }) => oin).join() === toUrn(silent.oin);
  voice[isRight ? 'good' : 'bad'](
    `the router signs what it knows: ${reached.length} of ${partners.length} had the question, ${answered.length} answered in time`,
  );
  if (!isRight) throw new Error('the summary is not as expected');
}

interface Stand {
  readonly samenvatting?: { readonly inhoud: Samenvatting };
}
