/**
 * What became of every consultation, by what the system of its asker was told, what its adapter has, and
 * what a partner's system was reminded of. Comparing only, so that it can be shown to see what is wrong.
 */
import type { Samenvatting } from '../../schemas/generated/wire.ts';

/** A question that was handed in, under a clock of its own. */
export interface Put {
  readonly conversatie: string;
  readonly vraag: string;
  /** OINs. */
  readonly partners: readonly string[];
}

/** An answer as the asker's adapter has it. */
export interface Received {
  readonly bericht: string;
  readonly partner: string;
  readonly late: boolean;
}

export interface Heard {
  readonly put: readonly Put[];
  /** In the order in which they were told; the same may be told again under its own id. */
  readonly summaries: readonly Samenvatting[];
  readonly reminders: readonly { readonly id: string; readonly vraag: string }[];
  answers(conversatie: string): readonly Received[];
}

/** At half of the clock, and at three quarters. */
const MOST_REMINDERS = 2;

/** @returns what is wrong, a line each */
export const judge = (heard: Heard): string[] =>
  heard.put.flatMap((one) => [...wrongSummary(one, heard), ...wrongReminders(one, heard)]);

function wrongSummary({ conversatie, partners }: Put, { summaries, answers }: Heard): string[] {
  const told = [
    ...new Map(
      summaries.filter((one) => one.conversatie === conversatie).map((one) => [one.jti, one]),
    ).values(),
  ];
  const last = told.at(-1);
  if (last === undefined) return [`${conversatie}: no summary`];
  const asked = last.partners.filter(({ vragen }) => vragen.length === 1);
  const listed = new Set(
    last.partners.flatMap(({ antwoorden }) =>
      antwoorden.map(({ bericht, teLaat }) => `${bericht} ${teLaat}`),
    ),
  );
  const missing = answers(conversatie).filter(
    ({ bericht, late }) => !late && !listed.has(`${bericht} false`),
  );
  const wrong = answers(conversatie).filter(
    ({ bericht, late }) => late && listed.has(`${bericht} false`),
  );
  return [
    // A second one is there only for what the first could not have (docs/wire.md#summary).
    ...told.slice(1).flatMap((one, at) => {
      const before = told[at];
      return before !== undefined && sizeOf(one) > sizeOf(before)
        ? []
        : [`${conversatie}: summed up twice`];
    }),
    ...(asked.length === partners.length
      ? []
      : [`${conversatie}: ${asked.length} of ${partners.length} partners are in the summary`]),
    ...missing.map(({ bericht }) => `${conversatie}: ${bericht} was in time, and is not listed`),
    ...wrong.map(({ bericht }) => `${conversatie}: ${bericht} was late, and is listed in time`),
  ];
}

const sizeOf = ({ partners }: Samenvatting): number =>
  partners.reduce((sum, { vragen, antwoorden }) => sum + vragen.length + antwoorden.length, 0);

function wrongReminders({ conversatie, vraag }: Put, { reminders }: Heard): string[] {
  const ids = new Set(reminders.filter((one) => one.vraag === vraag).map(({ id }) => id));
  return ids.size > MOST_REMINDERS ? [`${conversatie}: reminded ${ids.size} times`] : [];
}
