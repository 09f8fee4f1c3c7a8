/**
 * The messages of the benchmark: made-up reports of exactly the wanted size. One recipient is the
 * police's report to Veilig Thuis, found by the municipality; three are partners whom the
 * prosecution asks about a case.
 */

import type { ToSend } from '../test/town/adapter-client.ts';
import { AGENCIES, type AgencyName } from '../test/town/agencies.ts';
import type { Case } from './cases.ts';

export interface Letter {
  readonly from: AgencyName;
  readonly to: readonly AgencyName[];
  readonly message: ToSend;
}

const PARTNERS: readonly AgencyName[] = ['vt', 'reclassering', 'rvdk'];

export function letterOf({ body, recipients }: Case): Letter {
  if (recipients === 1) {
    const message = { berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i' };
    return { from: 'politie', to: ['vt'], message: { ...message, inhoud: ofSize(body, report) } };
  }
  const message = { berichttype: 'verzoek-casusinformatie', grondslag: 'wjsg-39f.1.f' };
  const aan = PARTNERS.map((name) => AGENCIES[name].oin);
  return { from: 'om', to: PARTNERS, message: { ...message, aan, inhoud: ofSize(body, request) } };
}

/** The body with as much text in it as makes it exactly so many bytes of JSON. */
function ofSize(bytes: number, make: (text: number) => object): object {
  let text = bytes - JSON.stringify(make(1)).length;
  // Text that is spread over several fields brings their names with it.
  for (let over = 1; over !== 0; text -= over) over = JSON.stringify(make(text)).length - bytes;
  return make(text);
}

const SENTENCE = 'De wijkagent trof het gezin thuis aan en sprak met beide ouders over de zorgen. ';
const words = (length: number): string =>
  SENTENCE.repeat(Math.ceil(length / SENTENCE.length)).slice(0, Math.max(length, 1));

const report = (text: number): object => ({
  identificatieVtMelding: 'PL2100-2026099999-1',
  datumMelding: '2026-09-01',
  datumIncident: '2026-08-31',
  locatieIncident: 'Voorbeeldstraat 1, Heusden',
  omschrijvingIncident: 'Melding van buren: geschreeuw en glasgerinkel in de woning.',
  indicatieAgenderingAfstemmingsoverlegGewenst: false,
  contactgegevensVerdiepingOpInfo: { afdeling: 'Basisteam Langstraat', bereikbaar: 'op werkdagen' },
  indicatieSashIngevuld: false,
  verantwoordelijkeGemeente: { code: '0797', omschrijving: 'Heusden' },
  zorgelijkeSituatie: { omschrijvingZorgelijkeSituatie: words(text) },
  betrokkenen: [person('p1', 'Voorbeeldman', 'M'), person('p2', 'Voorbeeldvrouw', 'V')],
  informeringen: [
    { persoonId: 'p1', indicatieGeinformeerd: false, redenNietGeinformeerd: 'niet thuis' },
  ],
  indiener: { naam: 'Politie eenheid Oost-Brabant', oin: AGENCIES.politie.oin },
});

const person = (persoonId: string, geslachtsnaam: string, code: string) => ({
  ...{ type: 'NatuurlijkPersoon', jeugdzorgrol: 'ouder met gezag', persoonId },
  ...{ naam: { voornamen: 'Test', geslachtsnaam }, geslacht: { code } },
  gemeenteVanInschrijving: { code: '0797', omschrijving: 'Heusden' },
});

const QUESTION = 950;

const request = (text: number): object => ({
  identificatie: 'ZSM-2026-099999',
  soortVerzoeker: { code: '01' },
  redenVerzoek: { code: '01' },
  specifiekeVragen: Array.from({ length: Math.max(1, Math.ceil(text / QUESTION)) }, (_, at) => ({
    code: `V${at + 1}`,
    toelichting: words(Math.min(QUESTION, text - at * QUESTION)),
  })),
  persoon: {
    naam: { voornamen: 'Test', geslachtsnaam: 'Voorbeeldman' },
    geboorte: { datum: { type: 'JaarDatum', jaar: 1990 } },
  },
  initiator: { identificatie: 'ZSM-OB', naam: 'ZSM Oost-Brabant' },
});
