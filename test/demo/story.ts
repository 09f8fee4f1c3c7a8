/** The four flows of the mission, as the people of the town would go through them. */
import { sample } from '../town/samples.ts';
import type { Town } from '../town/town.ts';
import { caseUpdate } from './case-update.ts';
import { deliver, draft, ms, type Telling } from './telling.ts';
import type { Told } from './told.ts';
import type { Voice } from './voice.ts';
import { zsmAsks } from './zsm-asks.ts';

/** A story is told in order; each part adds its lines to the table. */
export async function tellStory(town: Town, voice: Voice): Promise<Told[]> {
  const telling: Telling = { town, voice, told: [] };
  await urgentReport(telling);
  await youthToHalt(telling);
  await zsmAsks(telling);
  await caseUpdate(telling);
  return telling.told;
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
