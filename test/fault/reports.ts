/** The reports that go round: made-up, small, each with a number of its own in the body. */
import type { Oin } from '../../schemas/ids.ts';
import type { ToSend } from '../town/adapter-client.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import { sample } from '../town/samples.ts';

export interface Letter {
  readonly from: AgencyName;
  readonly to: readonly Oin[];
  readonly message: ToSend;
}

const { politie, vt, rvdk } = AGENCIES;
const report = sample('vt-melding', 'klein-2kb');
const question = sample('verzoek-casusinformatie', 'zsm');

/** Police to Veilig Thuis, whom the router must find. */
const melding = (number: string, prio: 'spoed' | 'normaal'): Letter => ({
  ...{ from: 'politie', to: [vt.oin] },
  message: {
    ...{ berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', prio },
    inhoud: { ...report, identificatieVtMelding: number },
  },
});

/** The prosecution to two partners at once. */
const verzoek = (number: string, prio: 'spoed' | 'normaal'): Letter => ({
  ...{ from: 'om', to: [vt.oin, rvdk.oin] },
  message: {
    ...{ berichttype: 'verzoek-casusinformatie', grondslag: 'wjsg-39f.1.f', prio },
    aan: [vt.oin, rvdk.oin],
    inhoud: { ...question, identificatie: number },
  },
});

const ROUND = [
  (number: string) => melding(number, 'spoed'),
  (number: string) => verzoek(number, 'normaal'),
  (number: string) => melding(number, 'normaal'),
  (number: string) => melding(number, 'normaal'),
  (number: string) => verzoek(number, 'spoed'),
];

export const SENDERS: readonly AgencyName[] = ['politie', 'om'];
export const RECIPIENTS: readonly AgencyName[] = ['vt', 'rvdk'];
export const POLICE = politie.oin;

/** The letter whose turn it is. @param number stands in the body */
export const letter = (turn: number, number: string): Letter =>
  (ROUND[turn % ROUND.length] as (typeof ROUND)[number])(number);

/** The number of a report, from its body. */
export function numberIn(inhoud: unknown): string {
  const { identificatieVtMelding, identificatie } = Object(inhoud);
  return String(identificatieVtMelding ?? identificatie);
}
