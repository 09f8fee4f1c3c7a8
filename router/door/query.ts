/** Reads what stands after `?`, for the routes that take something there (NLGov REST API Design Rules). */
import { decline } from './problems.ts';

/**
 * @param taken the keys that the route takes; absent = it looks at none
 * @throws Declined bad-request, for a key that it does not take or that stands there twice
 */
export function readQuery(
  taken: readonly string[] | undefined,
  url: string,
): Readonly<Record<string, string>> {
  if (taken === undefined) return {};
  const [, query = ''] = /\?(.*)$/.exec(url) ?? [];
  const given = [...new URLSearchParams(query)];
  const found = Object.fromEntries(given);
  const isKnown = given.every(([key]) => taken.includes(key));
  if (!isKnown) throw decline('bad-request', `this route takes ${taken.join(', ')} after ?`);
  if (Object.keys(found).length < given.length)
    throw decline('bad-request', 'the same key stands after ? twice');
  return found;
}
