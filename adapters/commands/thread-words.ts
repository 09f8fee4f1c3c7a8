/** The words and the mark for one line of a case thread. */
import type { ToldEvent } from '../thread.ts';

interface Words {
  readonly mark: string;
  readonly text: string;
}
type Numbers = ReadonlyMap<string, number>;
type Named = { readonly oin: string; readonly naam?: string; readonly eigen?: true };

const nameOf = (one: unknown): string => {
  const { naam, oin, eigen } = Object(one) as Named;
  return eigen ? 'us' : (naam ?? oin);
};
const word = (value: unknown): string => (typeof value === 'string' ? value : '');
const whose = ({ ontvanger }: ToldEvent): string => (ontvanger ? `, ${nameOf(ontvanger)}` : '');
const partiesOf = (event: ToldEvent): string =>
  (event['partijen'] as readonly Named[]).map(nameOf).join(', ');
const by = ({ medewerker }: ToldEvent): string => (medewerker ? ` by ${word(medewerker)}` : '');

const TELL: Readonly<Record<string, (event: ToldEvent, numbers: Numbers) => Words>> = {
  ontvangen: (event, numbers) => ({
    mark: '●',
    text: `${message(event, 'from')}${links(event, numbers)}`,
  }),
  verzonden: (event, numbers) => ({
    mark: '○',
    text: `${message(event, 'to')}${links(event, numbers)}`,
  }),
  bewijs: (event) => ({ mark: '│', text: `  ${receipt(event)}` }),
  handeling: (event) => ({
    mark: '│',
    text: `  ${word(event['actie'])}${event['klok'] ? ` ${word(event['klok'])}` : ''}${by(event)}`,
  }),
  alarm: (event) => ({ mark: '!', text: `  ALARM ${word(event['alarmsoort'])}${whose(event)}` }),
  'alarm-voorbij': (event) => ({
    mark: '│',
    text: `  alarm ${word(event['alarmsoort'])} is over${event['voorbijDoor'] ? `: ${word(event['voorbijDoor'])}` : ''}`,
  }),
  'termijn-begin': (event) => ({ mark: '│', text: `  clock begins: ${word(event['naam'])}` }),
  'termijn-herinnering': (event) => ({ mark: '│', text: `  reminder: ${word(event['naam'])}` }),
  'termijn-beeindigd': (event) => ({ mark: '│', text: `  clock ended: ${word(event['naam'])}` }),
  'termijn-eind': (event) => ({
    mark: event['verstreken'] ? '!' : '┆',
    text: `  ${event['verstreken'] ? 'OVERDUE' : 'until here'}: ${word(event['naam'])}`,
  }),
  'antwoord-voor': (event) => ({
    mark: event['verstreken'] ? '!' : '┆',
    text: `  ${event['verstreken'] ? 'NOT ANSWERED in time by' : 'an answer is due from'} ${partiesOf(event)}`,
  }),
  samenvatting: (event) => ({ mark: '│', text: `  summary of the router: ${answers(event)}` }),
  vernietigd: (event) => ({ mark: '×', text: `  destroyed (${word(event['grond'])})${by(event)}` }),
};

export const wordsFor = (event: ToldEvent, numbers: Numbers): Words =>
  TELL[event.soort]?.(event, numbers) ?? { mark: '│', text: event.soort };

function message(event: ToldEvent, direction: 'from' | 'to'): string {
  const parties = partiesOf(event);
  const urgent = event['prio'] === 'spoed' ? ' URGENT' : '';
  const late = event['teLaat'] ? ', TOO LATE' : '';
  return `${word(event['berichttype'])}${urgent} ${direction} ${parties || 'whom the router finds'}${late}`;
}

/** By number when the other message is here, too. */
function links(event: ToldEvent, numbers: Numbers): string {
  const to = (name: string, text: string) => {
    const id = word(event[name]);
    const number = numbers.get(id);
    return id === '' ? '' : `, ${text} ${number === undefined ? id : `(${number})`}`;
  };
  return `${to('verwijst', 'about')}${to('vervangt', 'CORRECTS')}${to('trektIn', 'WITHDRAWS')}`;
}

function receipt(event: ToldEvent): string {
  const code = event['code'] ? ` (${word(event['code'])})` : '';
  const contrary = event['tegenstrijdig'] ? ', CONTRADICTORY' : '';
  const who = nameOf(event['door']);
  const of = event['ontvanger'] && nameOf(event['ontvanger']) !== who ? whose(event) : '';
  return `${word(event['staat'])}${code}, said by ${who}${of}${contrary}`;
}

const answers = (event: ToldEvent): string =>
  (event['partners'] as readonly (Named & { vragen: number; antwoorden: number; teLaat: number })[])
    .map(
      (one) =>
        `${nameOf(one)} answered ${one.antwoorden} of ${one.vragen}${one.teLaat > 0 ? ' (late)' : ''}`,
    )
    .join(', ');
