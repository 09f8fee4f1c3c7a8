/** One agency at work: its rooms opened in order, its loops and connectors started; stopped in reverse. */
import { readFile } from 'node:fs/promises';
import { type Certificate, readCertificate } from '../certs/certificate.ts';
import { type Identity, loadTls, type TlsIdentity } from '../certs/keystore.ts';
import { type KeyChange, LiveIdentity } from '../certs/live-identity.ts';
import { USES } from '../certs/profile.ts';
import { usesOf } from '../certs/suit.ts';
import { TrustStore } from '../certs/truststore.ts';
import type { Clock } from '../schemas/clock.ts';
import { CommandError } from '../schemas/command.ts';
import type { Oin } from '../schemas/ids.ts';
import { noteContact } from './alarms/telephone.ts';
import type { AgencyConfig } from './config.ts';
import { readToken } from './connectors/rest/token.ts';
import type { DataDoor } from './dataref/serve.ts';
import { SourceLine } from './dataref/source-line.ts';
import { Directory } from './directory.ts';
import { Door } from './door.ts';
import type { Log } from './log.ts';
import { startLoops } from './loops.ts';
import { Radar } from './radar.ts';
import { openGap } from './reconcile.ts';
import type { Rings, Rooms } from './rooms.ts';
import { Stack } from './stack.ts';
import type { Channel } from './store/handovers.ts';
import { openStore, type Store } from './store/store.ts';
import { openTicket } from './ticket.ts';
import { watchEndings } from './watch-endings.ts';

export interface Agency {
  readonly oin: Oin;
  /** Address of the local API, when there is one. */
  readonly rest: string | undefined;
  /** Where other agencies fetch what our events point to, when they can. */
  readonly data: string | undefined;
  readonly rooms: Rooms;
  /** Takes the keys into use that the configuration names now. @throws CommandError; then nothing changed */
  reload(config: AgencyConfig): Promise<KeyChange>;
  stop(): Promise<void>;
}

interface Around {
  readonly clock: Clock;
  readonly log: Log;
}

/** @throws CommandError or Error that says what to mend; nothing is left running then */
export async function startAgency(config: AgencyConfig, around: Around): Promise<Agency> {
  const log = around.log.child({ oin: config.identity.oin });
  const stack = new Stack(log);
  try {
    const loops: Partial<Rings> = {};
    const identity = await LiveIdentity.load(config.identity);
    const rooms = await openRooms(config, identity, { ...around, log }, stack, {
      outbox: () => loops.outbox?.(),
      replies: () => loops.replies?.(),
      handovers: () => loops.handovers?.(),
      alarms: () => loops.alarms?.(),
      watch: () => loops.watch?.(),
    });
    await openGap(rooms, config.store.alone ?? true);
    rooms.radar?.start();
    Object.assign(loops, startLoops(config, rooms, stack));
    const rest = await serveRest(config, rooms, stack);
    const data = await serveData(config, rooms, stack);
    const reload = async (next: AgencyConfig) => {
      const change = await reloadKeys(identity, rooms, next);
      data?.renew(await dataTls(next, identity));
      return change;
    };
    stack.add(watchEndings(rooms), (stop) => stop());
    return { oin: rooms.oin, rest, data: data?.url, rooms, reload, stop: () => stack.stop() };
  } catch (cause) {
    await stack.stop();
    throw cause;
  }
}

/** Signing and opening change at once; TLS on the next connection. */
async function reloadKeys(
  identity: LiveIdentity,
  { door, log, directory }: Rooms,
  config: AgencyConfig,
): Promise<KeyChange> {
  const change = await identity.reload(config.identity, (next) => checkListed(directory, next));
  if (change.added.length + change.removed.length > 0) {
    door.renew(identity.tls);
    log.info({ ...change }, 'keys loaded anew');
  }
  return change;
}

/** What the register does not list nobody believes, and the door does not admit. @throws CommandError */
async function checkListed(directory: Directory, { oin, certificates }: Identity): Promise<void> {
  directory.forget(oin);
  const entry = await directory.entry(oin);
  const listed = USES.flatMap((use) => entry.of(use)).map(({ certificate }) => certificate.x5t);
  for (const certificate of certificates) {
    const [use] = usesOf(certificate);
    if (use === 'vertrouwelijkheid' || listed.includes(certificate.x5t)) continue;
    throw new CommandError(
      'refused',
      `the register does not list the new certificate for ${use}`,
      'ask the registrar to add it',
    );
  }
}

