/**
 * router.yaml: everything that an operator sets, with its defaults. Read once at start; a fault in
 * it is told by the place in the file and what is expected there.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { IdentityConfig, TrustConfig } from '../certs/config.ts';
import { CommandError } from '../schemas/command.ts';
import { COMPILE } from '../schemas/compile.ts';
import type { Oin } from '../schemas/ids.ts';
import { readYaml } from '../schemas/yaml.ts';
import { ROUTER_CONFIG_SCHEMA } from './config/schema.ts';
import type { AlarmSettings } from './deadlines/settings.ts';
import type { DoorSettings } from './door/settings.ts';
import type { LogLevel } from './log.ts';
import type { MailboxSettings } from './mailboxes/limit.ts';

export interface BrokerConfig {
  readonly servers: readonly string[];
  /** The certificate (PEM) that the broker's own certificate descends from. */
  readonly ca: string;
  /** Files with the nkey seed of each role; only those that this process plays are needed. */
  readonly credentials: {
    readonly door?: string;
    readonly pipeline?: string;
    readonly admin?: string;
  };
  /** How many servers keep each stream. */
  readonly replicas: number;
  /** Run on a broker that cannot prove that what it stored is on disk. */
  readonly insecure: boolean;
}

export interface RegistrarConfig {
  readonly oin: Oin;
  /** Pinned certificates (PEM) of the registrar, newest first. */
  readonly certificates: readonly string[];
  /** No register below this version is taken, whatever the broker shows. */
  readonly lowestVersion: number;
}

export interface PipelineConfig {
  /** Messages worked on at the same time. */
  readonly inFlight: number;
  /** Messages that may wait for their turn; more are told to come back. */
  readonly waiting: number;
  /** How long a copy that was given out is left alone. */
  readonly leaseSeconds: number;
  /** Folder for notes of what is under work; absent = none are kept. */
  readonly underWork?: string;
}

export interface RouterConfig {
  readonly identity: IdentityConfig;
  readonly trust: TrustConfig;
  readonly registrar: RegistrarConfig;
  readonly broker: BrokerConfig;
  readonly door: DoorSettings;
  readonly pipeline: PipelineConfig;
  readonly alarm: AlarmSettings;
  readonly mailbox: MailboxSettings;
  readonly log: { readonly level: LogLevel };
}

/**
 * Reads router.yaml. Relative paths in it are taken from the folder that it lies in.
 * @throws CommandError usage, with every fault and its place
 */
export async function readRouterConfig(file: string): Promise<RouterConfig> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError(
      'usage',
      `cannot read ${file}`,
      'Name the configuration with --config <file>.',
    );
  });
  return parseRouterConfig(text, file);
}

/** As readRouterConfig, for text that has been read. */
export function parseRouterConfig(text: string, file: string): RouterConfig {
  const read = readYaml(text);
  if ('fault' in read) throw wrong(file, [read.fault]);
  const { value } = read;
  if (!validate()(value)) throw wrong(file, (validate().errors ?? []).map(tell));
  return absolute(value, dirname(resolve(file))) as RouterConfig;
}

// `required` inside `oneOf` names properties that stand outside it (certs/config.ts).
const STRICT = { ...COMPILE, strict: true, strictRequired: false, allErrors: true } as const;

let compiled: ValidateFunction | undefined;
const validate = (): ValidateFunction => {
  compiled ??= new Ajv2020({ ...STRICT, useDefaults: true }).compile(ROUTER_CONFIG_SCHEMA);
  return compiled;
};

const wrong = (file: string, faults: readonly string[]): CommandError =>
  new CommandError(
    'usage',
    `${file} is not a good configuration:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    'Mend these places; docs/configuration.md lists every key.',
  );

/** Says one fault of the schema by its place in the file, without the value. */
function tell({ instancePath, keyword, message, params }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.') || 'the file';
  if (keyword === 'additionalProperties')
    return `${place}: there is no key ${params['additionalProperty']}`;
  if (keyword === 'required') return `${place}: ${params['missingProperty']} is missing`;
  if (keyword === 'type' && params['type'] === 'string')
    return `${place}: must be text; put numbers such as an OIN between quotes`;
  return `${place}: ${message ?? keyword}`;
}

/** The keys whose values are files. A value with a scheme (a URL) is left as it is. */
const FILE_KEYS = new Set([
  ...['p12', 'passphraseFile', 'key', 'certificate', 'certificates'],
  ...['roots', 'issuers', 'crls', 'ca', 'door', 'pipeline', 'admin', 'underWork'],
]);

function absolute(value: unknown, folder: string, isFile = false): unknown {
  if (typeof value === 'string')
    return isFile && !/^[a-z]+:\/\//.test(value) ? resolve(folder, value) : value;
  if (Array.isArray(value)) return value.map((one) => absolute(one, folder, isFile));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, absolute(one, folder, FILE_KEYS.has(key))]),
  );
}
