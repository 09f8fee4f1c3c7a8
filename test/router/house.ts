/**
 * The rooms of the router on a real broker, with a real authority and register, and agencies that
 * say over the bus what a door would say for them. No HTTP: that is the door's own test.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readCertificate } from '../../certs/certificate.ts';
import { loadIdentity, loadSigningKey } from '../../certs/keystore.ts';
import { TrustStore } from '../../certs/truststore.ts';
import type { Bus } from '../../router/bus/bus.ts';
import { type DeadLetter, openDeadLetters } from '../../router/deadletters.ts';
import { openLedger } from '../../router/ledger.ts';
import { describeFault } from '../../router/log.ts';
import { createMetrics } from '../../router/metrics.ts';
import { openRooms } from '../../router/open-rooms.ts';
import { type Draft, readAgencyFiles } from '../../router/registry/agency-file.ts';
import { LiveRegister } from '../../router/registry/live.ts';
import { draftsOf, publish } from '../../router/registry/publish.ts';
import { RegisterReader } from '../../router/registry/read-register.ts';
import { RegisterStore } from '../../router/registry/store.ts';
import { createRegister } from '../../router/registry.ts';
import type { RoomSettings, Rooms } from '../../router/rooms.ts';
import { serve } from '../../router/serve.ts';
import type { Oin } from '../../schemas/ids.ts';
import { AGENCIES, type AgencyName, OPERATOR, REGISTRAR } from '../town/agencies.ts';
import { registerEntry, writeYaml } from '../town/files.ts';
import { copyKeys, type TownKeys } from '../town/keys.ts';
import { until } from '../town/wait.ts';
import { startTestBroker, type TestBroker } from './bus/broker.ts';
import { openPlayer, type Player } from './player.ts';

export interface Clock {
  now(): number;
  /** What is added to the real time, in milliseconds. */
  ahead: number;
}

/** One pipeline process, and what it said in its log. */
export interface RunningPipeline {
  readonly rooms: Rooms;
  readonly lines: Record<string, unknown>[];
  stop(): Promise<void>;
}

export interface House extends RunningPipeline {
  readonly broker: TestBroker;
  readonly keys: TownKeys;
  readonly trust: TrustStore;
  readonly clock: Clock;
  agency(name: AgencyName): Promise<Player>;
  /** Publishes another register, and waits until the pipeline uses it. */
  register(change: (drafts: Draft[]) => Draft[]): Promise<void>;
  /** What the ledger holds of a kind, oldest first. */
  ledger(kind: string): Promise<Record<string, unknown>[]>;
  parked(): Promise<DeadLetter[]>;
  /** Another pipeline on the same broker, whose bus may be made to fail. */
  pipeline(wrap?: (bus: Bus) => Bus): Promise<RunningPipeline>;
}

export interface HouseOptions {
  readonly change?: (drafts: Draft[]) => Draft[];
  /** Whether the first pipeline takes questions; tests that start their own leave it idle. */
  readonly serves?: boolean;
  /** How long what was collected is on loan. */
  readonly leaseMs?: number;
  /** What router.yaml would say; when it is given, pipelines also keep the count of the mailboxes. */
  readonly settings?: Partial<RoomSettings>;
  /** Takes every certificate for good: for stories in a year for which the town has none. */
  readonly believes?: boolean;
}

