/** What the rooms around it read of a case event: a message of type `zaak-gebeurtenis`, whose body is a CloudEvent. */
import { CASE_EVENT } from '../../schemas/case-events.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import type { Uuid } from '../../schemas/ids.ts';
import type { EventOf } from '../store/events.ts';

export const SEQUENCE_TYPE = 'zaakvolgnummer';
/** As many digits as a sequence has, so that the order of text is the order of numbers. */
const DIGITS = 20;

export interface CaseEvent extends EventOf {
  readonly type: string;
  /** Its number within the case; undefined when it has none, or one that nobody counts to. */
  readonly number: number | undefined;
  readonly dataref: string | undefined;
  /** The VT region that the event itself names. */
  readonly region: string | undefined;
}

/** @returns undefined when the message is none: another type, or a withdrawal */
export function readCaseEvent({
  berichttype,
  inhoud,
}: Pick<Bericht, 'berichttype' | 'inhoud'>): CaseEvent | undefined {
  const { source, subject, id, type, sequence, dataref, vtregio } = inhoud as Record<
    string,
    unknown
  >;
  if (berichttype !== CASE_EVENT) return undefined;
  if (![source, subject, id, type].every((one) => typeof one === 'string')) return undefined;
  return {
    source: String(source),
    zaak: subject as Uuid,
    event: id as Uuid,
    type: String(type),
    number: typeof sequence === 'string' ? readSequence(sequence) : undefined,
    dataref: typeof dataref === 'string' ? dataref : undefined,
    region: typeof vtregio === 'string' ? vtregio : undefined,
  };
}

export const toSequence = (number: number): string => String(number).padStart(DIGITS, '0');

function readSequence(text: string): number | undefined {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