async function openRooms(
  config: AgencyConfig,
  identity: LiveIdentity,
  { clock, log }: Around,
  stack: Stack,
  rings: Rings,
): Promise<Rooms> {
  const trust = stack.add(await TrustStore.load(config.trust, { clock }), (one) => one.stop());
  trust.start();
  const store = stack.add(openStore(config.store, identity.oin), (one) => one.close());
  trust.revocations.recall(store.proofs.lastLists());
  tellSpace(store, log);
  const pems = await readAuthorities(config);
  const judgeTls = (certificate: Certificate) => {
    const now = clock.now();
    trust.judge(certificate, { use: 'tls', at: now, now });
  };
  const { router } = config;
  const door = stack.add(
    new Door({ ...router, tls: identity.tls, ca: pems, judge: judgeTls, clock }),
    (one) => one.close(),
  );
  const certificates = await readAll(config.registrar.certificates);
  const registrar = { oin: config.registrar.oin, certificates };
  const directory = new Directory({
    ...{ registrar, clock, fetch: (oin) => door.registration(oin) },
    note: noteContact({ store, clock, log }),
  });
  const me = { oin: identity.oin, router: router.oin, clock, identity };
  const { insideHosts = [] } = config.gegevens ?? {};
  const sources = new SourceLine({ identity, ca: pems, insideHosts });
  const common = { ...me, ticket: openTicket(me), trust, door, directory, sources };
  const { longestWaitSeconds: longest } = config;
  const waits = longest !== undefined && { longestWaitMs: longest * 1000 };
  const channels = channelsOf(config);
  const told = { webhook: channels.includes('webhook'), folder: channels.includes('folder') };
  const folder = config.folder && { folder: config.folder.path };
  const alone = config.store.alone ?? true;
  const roles = async () => (await directory.entry(identity.oin)).registration.rollen;
  const radar = stack.add(new Radar({ store, log, wanted: config.radar, roles }), (one) =>
    one.stop(),
  );
  return { ...common, store, alone, log, rings, channels, told, radar, ...folder, ...waits };
}

/** Said once each way: the loops that cannot write say so by themselves, slower and slower. */
function tellSpace({ space }: Store, log: Log): void {
  space.onChange((room) => {
    if (room) log.info('there is room on the disk again');
    else log.error({ code: 'storage-full' }, 'the disk is full: nothing can be stored');
  });
}

const readAuthorities = ({ trust }: AgencyConfig): Promise<string[]> =>
  Promise.all([...trust.roots, ...trust.issuers].map((file) => readFile(file, 'utf8')));

const readAll = (files: readonly string[]): Promise<Certificate[]> =>
  Promise.all(files.map(async (file) => readCertificate(await readFile(file))));

const channelsOf = ({ webhook, folder }: AgencyConfig): Channel[] => [
  ...(webhook ? (['webhook'] as const) : []),
  ...(folder ? (['folder'] as const) : []),
];

/** Loaded only where it is used: a web server costs memory. */
async function serveRest(
  config: AgencyConfig,
  rooms: Rooms,
  stack: Stack,
): Promise<string | undefined> {
  if (config.rest === undefined) return undefined;
  const { host, port, tokenFile, tls } = config.rest;
  const { startRest } = await import('./connectors/rest/server.ts');
  const options = {
    host,
    port,
    token: readToken(tokenFile),
    ...(tls && { tls: await loadTls(tls) }),
  };
  if (!tls && !/^(127\.|::1$|localhost$)/.test(host)) {
    rooms.log.warn('the local API answers to other machines without TLS: give it rest.tls');
  }
  const rest = stack.add(await startRest(rooms, options), (one) => one.stop());
  return rest.url;
}

/** What is shown must be what the register lists: our certificate for TLS, or another of ours. */
const dataTls = async ({ gegevens }: AgencyConfig, { tls }: Identity): Promise<TlsIdentity> =>
  gegevens?.tls === undefined ? tls : loadTls(gegevens.tls);

async function serveData(
  config: AgencyConfig,
  rooms: Rooms,
  stack: Stack,
): Promise<DataDoor | undefined> {
  const { host = '0.0.0.0', port } = config.gegevens ?? {};
  if (port === undefined) return undefined;
  const { openDataDoor } = await import('./dataref/serve.ts');
  const [tls, ca] = [await dataTls(config, rooms.identity), await readAuthorities(config)];
  const data = await openDataDoor(rooms, { host, port, tls, ca });
  return stack.add(data, (one) => one.stop());
}
