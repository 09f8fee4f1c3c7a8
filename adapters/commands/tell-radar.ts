/** The radar in the words of the list and of a message that is read. */
import type { Strength } from '../radar/kinds.ts';
import type { Hint, Match } from '../radar/view.ts';
import { shortly } from './words.ts';

const SURE: Readonly<Record<Strength, string>> = {
  zeker: 'certain',
  sterk: 'strong',
  hint: 'a hint',
};
export const sureness = (strength: Strength): string => SURE[strength];

const whatOf = (strength: Strength): string =>
  strength === 'hint' ? 'same household?' : 'same people';

/** For a cell of a list; empty when there is nothing to point out. */
export function hintText(hint: Hint | undefined): string {
  if (hint === undefined || hint.aantal === 0) return '';
  const { aantal, eerder, sterkte } = hint;
  const what = whatOf(sterkte);
  return eerder > 0 ? `${what} as ${eerder} earlier` : `${what} as ${aantal} later`;
}

/** Lines above a message. */
export const matchLines = (matches: readonly Match[] = []): string[] =>
  matches.map(({ afzender, bericht, ontvangenOp, soorten, sterkte }) => {
    const why = `${soorten.join(', ')}; ${sureness(sterkte)}`;
    const what = whatOf(sterkte).toUpperCase();
    return `${what} (${why}): ${shortly(ontvangenOp)} ${afzender.oin}/${bericht}`;
  });
