/**
 * Many open clocks and subscriptions: what one update costs that goes to hundreds of subscribers, and
 * what a start costs. The rooms of one pipeline in this process, on a real broker with the settings of
 * the tests, with a register of made-up agencies.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateKeys } from '../certs/authority/issuers.ts';
import { readCertificate } from '../certs/certificate.ts';
import type { Draft } from '../router/registry/agency-file.ts';
import type { Rooms } from '../router/rooms.ts';
import type { Subscription } from '../router/subscriptions/subscription.ts';
import { keyOfSubscription, SUBSCRIPTION } from '../router/subscriptions/subscription-key.ts';
import { deadlineOf } from '../router/terms.ts';
import { newUuid7, type Oin, parseOin, parseUuid, type Uuid } from '../schemas/ids.ts';
import { type House, openHouse } from '../test/router/house.ts';
import { accepted, eventBody, type Player } from '../test/router/player.ts';
import { REGISTRAR } from '../test/town/agencies.ts';
import type { Restart, Where } from './clocks-child.ts';
import { CpuMeter } from './processes.ts';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('./clocks-child.js', import.meta.url));

export interface Crowd {
  readonly clocks: number;
  /** In all; one of each agency is to the case that the updates are about. */
  readonly subscriptions: number;
  readonly agencies: number;
  /** Updates that are measured, one after another. */
  readonly updates: number;
  /** Processes that start, one after another. */
  readonly restarts: number;
}

export const CROWD: Crowd = {
  ...{ clocks: 10_000, subscriptions: 10_000, agencies: 500 },
  ...{ updates: 20, restarts: 3 },
};
export const FEW: Crowd = {
  ...{ clocks: 100, subscriptions: 60, agencies: 20 },
  ...{ updates: 2, restarts: 1 },
};

/** Milliseconds. */
export interface Update {
  readonly wall: number;
  /** Of this process: the router and, little, the one who sends. */
  readonly cpu: number;
  readonly broker: number;
}

export interface ClocksResult {
  readonly crowd: Crowd;
  readonly updates: readonly Update[];
  /** How many each update went to. */
  readonly recipients: number;
  /** With the same crowd, an update to one subscriber. */
  readonly single: readonly Update[];
  readonly restarts: readonly Restart[];
}

/** Veilig Thuis tells the prosecutor's office. */
const BASIS = 'wmo-5.1.6.2';
const DAY = 86_400_000;

export async function measureClocks(
  crowd: Crowd,
  progress: (text: string) => void,
): Promise<ClocksResult> {
  const house = await openHouse({ settings: {} });
  try {
    progress(`a register of ${crowd.agencies} more agencies`);
    const oins = await registerMany(house, crowd.agencies);
    progress(`${crowd.clocks} clocks and ${crowd.subscriptions} subscriptions`);
    const about = { busy: newCase(), quiet: newCase() };
    await openClocks(house.rooms, crowd.clocks);
    await subscribeAll(house.rooms, oins, crowd, about);
    progress('updates');
    const vt = await house.agency('vt');
    for (let n = 0; n < 3; n++) await update(house, vt, about.busy);
    const [updates, single]: [Update[], Update[]] = [[], []];
    let recipients = 0;
    for (let n = 0; n < crowd.updates; n++) {
      const measured = await update(house, vt, about.busy);
      recipients = measured.recipients;
      updates.push(measured.cost);
      single.push((await update(house, vt, about.quiet)).cost);
    }
    progress('restarts');
    const restarts: Restart[] = [];
    for (let n = 0; n < crowd.restarts; n++) restarts.push(await restart(house));
    return { crowd, updates, single, recipients, restarts };
  } finally {
    await house.stop();
  }
}

const newCase = (): Uuid => parseUuid(randomUUID());

