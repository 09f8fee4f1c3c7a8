/** What the tests of the ledger share: a broker, the router's key, and how to write and verify. */
import type { Certificate } from '../../../certs/certificate.ts';
import type { SigningKey } from '../../../certs/keys.ts';
import { loadSigningKey } from '../../../certs/keystore.ts';
import type { Bus, Stored } from '../../../router/bus/bus.ts';
import { subjects } from '../../../router/bus/subjects.ts';
import { checkpointReader } from '../../../router/ledger/checkpoints.ts';
import { type Notary, startNotary } from '../../../router/ledger/notary.ts';
import { type Verdict, verifyLedger } from '../../../router/ledger/verify.ts';
import { type Ledger, type LedgerEntry, openLedger } from '../../../router/ledger.ts';
import { type Clock, systemClock } from '../../../schemas/clock.ts';
import { newUuid7, parseDigest } from '../../../schemas/ids.ts';
import { openOffice, POLICE, ROUTER, VT } from '../../certs/office.ts';
import { until } from '../../town/wait.ts';
import { startTestBroker, type TestBroker } from '../bus/broker.ts';

export const DAY_MS = 24 * 3600 * 1000;
export const LIFE_MS = 177 * DAY_MS;
const DIG = parseDigest('A'.repeat(43));

export const anEntry = (): LedgerEntry => ({
  ...{ kind: 'aanvaard', afzender: POLICE, bericht: newUuid7(Date.now()), dig: DIG },
  ...{ ontvangers: [VT], ontvangstbewijs: DIG },
});

export interface House {
  readonly broker: TestBroker;
  readonly bus: Bus;
  readonly key: SigningKey;
  readonly ledger: Ledger;
  append(count: number): Promise<void>;
  /** The router is started anew, and remembers nothing of the ledger. */
  restart(): Promise<void>;
  notary(options?: Partial<Parameters<typeof startNotary>[0]>): Promise<Notary>;
  /** Runs a notary until every entry is chained and a checkpoint covers it. */
  settle(): Promise<void>;
  verify(options?: {
    clock?: Clock;
    witnesses?: readonly string[];
    chain?: AsyncIterable<Stored>;
    entries?: AsyncIterable<Stored>;
  }): Promise<Verdict>;
  /** The checkpoints in the chain, as adapters would keep them. */
  checkpoints(): Promise<string[]>;
  stop(): Promise<void>;
}

/** The router's key, made once for all tests of a file. */
let made: Promise<{ key: SigningKey; certificate: Certificate }> | undefined;
async function makeKey() {
  const request = { oin: ROUTER, name: 'Router', use: 'authenticiteit', key: 'ec' } as const;
  const { source, certificate } = await (await openOffice()).issue(request);
  return { key: await loadSigningKey(source), certificate };
}

export async function openHouse(): Promise<House> {
  made ??= makeKey();
  const [broker, { key, certificate }] = await Promise.all([startTestBroker(), made]);
  const bus = broker.buses.pipeline;
  let ledger: Ledger = await openLedger({ bus, clock: systemClock });
  const find = (x5t: string): Certificate | undefined =>
    x5t === certificate.x5t ? certificate : undefined;
  const house: House = {
    ...{ broker, bus, key },
    get ledger() {
      return ledger;
    },
    async append(count) {
      await Promise.all(Array.from({ length: count }, () => ledger.append(anEntry())));
    },
    async restart() {
      ledger.stop();
      ledger = await openLedger({ bus, clock: systemClock });
    },
    notary: (options) =>
      startNotary({ bus, key, clock: systemClock, everyMs: 20, checkpointMs: 0, ...options }),
    async settle() {
      const notary = await house.notary();
      const { last } = await bus.log('LEDGER').state();
      await until('the chain to cover it', async () => (await covered(house, find)) >= last);
      await notary.stop();
    },
    verify: (options = {}) =>
      verifyLedger(
        {
          chain: options.chain ?? bus.log('CHAIN').list(subjects.chain('*')),
          entries: options.entries ?? bus.log('LEDGER').list(subjects.ledger('*')),
          witnesses: options.witnesses ?? [],
        },
        {
          readCheckpoint: checkpointReader(find),
          clock: options.clock ?? systemClock,
          lifeMs: LIFE_MS,
        },
      ),
    async checkpoints() {
      const found: string[] = [];
      for await (const { data } of bus.log('CHAIN').list(subjects.chain('checkpoint'))) {
        found.push(Buffer.from(data).toString());
      }
      return found;
    },
    async stop() {
      ledger.stop();
      await broker.stop();
    },
  };
  return house;
}

async function covered(
  house: House,
  find: (x5t: string) => Certificate | undefined,
): Promise<number> {
  const last = await house.bus.log('CHAIN').last(subjects.chain('checkpoint'));
  if (last === null) return 0;
  return (await checkpointReader(find)(Buffer.from(last.data).toString())).size;
}
