/** Whether a test that a page or the catalogue names is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../project.ts';
import type { TestName } from './catalogue/row.ts';
import { fileOf, titleOf } from './table.ts';

const texts = new Map<string, string>();
function textOf(file: string): string {
  const path = join(projectFolder(), file);
  const known = texts.get(file) ?? (existsSync(path) ? readFileSync(path, 'utf8') : '');
  texts.set(file, known);
  return known;
}

/** Titles as they stand in the sources: of `test(…)`, or of a function of the file that calls it. */
const titlesIn = (text: string): string[] =>
  [...text.matchAll(/^\s*\w+\(\s*(['"`])((?:\\.|(?!\1).)*)\1\s*,/gm)].map(([, , title]) =>
    (title ?? '').replaceAll("\\'", "'"),
  );

export function isThere(test: TestName): boolean {
  const title = titleOf(test);
  return title !== '' && titlesIn(textOf(fileOf(test))).some((one) => one.includes(title));
}