export async function openHouse({
  change = (d) => d,
  serves = true,
  leaseMs = 60_000,
  settings,
  believes = false,
}: HouseOptions = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-house-'));
  const [broker, keys] = await Promise.all([
    startTestBroker(),
    copyKeys(join(folder, 'certs'), 'ec', () => undefined),
  ]);
  const clock: Clock = { ahead: 0, now: () => Date.now() + clock.ahead };
  const trust = await TrustStore.load(keys.authority.trust, { clock });
  if (believes) trust.judge = () => undefined;
  const drafts = change(await townDrafts(folder, keys));
  await registerAnew(broker, keys, () => drafts, clock.now());
  const players = new Map<AgencyName, Promise<Player>>();
  const identity = await loadIdentity(keys.identity(OPERATOR.oin));

  const pipeline = async (wrap: (bus: Bus) => Bus = (bus) => bus, serving = true) => {
    const bus = wrap(await broker.connect('pipeline', 'test-pipeline'));
    const lines: Record<string, unknown>[] = [];
    const log = pino(
      { level: 'info', serializers: { err: describeFault } },
      { write: (line: string) => void lines.push(JSON.parse(line)) },
    );
    const register = await LiveRegister.open({ bus, log, registrar: registrarOf(keys) });
    const ledger = await openLedger({ bus, clock });
    const deadletters = openDeadLetters({ bus, ledger, clock });
    const metrics = createMetrics();
    const parts = { clock, identity, trust, bus, register, ledger, deadletters, metrics, log };
    const rooms = openRooms({ ...parts, leaseMs, ...(settings && { settings }) });
    const stopCounting = settings && (await rooms.mailboxes.keepCount(() => undefined));
    const stopServing = serving ? await serve(rooms, { inFlight: 32, waiting: 1000 }) : undefined;
    const stop = async () => {
      await stopServing?.();
      stopCounting?.();
      ledger.stop();
      register.stop();
      await bus.close();
    };
    return { rooms, lines, register, stop };
  };

  const first = await pipeline(undefined, serves);
  return {
    ...{ rooms: first.rooms, lines: first.lines },
    ...{ broker, keys, trust, clock, pipeline },
    agency(name) {
      const player =
        players.get(name) ??
        openPlayer({
          ...{ identity: keys.identity(AGENCIES[name].oin), bus: broker.buses.door, clock },
          router: identity,
        });
      players.set(name, player);
      return player;
    },
    async register(update) {
      const version = await registerAnew(broker, keys, update, clock.now());
      await until('the new register', () => first.register.current.version === version);
    },
    ledger: (kind) => readLedger(broker, kind),
    async parked() {
      const found: DeadLetter[] = [];
      for await (const one of first.rooms.deadletters.list()) found.push(one);
      return found;
    },
    async stop() {
      await first.stop();
      trust.stop();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const registrarOf = (keys: TownKeys) =>
  keys.certificates(REGISTRAR.oin, 'authenticiteit').map((file) => readPem(file));

const readPem = (file: string) => readCertificate(readFileSync(file, 'utf8'));

async function townDrafts(folder: string, keys: TownKeys): Promise<Draft[]> {
  for (const agency of [OPERATOR, ...Object.values(AGENCIES)]) {
    writeYaml(join(folder, 'register', `${agency.oin}.yaml`), registerEntry(agency, keys, 'ec'));
  }
  return readAgencyFiles(join(folder, 'register'));
}

/** As `ketenpost registry apply` does. @returns the new version */
async function registerAnew(
  broker: TestBroker,
  keys: TownKeys,
  update: (drafts: Draft[]) => Draft[],
  now: number,
): Promise<number> {
  const bus = broker.buses.admin;
  const store = new RegisterStore(await bus.bucket('registry'));
  const key = await loadSigningKey(keys.identity(REGISTRAR.oin).signing);
  const current = await store.current();
  const reader = new RegisterReader(store, registrarOf(keys));
  const register = current ? await reader.read(current.version) : createRegister([], 0);
  const ledger = await openLedger({ bus, clock: { now: () => now } });
  ledger.stop();
  const present = { register, revision: current?.revision ?? 0 };
  const wanted = update(draftsOf(register));
  return publish({ store, ledger, key }, { present, wanted, act: 'apply', now });
}

async function readLedger(broker: TestBroker, kind: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { data } of broker.buses.admin.log('LEDGER').list(`ledger.v1.${kind}`)) {
    found.push(JSON.parse(Buffer.from(data).toString()));
  }
  return found;
}

/** Changes one agency of a register. */
export const changing =
  (oin: Oin, change: (draft: Draft) => Draft) =>
  (drafts: Draft[]): Draft[] =>
    drafts.map((draft) => (draft.oin === oin ? change(draft) : draft));