/** Agencies that are told and never open what they get: each has a certificate of its own, on P-256. */
async function registerMany(house: House, count: number): Promise<Oin[]> {
  const drafts: Draft[] = [];
  for (let n = 0; n < count; n++) {
    const oin = parseOin(`00000099${String(500_000_000 + n)}000`);
    const name = `Parket ${n}`;
    const { publicKey } = await generateKeys('ec');
    const request = { oin, name, use: 'vertrouwelijkheid' as const };
    const pem = await house.keys.authority.certify(request, publicKey);
    drafts.push(draftOf(oin, name, pem));
  }
  await house.register((present) => [...present, ...drafts]);
  return drafts.map(({ oin }) => oin);
}

function draftOf(oin: Oin, naam: string, pem: string): Draft {
  const { der, x5t } = readCertificate(pem);
  return {
    ...{ oin, naam, rollen: ['om'], status: 'actief', van: '2026-01-01', mandaten: [] },
    ...{ zegel: 'ECDH-ES+A256KW', abonnementen: [] },
    certificaten: [{ gebruik: 'vertrouwelijkheid', x5t, der: der.toString('base64') }],
  };
}

/** Each a report of its own that is being assessed. */
async function openClocks(rooms: Rooms, count: number): Promise<void> {
  const now = rooms.clock.now();
  const [owner, sender] = [parseOin('00000099000000020000'), parseOin('00000099000000010000')];
  await inTurns(count, () => {
    const name = { owner, term: 'veiligheidsbeoordeling', sender, jti: newUuid7(now) } as const;
    return rooms.deadlines.open(deadlineOf(name, { begin: now, verlengd: 0, stap: 0 }));
  });
}

/** One of each agency to the busy case, one of the first to the quiet one, the others to cases of their own. */
async function subscribeAll(
  { clock, deadlines, subscriptions }: Rooms,
  oins: readonly Oin[],
  crowd: Crowd,
  about: { busy: Uuid; quiet: Uuid },
): Promise<void> {
  const begin = clock.now();
  await inTurns(crowd.subscriptions, async (at) => {
    const id = newUuid7(begin);
    const abonnee = oins[at % oins.length] as Oin;
    const zaak = at < oins.length ? about.busy : at === oins.length ? about.quiet : newCase();
    const eind = begin + 366 * DAY;
    const one: Subscription = { abonnee, id, zaak, grondslag: BASIS, begin, eind };
    const key = keyOfSubscription(abonnee, id);
    await deadlines.open({ key, kind: SUBSCRIPTION, due: eind, data: {} });
    await subscriptions.begin(one);
  });
}

async function inTurns(count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 100) {
    const some = Math.min(100, count - from);
    await Promise.all(Array.from({ length: some }, (_, at) => work(from + at)));
  }
}

/** From the offer of the sealed message to the answer that it is durable for all. */
async function update(house: House, source: Player, zaak: Uuid) {
  const inhoud = { ...eventBody(source.oin).inhoud, subject: zaak };
  const about = { berichttype: 'zaak-gebeurtenis', prio: 'normaal', zaak, inhoud } as const;
  const jwe = await source.seal(await source.sign(source.claims({ ...about, grondslag: BASIS })));
  const meter = new CpuMeter([
    { name: 'router', pid: process.pid },
    { name: 'broker', pid: house.broker.pid() },
  ]);
  const from = performance.now();
  const { ontvangers } = accepted(await source.offer(jwe, { prio: 'normaal' }));
  const wall = performance.now() - from;
  const { router = 0, broker = 0 } = meter.read();
  return { recipients: ontvangers.length, cost: { wall, cpu: router, broker } };
}

async function restart({ broker, keys }: House): Promise<Restart> {
  const where: Where = {
    ...{ servers: broker.servers, ca: broker.ca, seedFile: broker.seed('pipeline') },
    registrar: keys.certificates(REGISTRAR.oin, 'authenticiteit'),
  };
  return JSON.parse((await run(process.execPath, [CHILD, JSON.stringify(where)])).stdout);
}
