/** Which consultation is meant: people name it by their own number, programs by its id. */
import { systemClock } from '../../schemas/clock.ts';
import { CommandError } from '../../schemas/command.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import type { ConsultationLine } from '../consult/line.ts';
import { sayTime } from '../consult/time-said.ts';
import { stateInWords } from '../consult/words.ts';
import type { LocalApi } from './local-api.ts';

export const ALL = '/v1/raadplegingen';
const IS_ID = new RegExp(PATTERNS.uuid7);

export const oneAt = (conversation: string, what = ''): string =>
  `${ALL}/${encodeURIComponent(conversation)}${what}`;

/** All that run, and so many of the others that people may still name them. */
export async function allConsultations(api: LocalApi): Promise<readonly ConsultationLine[]> {
  const found = await api.get<{ raadplegingen: ConsultationLine[] }>(`${ALL}?aantal=200`);
  return found.raadplegingen;
}

const YOURS = 'ketenpost consult list shows those of yours';

/**
 * @param name its id, or the number (`identificatie`) of its first question
 * @param otherwise what to do when there is none
 * @throws CommandError usage
 */
export async function findConsultation(
  api: LocalApi,
  name: string,
  otherwise = YOURS,
): Promise<string> {
  if (IS_ID.test(name)) return name;
  const fitting = (await allConsultations(api)).filter(({ kenmerk }) => kenmerk === name);
  const [one, second] = fitting;
  if (one !== undefined && second === undefined) return one.conversatie;
  const now = systemClock.now();
  const ids = fitting
    .map(
      (found) => `${found.conversatie} (${stateInWords(found)}, until ${sayTime(found.eind, now)})`,
    )
    .join(', ');
  const [what, next] =
    one === undefined
      ? [`there is no consultation ${name}`, otherwise]
      : [`several consultations have the number ${name}`, `name one of ${ids}`];
  throw new CommandError('usage', what, next);
}
