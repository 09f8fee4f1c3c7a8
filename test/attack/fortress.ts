/**
 * What an attacker stands before: a real door on TLS, the real pipeline behind it, on a real broker.
 * Agencies come with their own keys, and may bend what they send in every way.
 */
import type { TLSSocket } from 'node:tls';
import type { SigningKey } from '../../certs/keys.ts';
import { loadTls, type TlsIdentity } from '../../certs/keystore.ts';
import type { Bus } from '../../router/bus/bus.ts';
import { readAuthorities } from '../../router/door/tls.ts';
import { type Door, openDoor } from '../../router/door.ts';
import { openLog } from '../../router/log.ts';
import { createMetrics, type Metrics } from '../../router/metrics.ts';
import { bodySchema, messageTypes } from '../../schemas/validate.ts';
import { openSocket } from '../router/door/socket.ts';
import {
  type Answered,
  type Client,
  newClient,
  type StandOptions,
  settingsOf,
} from '../router/door/stand.ts';
import { type House, type HouseOptions, openHouse } from '../router/house.ts';
import type { Player } from '../router/player.ts';
import { AGENCIES, type AgencyName, OPERATOR } from '../town/agencies.ts';

/** An agency before the door. */
export interface Visitor {
  readonly player: Player;
  readonly http: Client;
  readonly tls: TlsIdentity;
  submit(jwe: string, headers?: Record<string, string>): Promise<Answered>;
  /** Seals this text for the router, whatever it is, and submits it. */
  offer(jws: string, headers?: Record<string, string>): Promise<Answered>;
  collect(more?: object, postbus?: string): Promise<Answered>;
  receipt(jws: string): Promise<Answered>;
}

export interface Fortress {
  readonly house: House;
  readonly door: Door;
  readonly metrics: Metrics;
  /** What the door wrote into its log. */
  readonly log: string[];
  readonly authorities: readonly string[];
  visitor(name: AgencyName): Promise<Visitor>;
  stranger(): Client;
  /** A connection to speak on by hand. */
  socket(shown?: TlsIdentity, more?: object): Promise<TLSSocket>;
  stop(): Promise<void>;
}

export interface FortressOptions extends HouseOptions {
  readonly door?: StandOptions;
  /** Between the door and the bus. */
  readonly wrap?: (bus: Bus) => Bus;
}

export async function openFortress(options: FortressOptions = {}): Promise<Fortress> {
  const house = await openHouse(options);
  const { roots, issuers } = house.keys.authority.trust;
  const authorities = await readAuthorities([...roots, ...issuers]);
  const metrics = createMetrics();
  const log: string[] = [];
  const { wrap = (bus: Bus) => bus } = options;
  const door = await openDoor({
    settings: settingsOf(options.door ?? {}),
    tls: await loadTls(house.keys.identity(OPERATOR.oin).tls),
    bus: wrap(house.broker.buses.door),
    types: { list: messageTypes, schemaOf: bodySchema },
    log: openLog('info', 'door', { write: (line) => void log.push(line) }),
    clock: house.clock,
    ...{ authorities, metrics },
  });
  const clients: Client[] = [];
  const client = (tls?: TlsIdentity): Client => {
    const made = newClient(door.url, tls, authorities);
    clients.push(made);
    return made;
  };
  return {
    ...{ house, door, metrics, log, authorities },
    async visitor(name) {
      const tls = await loadTls(house.keys.identity(AGENCIES[name].oin).tls);
      return visitorOf(await house.agency(name), client(tls), tls);
    },
    stranger: () => client(),
    socket: (shown, more) =>
      openSocket({ door, pki: { authorities, issue: () => Promise.reject() } }, shown, more),
    async stop() {
      await Promise.all(clients.map(({ agent }) => agent.destroy()));
      await door.stop();
      await house.stop();
    },
  };
}

function visitorOf(player: Player, http: Client, tls: TlsIdentity): Visitor {
  const visitor: Visitor = {
    ...{ player, http, tls },
    submit: (body, headers = {}) =>
      http.ask('/v1/berichten', {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'application/jose', 'ketenpost-prio': 'spoed', ...headers },
      }),
    offer: async (jws, headers) => visitor.submit(await player.seal(jws), headers),
    collect: async (more = {}, postbus = player.oin) =>
      http.ask(`/v1/postbus/${postbus}/_ophalen`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ bewijs: await player.ticket(), ...more }),
      }),
    receipt: (jws) =>
      http.ask('/v1/ontvangstbewijzen', {
        ...{ method: 'POST', body: jws },
        headers: { 'content-type': 'application/secevent+jwt' },
      }),
  };
  return visitor;
}

export const b64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');

/** Signs exactly these texts: what JSON.stringify would never write can be signed, too. */
export async function signTexts(
  header: string,
  payload: string | Uint8Array,
  key: SigningKey,
): Promise<string> {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${b64(await key.sign(Buffer.from(input)))}`;
}

/** The header that a good message of this key has, with what is given besides. */
export const headerOf = ({ alg, x5t }: SigningKey, more: object = {}): string =>
  JSON.stringify({ alg, typ: 'ketenpost-bericht+jwt', 'x5t#S256': x5t, ...more });

/** What the answer was: its code, or `aanvaard`. */
export const codeOf = ({ status, body }: Answered): string =>
  status < 300 ? String(body?.staat ?? status) : String(body.code);
