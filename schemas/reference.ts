/**
 * The map of the chain: which municipality lies in which Veilig Thuis region, police unit,
 * arrondissement and parket, on which day. The lists are data (reference/*.json) with days of
 * validity, because municipalities merge and regions change.
 */
import { type Day, dayAt } from './calendar.ts';
import { GEMEENTEN } from './generated/gemeenten.ts';
import { VT_REGIOS } from './generated/vt-regios.ts';
import type { Gemeente, VtRegion } from './reference/rows.ts';

export type { Gemeente, VtRegion };

/** A moment: milliseconds since 1970, as the clock gives it, or a Date. */
export type Moment = Date | number;

/** The Dutch calendar day of a moment, as `YYYY-MM-DD`. */
export const dayOf = (at: Moment): Day => dayAt(Number(at));

const byCode = new Map(GEMEENTEN.map((row) => [row.code, row]));

const validOn = (row: { van: string; tot?: string }, day: string): boolean =>
  row.van <= day && (row.tot === undefined || day <= row.tot);

/** The municipality with this code, if it exists on that day. */
export function gemeente(code: string, at: Moment): Gemeente | undefined {
  const row = byCode.get(code);
  return row !== undefined && validOn(row, dayOf(at)) ? row : undefined;
}

/**
 * The municipalities that are meant by a code on a day: itself, or, when it has ended, those that
 * took its place. Several when it was split, none when the code is unknown.
 */
export function gemeentenVan(code: string, at: Moment): Gemeente[] {
  return [...new Set(follow(code, dayOf(at)))];
}

function follow(code: string, day: string): Gemeente[] {
  const row = byCode.get(code);
  if (row === undefined || day < row.van) return [];
  if (row.tot === undefined || day <= row.tot) return [row];
  return (row.opvolgers ?? []).flatMap((next) => follow(next, day));
}

/** Letters only, without accents, and without the note that tells two places apart: `Bergen (L.)`. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z(]/g, '')
    .replace(/\(.*$/, '');

/**
 * The municipalities of this name, ended ones too, and both of two that share one (`Bergen`). An
 * exact spelling finds that one alone.
 */
export function gemeenteByName(name: string): Gemeente[] {
  const exact = GEMEENTEN.filter((row) => row.naam === name);
  return exact.length > 0 ? exact : GEMEENTEN.filter((row) => plain(row.naam) === plain(name));
}

/** The Veilig Thuis regions that may be meant by a municipality on a day: one, unless it was split. */
export function vtRegionsOf(code: string, at: Moment): VtRegion[] {
  const codes = distinct(code, at, (row) => row.vtRegio);
  return VT_REGIOS.filter((region) => codes.includes(region.code) && validOn(region, dayOf(at)));
}

export const policeUnitsOf = (code: string, at: Moment): string[] =>
  distinct(code, at, (row) => row.politieEenheid);
export const arrondissementenOf = (code: string, at: Moment): string[] =>
  distinct(code, at, (row) => row.arrondissement);
export const parkettenOf = (code: string, at: Moment): string[] =>
  distinct(code, at, (row) => row.parket);

const distinct = (code: string, at: Moment, pick: (row: Gemeente) => string): string[] => [
  ...new Set(gemeentenVan(code, at).map(pick)),
];

/** The Veilig Thuis region with this code, whether or not it still exists. */
export const vtRegion = (code: string): VtRegion | undefined =>
  VT_REGIOS.find((region) => region.code === code);
