/** How the commands for people reach the adapter: its local API, found by address or by configuration. */
import { existsSync, readFileSync } from 'node:fs';
import { isCode } from '../../schemas/codes.ts';
import { CommandError } from '../../schemas/command.ts';
import type { Problem } from '../../schemas/problem.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { readProblem } from '../answer.ts';

export type Options = Readonly<Record<string, string | boolean | undefined>>;
type OptionRows = readonly (readonly [flags: string, description: string, fallback?: string])[];

/** Every command that asks the adapter takes these. */
export const WHERE: OptionRows = [
  ['--config <file>', 'adapter.yaml: address and token are found in it'],
  ['--agency <oin>', 'which agency, when the configuration has several'],
  ['--url <address>', 'address of the local API, instead of --config'],
  ['--token-file <file>', 'file with its token, with --url'],
];

/** The options by which the adapter was found, for a command that is told to the user. */
export const whereAgain = (options: Options): string =>
  [
    ['config', '--config'],
    ['agency', '--agency'],
    ['url', '--url'],
    ['tokenFile', '--token-file'],
  ]
    .flatMap(([name = '', flag = '']) => {
      const value = textOf(options, name);
      return value === undefined ? [] : [` ${flag} ${value}`];
    })
    .join('');

export const followIt = (bericht: string, options: Options): string =>
  `follow it: ketenpost track ${bericht}${whereAgain(options)}`;

export interface LocalApi {
  get<T>(path: string, headers?: Record<string, string>): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** The value of an option, when one was given. */
export const textOf = (options: Options, name: string): string | undefined => {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The value of an option that knows only these. @throws CommandError usage */
export function oneOf<T extends string>(
  options: Options,
  name: string,
  known: readonly T[],
): T | undefined {
  const value = textOf(options, name);
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw new CommandError('usage', `--${name} ${value} is not known`, `give ${known.join(', ')}`);
}

/** @throws CommandError usage */
export async function findApi(options: Options): Promise<LocalApi> {
  const { url, tokenFile } = await whereIs(options);
  if (!existsSync(tokenFile)) {
    const next = 'name the file that rest.tokenFile in adapter.yaml names';
    throw new CommandError('usage', `there is no token in ${tokenFile}`, next);
  }
  const token = readFileSync(tokenFile, 'utf8').trim();
  if (/^[\x21-\x7e]+$/.test(token)) return connect(url, token);
  throw new CommandError(
    'usage',
    `${tokenFile} holds something else than a token`,
    'name the file that rest.tokenFile in adapter.yaml names',
  );
}

async function whereIs(options: Options): Promise<{ url: string; tokenFile: string }> {
  const [url, tokenFile] = [textOf(options, 'url'), textOf(options, 'tokenFile')];
  if (url !== undefined && tokenFile !== undefined) return { url, tokenFile };
  const config = textOf(options, 'config');
  if (config === undefined) {
    const next = 'give --config <file>, or --url <address> with --token-file <file>';
    throw new CommandError('usage', 'it is not said which adapter to ask', next);
  }
  const found = await whereByConfig(config, textOf(options, 'agency'));
  return { url: url ?? found.url, tokenFile: tokenFile ?? found.tokenFile };
}

async function whereByConfig(file: string, oin?: string) {
  const { chooseAgency } = await import('./choose-agency.ts');
  const { addressFile } = await import('../start.ts');
  const agency = await chooseAgency(file, oin);
  const { rest } = agency;
  if (rest === undefined) {
    throw new CommandError(
      'usage',
      'this agency has no local API',
      'add rest: to its configuration',
    );
  }
  const { host, port, tokenFile, tls } = rest;
  if (port !== 0) return { url: `${tls ? 'https' : 'http'}://${host}:${port}`, tokenFile };
  const told = addressFile(agency);
  if (existsSync(told)) return { url: readFileSync(told, 'utf8').trim(), tokenFile };
  const next = `start it: ketenpost adapter --config ${file}`;
  throw new CommandError('unreachable', 'the adapter does not run', next);
}

function connect(url: string, token: string): LocalApi {
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    const next = 'give it whole, such as --url http://127.0.0.1:8080';
    throw new CommandError('usage', `${url} is not an address`, next);
  }
  const ask = async <T>(path: string, init: RequestInit): Promise<T> => {
    const headers = { authorization: `Bearer ${token}`, ...init.headers };
    const asked = fetch(new URL(path, url), { ...init, headers, redirect: 'error' });
    const response = await asked.catch((error: unknown) => {
      throw toUnheard(error, new URL(url).origin);
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw toError(readProblem(response.status, text));
  };
  const json = { 'content-type': 'application/json' };
  return {
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body) => ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) }),
  };
}

/** What the system says of a connection is told as it is; what fetch wraps in two words gets its reason. */
function toUnheard(error: unknown, origin: string): unknown {
  const { cause } = error as { cause?: Error & { code?: string } };
  if (cause === undefined || /^(E[A-Z]|UND_)/.test(cause.code ?? '')) return error;
  const next =
    'check the address; for a certificate of an issuer of your own, name it in NODE_EXTRA_CA_CERTS';
  return new CommandError(
    'unreachable',
    `no adapter that can be trusted at ${origin}: ${cause.message}`,
    next,
  );
}

const toError = ({ code, detail, errors }: Problem): Error =>
  new Refusal(isCode(code) ? code : 'temporarily-unavailable', detail, errors);
