/** The four flows of the mission, as the people of the town would go through them. */
import type { Draft } from '../../adapters/send/draft.ts';
import type { Uuid } from '../../schemas/ids.ts';
import type { Desk } from '../town/desk.ts';
import { type Body, sample } from '../town/samples.ts';
import type { Town } from '../town/town.ts';
import { Followed, type Told } from './told.ts';
import type { Voice } from './voice.ts';

export interface Telling {
  readonly town: Town;
  readonly voice: Voice;
  readonly told: Told[];
}

/** A story is told in order; each part adds its lines to the table. */
export async function tellStory(town: Town, voice: Voice): Promise<Told[]> {
  const telling: Telling = { town, voice, told: [] };
  await urgentReport(telling);
  await youthToHalt(telling);
  await zsmAsks(telling);
  await caseUpdate(telling);
  return telling.told;
}

const ms = (value: number): string => `${Math.round(value)} ms`;

const draft = (
  berichttype: string,
  grondslag: string,
  inhoud: Body,
  more: Partial<Draft> = {},
) => ({
  ...{ berichttype, grondslag, inhoud },
  ...more,
});

/** Hands in, waits for delivery, and says so. */
async function deliver(
  { voice }: Telling,
  from: Desk,
  to: Desk,
  message: Draft,
): Promise<Followed> {
  const sent = await Followed.send(from, message);
  const [accepted, delivered] = await Promise.all([
    sent.until(to, 'aanvaard'),
    sent.until(to, 'afgeleverd'),
  ]);
  voice.good(
    `${message.berichttype}: ${from.kort} → ${to.kort}, aanvaard ${ms(accepted)}, afgeleverd ${ms(delivered)}`,
  );
  return sent;
}

async function urgentReport(telling: Telling): Promise<void> {
  const { voice, told } = telling;
  const { politie, vt } = telling.town.agencies;
  voice.heading('1. An urgent report about a household in Heusden');
  voice.say('Police Oost-Brabant reports; nobody names the recipient. Heusden lies in police unit');
  voice.say('Oost-Brabant and yet belongs to Veilig Thuis Midden-Brabant: the router must know.');
  const body = sample('vt-melding', 'heusden-spoed');
  const spoed = { prio: 'spoed' } as const;
  const report = await deliver(
    telling,
    politie,
    vt,
    draft('vt-melding', 'bpg-4.2.1.i', body, spoed),
  );
  const opened = await vt.open(politie.oin, report.posted.bericht);
  voice.good(`VT opens it; its own adapter verified the signature of ${opened.afzender.naam}`);
  await vt.confirm(politie.oin, report.posted.bericht, 'm.verzonnen');
  voice.good(`a worker of VT takes it over: verwerkt ${ms(await report.until(vt, 'verwerkt'))}`);
  const feedback = await deliver(
    telling,
    vt,
    politie,
    draft(
      'vt-terugkoppeling',
      'wmo-4.1.1.2.g',
      sample('vt-terugkoppeling', 'veiligheidsbeoordeling'),
      {
        aan: [politie.oin],
        verwijst: report.posted.bericht,
      },
    ),
  );
  told.push(
    await report.tell('urgent report', vt, ['aanvaard', 'afgeleverd', 'verwerkt']),
    await feedback.tell('feedback to reporter', politie, ['aanvaard', 'afgeleverd']),
  );
}

async function youthToHalt(telling: Telling): Promise<void> {
  const { voice, told } = telling;
  const { politie, halt, vt } = telling.town.agencies;
  voice.heading('2. Police refers a youth to Halt, and Halt reports to Veilig Thuis');
  const referral = await deliver(
    telling,
    politie,
    halt,
    draft('halt-verwijzing', 'bpg-4.2.1.f', sample('halt-verwijzing', 'vernieling'), {
      aan: [halt.oin],
    }),
  );
  await halt.confirm(politie.oin, referral.posted.bericht, 'n.verzonnen');
  voice.good(
    `Halt takes the referral over: verwerkt ${ms(await referral.until(halt, 'verwerkt'))}`,
  );
  const body = {
    ...sample('vt-melding', 'halt-zorgsignaal'),
    verantwoordelijkeGemeente: { code: '0867', omschrijving: 'Waalwijk' },
  };
  const report = await deliver(telling, halt, vt, draft('vt-melding', 'wmo-5.2.6', body));
  told.push(
    await referral.tell('referral of a youth', halt, ['aanvaard', 'afgeleverd', 'verwerkt']),
    await report.tell('report by Halt', vt, ['aanvaard', 'afgeleverd']),
  );
}

async function zsmAsks(telling: Telling): Promise<void> {
  const { voice, told } = telling;
  const { om, vt, reclassering, rvdk } = telling.town.agencies;
  const partners = [vt, reclassering, rvdk];
  voice.heading('3. ZSM asks three partners at once: do you know this person?');
  const question = await Followed.send(
    om,
    draft('check-op-bekendheid', 'wjsg-39f.1.f', sample('check-op-bekendheid', 'zsm'), {
      aan: partners.map(({ oin }) => oin),
      prio: 'spoed',
    }),
  );
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
    told.push(await question.tell('known or not?', partner, ['aanvaard', 'afgeleverd']));
  }
  const verwijst = question.posted.bericht;
  for (const [partner, basis, name, answer] of answersOf(telling)) {
    const body = sample('uitslag-check-op-bekendheid', name);
    const reply = draft('uitslag-check-op-bekendheid', basis, body, { aan: [om.oin], verwijst });
    const sent = await deliver(telling, partner, om, { ...reply, prio: 'spoed' });
    told.push(await sent.tell(`answer: ${answer}`, om, ['aanvaard', 'afgeleverd']));
  }
}

const answersOf = ({ town: { agencies } }: Telling) =>
  [
    [agencies.vt, 'wmo-5.1.6.2', 'bekend', 'known'],
    [agencies.reclassering, 'sv-147', 'onbekend', 'not known'],
    [agencies.rvdk, 'sv-494', 'rvdk-bekend', 'known'],
  ] as const;

async function caseUpdate(telling: Telling): Promise<void> {
  const { voice, told } = telling;
  const { vt, rvdk } = telling.town.agencies;
  voice.heading('4. A case update goes to whoever subscribed to it');
  const body = sample('zaak-gebeurtenis', 'casus-afgesloten');
  const zaak = body['subject'] as Uuid;
  const update = draft('zaak-gebeurtenis', 'wmo-4.1.1.2.e', body, { zaak });
  const sent = await deliver(telling, vt, rvdk, update);
  const { ontvangers } = await vt.track(sent.posted.bericht);
  const only = ontvangers.length === 1;
  voice[only ? 'good' : 'bad'](`no recipient was named; subscribers found: ${ontvangers.length}`);
  const line = await sent.tell('case update', rvdk, ['aanvaard', 'afgeleverd']);
  told.push({ ...line, asExpected: line.asExpected && only });
}
