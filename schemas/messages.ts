/** The message types: which there are, what their bodies look like, and whom a report concerns. */
import { CODELIJSTEN } from './generated/codelijsten.ts';
import type { BodyTypes } from './generated/messages.ts';
import { BODIES } from './generated/messages-documents.ts';
import type { Bericht, Gemeentecode } from './generated/wire.ts';
import { PATTERNS } from './ids.ts';
import { at, member, select } from './rules/look.ts';

export type { BodyTypes };

export interface MessageType {
  readonly type: string;
  /** Oldest first. */
  readonly versions: readonly string[];
  /** What it is for, in Dutch. */
  readonly summary: string;
}

/** The body of a message that withdraws another; it takes the place of the body of its type. */
export const WITHDRAWAL = 'intrekking';

/** The types that may be sent, in order of name. */
export function messageTypes(): MessageType[] {
  const types = new Map<string, MessageType>();
  for (const [key, schema] of Object.entries(BODIES)) {
    const [type = '', version = ''] = key.split(':');
    const versions = [...(types.get(type)?.versions ?? []), version];
    types.set(type, { type, versions, summary: String(member(schema, 'description')) });
  }
  types.delete(WITHDRAWAL);
  return [...types.values()];
}

/** The schema of a body, complete in itself; undefined when there is no such type or version. */
export function bodySchema(type: string, version: string): object | undefined {
  const key = `${type}:${version}`;
  return Object.hasOwn(BODIES, key) ? BODIES[key] : undefined;
}

export interface Municipality {
  readonly code: Gemeentecode;
  /** Where the code stands: a JSON Pointer. */
  readonly plaats: string;
}

/** Roles of people who are involved by their work: where they live says nothing of the household. */
const OUTSIDERS: ReadonlySet<unknown> = new Set(
  CODELIJSTEN.jeugdzorgrollen.waarden
    .filter(({ huishouden }) => !huishouden)
    .map(({ code }) => code),
);

/**
 * The municipalities that a report is about: the one that is named as responsible, or else those
 * where the members of the household are registered. Each code once.
 */
export function municipalitiesOf(claims: Bericht): Municipality[] {
  const path = '/inhoud/verantwoordelijkeGemeente/code';
  const named = toMunicipality(at(claims, path), path);
  if (named.length > 0) return named;
  const all = select(claims, '/inhoud/betrokkenen/*')
    .filter(({ waarde }) => !OUTSIDERS.has(member(waarde, 'jeugdzorgrol')))
    .flatMap(({ plaats, waarde }) =>
      toMunicipality(
        at(waarde, '/gemeenteVanInschrijving/code'),
        `${plaats}/gemeenteVanInschrijving/code`,
      ),
    );
  return all.filter(({ code }, i) => all.findIndex((one) => one.code === code) === i);
}

const CODE = new RegExp(PATTERNS.gemeentecode);
const toMunicipality = (code: unknown, plaats: string): Municipality[] =>
  typeof code === 'string' && CODE.test(code) ? [{ code: code as Gemeentecode, plaats }] : [];
