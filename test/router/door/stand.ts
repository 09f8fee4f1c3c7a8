/** A door on real TLS, a pretended pipeline behind it, and clients in front of it. */
import { X509Certificate } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Agent, request } from 'undici';
import type { TlsIdentity } from '../../../certs/keystore.ts';
import type { Bus } from '../../../router/bus/bus.ts';
import type { MessageTypes } from '../../../router/door/rooms.ts';
import { DOOR_SCHEMA, type DoorSettings } from '../../../router/door/settings.ts';
import { type Door, openDoor } from '../../../router/door.ts';
import { openLog } from '../../../router/log.ts';
import { createMetrics, type Metrics } from '../../../router/metrics.ts';
import { systemClock } from '../../../schemas/clock.ts';
import { parseOin, parseUuid7 } from '../../../schemas/ids.ts';
import { checkAnswer } from './document.ts';
import { type Answers, memoryBus, no, yes } from './memory-bus.ts';
import { type Pki, townPki } from './pki.ts';

export const ROUTER = '00000099000000001000';
export const POLICE = parseOin('00000099000000010000');
export const VT = parseOin('00000099000000020000');
export const JTI = parseUuid7('019a5b7c-8d9e-7f01-8a2b-3c4d5e6f7081');
export const JWE = 'e30.AAAA.AAAA.AAAA.AAAA';
export const JWS = 'e30.e30.AAAA';

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'DELETE';
  readonly body?: string | Buffer | Readable;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export interface Client {
  /** Every answer is held against the OpenAPI document. */
  ask(path: string, ask?: Ask): Promise<Answered>;
  readonly agent: Agent;
}

export interface Stand {
  readonly door: Door;
  readonly pki: Pki;
  readonly metrics: Metrics;
  readonly log: readonly Record<string, unknown>[];
  readonly answers: Answers;
  notify(subject: string): void;
  client(shown?: TlsIdentity, options?: object): Client;
  readonly police: Client;
  readonly vt: Client;
  readonly stranger: Client;
  close(): Promise<void>;
}

export interface StandOptions {
  readonly limits?: Partial<DoorSettings['limits']>;
  readonly times?: Partial<DoorSettings['times']>;
  readonly bus?: Pick<Bus, 'ask' | 'listen' | 'notify'>;
  readonly types?: MessageTypes;
}

const NO_TYPES: MessageTypes = { list: () => [], schemaOf: () => undefined };

export async function openStand(answers: Answers, options: StandOptions = {}): Promise<Stand> {
  const pki = await townPki();
  const bus = options.bus ?? memoryBus(answers);
  answers.peer ??= ({ der }) => knownPeer(der);
  const metrics = createMetrics();
  const log: Record<string, unknown>[] = [];
  const write = (line: string) => void log.push(JSON.parse(line));
  const door = await openDoor({
    settings: settingsOf(options),
    tls: await pki.issue(ROUTER, 'rsa'),
    authorities: pki.authorities,
    types: options.types ?? NO_TYPES,
    log: openLog('info', 'door', { write }),
    ...{ bus, metrics, clock: systemClock },
  });
  const agents: Agent[] = [];
  const client = (shown?: TlsIdentity, more: object = {}) => {
    const made = newClient(door.url, shown, pki.authorities, more);
    agents.push(made.agent);
    return made;
  };
  return {
    ...{ door, pki, metrics, log, answers, client },
    notify: bus.notify,
    police: client(await pki.issue(POLICE)),
    vt: client(await pki.issue(VT)),
    stranger: client(),
    async close() {
      await Promise.all(agents.map((agent) => agent.destroy()));
      await door.stop();
    },
  };
}

export function settingsOf({ limits, times }: StandOptions): DoorSettings {
  const plain = JSON.parse(JSON.stringify({ port: 0, limits, times })) as DoorSettings;
  if (!new Ajv2020({ useDefaults: true, strict: false }).compile(DOOR_SCHEMA)(plain))
    throw new Error('settings');
  return plain;
}

/** The register of the tests: police and Veilig Thuis, by what their certificates say. */
export function knownPeer(der: string) {
  if (der === '') return no('not-authenticated');
  const { subject } = new X509Certificate(Buffer.from(der, 'base64'));
  const oin = /serialNumber=(\w+)/.exec(subject)?.[1];
  const peer = [POLICE, VT].find((one) => one === oin);
  return peer === undefined ? no('not-authenticated') : yes({ oin: peer, naam: 'test' });
}

export function newClient(
  url: string,
  shown: TlsIdentity | undefined,
  authorities: readonly string[],
  more: object = {},
): Client {
  const agent = new Agent({ connect: { ca: [...authorities], ...shown, ...more } });
  return {
    agent,
    async ask(path, { method = 'GET', body, headers = {}, signal } = {}) {
      const answer = await request(`${url}${path}`, {
        ...{ method, headers, dispatcher: agent },
        body: body ?? null,
        signal: signal ?? null,
      });
      const text = await answer.body.text();
      const answered = {
        status: answer.statusCode,
        headers: answer.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
      checkAnswer(method, path, answered);
      return answered;
    },
  };
}
