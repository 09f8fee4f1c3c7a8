/** Before one asks: whom to reach, who is there, and what stands in the way. */

import type { Partner } from './partners.ts';
import type { Question } from './put-question.ts';
import { sayLength } from './time-said.ts';
import { openInWords, type Table } from './words.ts';

/** Whom to reach, and whether anybody is there within the clock. */
export const partnersTable = ({ partners }: Pick<Question, 'partners'>, now: number): Table => ({
  head: ['partner', 'telephone', 'now', 'open within the clock'],
  rows: partners.map((one) => [
    one.naam ?? one.oin,
    one.telefoon ?? 'unknown',
    openInWords(one, now),
    one.openBinnenKlok === undefined ? 'unknown' : openFor(one.openBinnenKlok),
  ]),
});

const openFor = (seconds: number): string => (seconds === 0 ? 'NOT AT ALL' : sayLength(seconds));

/** One line for each partner whom the question may not reach in time. */
export const warnings = ({ partners }: Pick<Question, 'partners'>): string[] =>
  partners.flatMap((one) => {
    const { oin, naam, geweigerd, voorbehoud } = one;
    if (naam === undefined)
      return [`WARNING  ${oin} is not known here, and the register does not answer`];
    return [
      ...(geweigerd === undefined ? [] : [`REFUSED  ${naam}: ${geweigerd}`]),
      ...(voorbehoud === undefined ? [] : [`WARNING  ${naam} ${voorbehoud}`]),
      ...closedWarning(naam, one),
    ];
  });

function closedWarning(naam: string, { telefoon, open, openBinnenKlok }: Partner): string[] {
  const call = telefoon === undefined ? '' : `; telephone ${telefoon}`;
  if (openBinnenKlok === 0) return [`WARNING  ${naam} is closed until the clock ends${call}`];
  return open === false ? [`WARNING  ${naam} is closed now${call}`] : [];
}
