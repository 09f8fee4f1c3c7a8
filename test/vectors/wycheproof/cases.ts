/**
 * The JOSE vectors of project Wycheproof (C2SP/wycheproof, `testvectors_v1`, commit dac1dd47,
 * Apache-2.0), read where they lie: they are not part of this project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../../project.ts';

export type Jwk = Readonly<Record<string, unknown>>;

export interface Case {
  readonly file: FileName;
  readonly id: number;
  readonly group: string;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly valid: boolean;
  /** In compact form; the JSON form as the text that a client would send. */
  readonly text: string;
  readonly kind: 'jws' | 'jwe';
  /** The key that the receiver has, or a set of them. */
  readonly publicKey: Jwk;
  readonly privateKey: Jwk;
}

export const FILES = ['signature', 'encryption', 'key', 'crypto'] as const;
export type FileName = (typeof FILES)[number];

interface Group {
  readonly comment: string;
  readonly private: Jwk;
  readonly public?: Jwk;
  readonly tests: readonly {
    readonly tcId: number;
    readonly comment: string;
    readonly flags?: readonly string[];
    readonly result: 'valid' | 'invalid';
    readonly jws?: unknown;
    readonly jwe?: unknown;
  }[];
}

/** Beside the project, unless another folder is named. */
export const vectorFolder = (): string =>
  process.env['WYCHEPROOF'] ?? join(projectFolder(), '..', 'shared', 'vectors');

const fileOf = (name: FileName): string => join(vectorFolder(), `json_web_${name}.json`);

export const vectorsAreHere = (): boolean => FILES.every((name) => existsSync(fileOf(name)));

/** Every case, in the order of the files. */
export const readCases = (): Case[] =>
  FILES.flatMap((file) => {
    const { testGroups } = JSON.parse(readFileSync(fileOf(file), 'utf8')) as {
      testGroups: Group[];
    };
    return testGroups.flatMap((group) => casesOf(file, group));
  });

const casesOf = (file: FileName, group: Group): Case[] =>
  group.tests.map(({ tcId, comment, flags = [], result, jws, jwe }) => ({
    file,
    id: tcId,
    group: group.comment,
    comment,
    flags,
    valid: result === 'valid',
    text: asText(jws ?? jwe),
    kind: jwe === undefined ? 'jws' : 'jwe',
    publicKey: group.public ?? group.private,
    privateKey: group.private,
  }));

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
