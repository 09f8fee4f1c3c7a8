/** The samples of the schemas, from disk: bodies that a system of an agency would make. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../project.ts';

export type Body = Record<string, unknown>;

export const sampleFile = (type: string, name: string): string =>
  join(projectFolder(), 'schemas', 'messages', 'samples', type, `${name}.json`);

/** A good body: `sample('vt-melding', 'heusden-spoed')`. */
export const sample = (type: string, name: string): Body =>
  JSON.parse(readFileSync(sampleFile(type, name), 'utf8'));

/** A body that must fail, and the places of its faults. */
export const badSample = (type: string, name: string): { inhoud: Body; verwacht: string[] } =>
  JSON.parse(readFileSync(sampleFile(type, join('bad', name)), 'utf8'));
