/** A pipeline that starts: loads the register, the subscriptions and the deadlines, says how long each took, and ends. */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { readCertificate } from '../certs/certificate.ts';
import { connectBus } from '../router/bus/connect.ts';
import { Agenda } from '../router/deadlines/agenda.ts';
import { openDeadlines } from '../router/deadlines.ts';
import { LiveRegister } from '../router/registry/live.ts';
import { openSubscriptions } from '../router/subscriptions.ts';
import { memoryOf } from './processes.ts';

/** Of a start: milliseconds, and bytes of resident memory that each part of it took. */
export interface Restart {
  readonly connect: Loaded;
  readonly register: Loaded;
  readonly subscriptions: Loaded;
  readonly deadlines: Loaded;
  /** How many deadlines there are. */
  readonly open: number;
  /** Bytes, when all is loaded. */
  readonly memory: number;
}

export interface Loaded {
  readonly ms: number;
  readonly bytes: number;
}

/** What the child is told, as JSON, in its one argument. */
export interface Where {
  readonly servers: readonly string[];
  readonly ca: string;
  readonly seedFile: string;
  readonly registrar: readonly string[];
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; loaded: Loaded }> {
  const [from, before] = [performance.now(), memoryOf(process.pid).now];
  const value = await work();
  const ms = performance.now() - from;
  return { value, loaded: { ms, bytes: memoryOf(process.pid).now - before } };
}

async function restart({ registrar, ...where }: Where): Promise<Restart> {
  const { value: bus, loaded: connect } = await timed(() =>
    connectBus({ ...where, role: 'pipeline', name: 'bench-restart' }),
  );
  const pems = registrar.map((file) => readCertificate(readFileSync(file, 'utf8')));
  const log = pino({ level: 'silent' });
  const register = await timed(() => LiveRegister.open({ bus, registrar: pems, log }));
  const subscriptions = await timed(() => openSubscriptions(bus).start());
  const agenda = new Agenda();
  const deadlines = await timed(() =>
    openDeadlines(bus).follow((key, one) => agenda.set(key, one)),
  );
  const memory = memoryOf(process.pid).now;
  deadlines.value();
  subscriptions.value();
  register.value.stop();
  await bus.close();
  const loaded = [register, subscriptions, deadlines].map((one) => one.loaded);
  const [first, second, third] = loaded as [Loaded, Loaded, Loaded];
  return {
    ...{ connect, register: first, subscriptions: second, deadlines: third },
    ...{ open: agenda.size, memory },
  };
}

const [argument] = process.argv.slice(2);
if (argument !== undefined) {
  process.stdout.write(JSON.stringify(await restart(JSON.parse(argument) as Where)));
}
