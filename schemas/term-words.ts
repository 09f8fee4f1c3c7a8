/** The table of clocks in words, for people who should know how a clock of theirs is counted. */
import { ROLES } from './policy.ts';
import type { Length, TermEntry } from './terms.ts';

/** One row of the table, each column a phrase. */
export interface TermWords {
  readonly begins: string;
  readonly lasts: string;
  readonly longer: string;
  readonly ends: string;
  readonly owner: string;
  readonly reminders: string;
  readonly atTheEnd: string;
}

const UNITS: Readonly<Record<Length['eenheid'], readonly [string, string]>> = {
  uren: ['hour', 'hours'],
  verhooruren: ['hour of questioning', 'hours of questioning'],
  dagen: ['day', 'days'],
  werkdagen: ['working day', 'working days'],
  weken: ['week', 'weeks'],
  maanden: ['month', 'months'],
};

/** As people say it: `5 working days`. */
export const lengthInWords = ({ eenheid, aantal }: Length): string =>
  `${aantal} ${UNITS[eenheid][aantal === 1 ? 0 : 1]}`;

export function termInWords(term: TermEntry): TermWords {
  const { begint, duur, eindigt, eigenaar, herinneringen, afzenderHoort } = term;
  const owner = `${ROLES[eigenaar].naam} (\`${eigenaar}\`)`;
  return {
    begins:
      begint === 'verklaring'
        ? 'the owner says so'
        : `the owner receives ${begint.prio === 'spoed' ? 'an urgent' : 'a'} \`${begint.bericht}\``,
    lasts: lengthInWords(duur),
    longer: longerInWords(term),
    ends:
      eindigt === 'verklaring'
        ? 'the owner says so'
        : `the owner sends a \`${eindigt.bericht}\` that refers to it, or says so`,
    owner,
    reminders: herinneringen.map((part) => remindedAt(duur, part)).join(', and '),
    atTheEnd: afzenderHoort ? 'the owner and the sender' : 'the owner',
  };
}

function longerInWords({ verlenging, hoogstens }: TermEntry): string {
  if (verlenging === undefined) return 'no';
  const often =
    hoogstens === undefined ? 'each time' : hoogstens === 1 ? 'once' : `${hoogstens} times`;
  return `by ${lengthInWords(verlenging)}, ${often}`;
}

function remindedAt({ eenheid, aantal }: Length, part: number): string {
  if (eenheid === 'werkdagen')
    return `09:00 on working day ${Math.max(1, Math.floor(aantal * part))}`;
  const share = `${Math.round(part * 100)} % of the time`;
  return eenheid === 'uren' || eenheid === 'verhooruren' ? `at ${share}` : `09:00 after ${share}`;
}
