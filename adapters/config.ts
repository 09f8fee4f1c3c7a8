/**
 * adapter.yaml: everything that an agency sets, with its defaults. Read once at start; a fault in it
 * is told by the place in the file and what is expected there.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { IdentityConfig, KeySource, TrustConfig } from '../certs/config.ts';
import { CommandError } from '../schemas/command.ts';
import { COMPILE } from '../schemas/compile.ts';
import type { Oin } from '../schemas/ids.ts';
import { readYaml } from '../schemas/yaml.ts';
import { ADAPTER_CONFIG_SCHEMA } from './config/schema.ts';
import type { FolderConfig } from './connectors/folder.ts';
import type { WebhookConfig } from './connectors/webhook/call.ts';
import type { LogLevel } from './log.ts';
import type { StoreConfig } from './store/store.ts';

export interface AgencyConfig {
  readonly identity: IdentityConfig;
  readonly trust: TrustConfig;
  readonly registrar: { readonly oin: Oin; readonly certificates: readonly string[] };
  readonly router: { readonly url: string; readonly oin: Oin; readonly waitSeconds: number };
  readonly store: StoreConfig;
  readonly rest?: {
    readonly host: string;
    readonly port: number;
    readonly tokenFile: string;
    readonly tls?: KeySource;
  };
  /** Where others fetch what our events point to, and what we may fetch ourselves. */
  readonly gegevens?: {
    readonly host: string;
    /** Nothing is served when absent. */
    readonly port?: number;
    readonly tls?: KeySource;
    readonly insideHosts: readonly string[];
    /** How long who asked is kept, and how a closed case stands (dataref/tidy.ts). */
    readonly keepDisclosuresYears?: number;
    readonly keepClosedDays?: number;
  };
  readonly folder?: FolderConfig;
  readonly webhook?: WebhookConfig;
  /** When people are told that an urgent message waits. */
  readonly alarms?: {
    readonly undeliveredSeconds: number;
    readonly unprocessedSeconds: number;
  };
  /** Whether reports about the same people are pointed out; as the register says when absent. */
  readonly radar?: boolean;
  /** No wait between two tries of anything is longer. */
  readonly longestWaitSeconds?: number;
}

export interface AdapterConfig {
  readonly log: { readonly level: LogLevel };
  readonly agencies: readonly AgencyConfig[];
}

/**
 * Reads adapter.yaml. Relative paths in it are taken from the folder that it lies in.
 * @throws CommandError usage, with every fault and its place
 */
export async function readAdapterConfig(file: string): Promise<AdapterConfig> {
  const text = await readFile(file, 'utf8').catch(() => {
    const next = 'name the configuration with --config <file>';
    throw new CommandError('usage', `${file} cannot be read`, next);
  });
  return parseAdapterConfig(text, file);
}

/** As readAdapterConfig, for text that has been read. */
export function parseAdapterConfig(text: string, file: string): AdapterConfig {
  const read = readYaml(text);
  if ('fault' in read) throw wrong(file, [read.fault]);
  const { value } = read;
  const ajv = new Ajv2020({
    ...{ ...COMPILE, allErrors: true, useDefaults: true, strict: true },
    strictRequired: false,
  });
  const validate = ajv.compile(ADAPTER_CONFIG_SCHEMA);
  if (!validate(value)) throw wrong(file, (validate.errors ?? []).map(tell));
  const config = absolute(value, dirname(resolve(file))) as AdapterConfig;
  const shared = sharedPlaces(config);
  if (shared.length > 0) throw wrong(file, shared);
  return config;
}

/** What belongs to one agency must not be given to two. */
function sharedPlaces({ agencies }: AdapterConfig): string[] {
  const of = (name: string, pick: (agency: AgencyConfig) => string | undefined) => {
    const all = agencies.map(pick).filter((one) => one !== undefined);
    return new Set(all).size < all.length ? [`agencies: two of them have the same ${name}`] : [];
  };
  return [
    ...of('identity.oin', (agency) => agency.identity.oin),
    ...of('store.path', (agency) => agency.store.path),
    ...of('store.keyFile', (agency) => agency.store.keyFile),
    ...of('rest.tokenFile', (agency) => agency.rest?.tokenFile),
    ...of('folder.path', (agency) => agency.folder?.path),
  ];
}

const wrong = (file: string, faults: readonly string[]): CommandError =>
  new CommandError(
    'usage',
    `${file} is not a good configuration:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    'mend these places; docs/configuration.md lists every key',
  );

/** Says one fault of the schema by its place in the file, without the value. */
function tell({ instancePath, keyword, message, params }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.') || 'the file';
  if (keyword === 'additionalProperties') {
    return `${place}: there is no key ${params['additionalProperty']}`;
  }
  if (keyword === 'required') return `${place}: ${params['missingProperty']} is missing`;
  if (keyword === 'type' && params['type'] === 'string') {
    return `${place}: must be text; put numbers such as an OIN between quotes`;
  }
  return `${place}: ${message ?? keyword}`;
}

/** The keys whose values are files. A value with a scheme (a URL) is left as it is. */
const FILE_KEYS: ReadonlySet<string> = new Set([
  ...['p12', 'passphraseFile', 'key', 'certificate', 'certificates', 'roots', 'issuers', 'crls'],
  ...['path', 'keyFile', 'tokenFile', 'caFile'],
]);

function absolute(value: unknown, folder: string, isFile = false): unknown {
  if (typeof value === 'string') {
    return isFile && !/^[a-z]+:\/\//.test(value) ? resolve(folder, value) : value;
  }
  if (Array.isArray(value)) return value.map((one) => absolute(one, folder, isFile));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, absolute(one, folder, FILE_KEYS.has(key))]),
  );
}
