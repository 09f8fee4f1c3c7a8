/** Whether request and answer are in a form that both sides know: 415 and 406 before any body is read. */
import { decline } from './problems.ts';
import type { Call, Route } from './route.ts';
import { JSON_TYPE } from './route.ts';

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

const mediaType = (value: string): string => (value.split(';')[0] ?? '').trim().toLowerCase();

const hasBody = (headers: Call['headers']): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** @throws Declined unsupported-media-type */
export function checkTaken({ takes }: Route, headers: Call['headers']): void {
  const type = first(headers['content-type']);
  if (takes === undefined) {
    if (hasBody(headers)) throw decline('bad-request', 'this route takes no body');
    return;
  }
  const coding = first(headers['content-encoding']) ?? 'identity';
  if (type === undefined || mediaType(type) !== takes || coding.toLowerCase() !== 'identity') {
    throw decline('unsupported-media-type', `this route takes ${takes} without content coding`);
  }
}

/** @throws Declined not-acceptable */
export function checkGiven({ gives = JSON_TYPE }: Route, headers: Call['headers']): void {
  const accept = first(headers['accept']);
  if (accept === undefined) return;
  const fits = accept.split(',').some((range) => {
    const type = mediaType(range);
    return ['*/*', 'application/*', gives].includes(type) && !/;\s*q=0(\.0*)?\s*$/.test(range);
  });
  if (!fits) throw decline('not-acceptable', `this route gives ${gives}`);
}
