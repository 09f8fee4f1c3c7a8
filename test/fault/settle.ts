/** Waits until everything that was accepted is settled at both ends, or the patience is over. */
import type { Track } from '../../adapters/track.ts';
import type { AdapterClient } from '../town/adapter-client.ts';
import { AGENCIES, type AgencyName } from '../town/agencies.ts';
import { until } from '../town/wait.ts';
import type { Effect, Known, Offered, Row } from './count.ts';
import { RECIPIENTS, SENDERS } from './reports.ts';

/** The adapters of each agency, as its own systems reach them. */
export type Clients = Readonly<Record<AgencyName, readonly AdapterClient[]>>;

const ARRIVED: ReadonlySet<string> = new Set(['afgeleverd', 'verwerkt']);
const FAILED: ReadonlySet<string> = new Set(['afgewezen', 'onbestelbaar']);
const ENDED: ReadonlySet<string> = new Set(['geweigerd', 'verlopen']);

/** What a sender knows of each copy, as far as it was asked. */
export class Knowledge {
  readonly #clients: Clients;
  readonly #known = new Map<string, Known>();
  readonly #missing = new Set<string>();

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  of(jti: string, recipient: string): Known {
    return this.#known.get(`${jti} ${recipient}`) ?? 'nothing';
  }

  /** Asks the sender, at whichever of its adapters knows the message. */
  async ask({ jti, sender, to }: Offered): Promise<void> {
    for (const client of this.#clients[nameOf(sender)]) {
      const answer = await client.call('GET', `/v1/berichten/${jti}`).catch(() => undefined);
      if (answer?.status !== 200) continue;
      const track = answer.body as Track;
      for (const oin of to) this.#note(jti, oin, knownOf(track, oin));
    }
  }

  /** Asks the recipients what they lack: what came after a backup that was put back. */
  async askWhatIsMissing(): Promise<void> {
    for (const name of RECIPIENTS)
      for (const client of this.#clients[name])
        for (let from: string | undefined = '0'; from !== undefined; ) {
          const answer = await client.call('GET', `/v1/vermist?aantal=200&vanaf=${from}`);
          const { vermist = [], volgende } = answer.body as Partial<Lacking>;
          for (const { bericht } of vermist) this.#missing.add(`${bericht} ${AGENCIES[name].oin}`);
          from = volgende;
        }
  }

  /** The recipient knows that it lacks this, and whom to ask for it. */
  isMissed(jti: string, recipient: string): boolean {
    return this.#missing.has(`${jti} ${recipient}`);
  }

  /** Of two adapters of one agency the one that knows more counts. */
  #note(jti: string, oin: string, known: Known): void {
    if (known !== 'nothing') this.#known.set(`${jti} ${oin}`, known);
  }
}

/** An id that the router has had before is one that arrived before this store knew of it. */
const HAD_BEFORE = 'id-reused';

function knownOf({ staat, ontvangers, laatsteCode }: Track, oin: string): Known {
  if (staat === 'geweigerd' && laatsteCode === HAD_BEFORE) return 'arrived';
  const copy = ontvangers.find((one) => one.oin === oin);
  const stated = Object.keys(copy?.staten ?? {});
  if (stated.some((state) => ARRIVED.has(state))) return 'arrived';
  return FAILED.has(copy?.staat ?? '') || ENDED.has(staat) ? 'failed' : 'nothing';
}

const nameOf = (oin: string): AgencyName => {
  const found = SENDERS.find((name) => AGENCIES[name].oin === oin);
  if (found === undefined) throw new Error('a sender that sends nothing');
  return found;
};

const ASKED_AT_ONCE = 8;

/**
 * @param spoilt how many messages can never settle, because the test itself lost what was handed over
 * @returns how many messages were not settled when the patience was over
 */
export async function settleAll(
  offered: readonly Offered[],
  effects: readonly Effect[],
  knowledge: Knowledge,
  seconds: number,
  spoilt = 0,
): Promise<number> {
  let open = offered.filter(({ acceptedAt }) => acceptedAt !== undefined);
  const look = async () => {
    const there = new Set(effects.map(({ agency, report }) => `${agency} ${report}`));
    const isOpen = ({ jti, report, to }: Offered) =>
      to.some((oin) => {
        const known = knowledge.of(jti, oin);
        const isThere = there.has(`${oin} ${report}`);
        if (!isThere && knowledge.isMissed(jti, oin)) return false;
        return known === 'nothing' || (known === 'arrived' && !isThere);
      });
    await knowledge.askWhatIsMissing().catch(() => undefined);
    for (let at = 0; at < open.length; at += ASKED_AT_ONCE)
      await Promise.all(open.slice(at, at + ASKED_AT_ONCE).map((one) => knowledge.ask(one)));
    open = open.filter(isOpen);
    return open.length <= spoilt;
  };
  await until('everything to be settled', look, seconds).catch(() => undefined);
  return open.length;
}

/** Every row of every inbox. @throws Error when an adapter does not answer */
export async function readInboxes(clients: Clients): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of RECIPIENTS)
    for (const client of clients[name])
      for (let from: string | undefined = '0'; from !== undefined; ) {
        const page: Page = await client.get(`/v1/postvak?aantal=200&vanaf=${from}`);
        const { oin } = AGENCIES[name];
        rows.push(
          ...page.berichten.map((one) => ({
            agency: `${oin} ${client.url}`,
            sender: one.afzender.oin,
            jti: one.bericht,
          })),
        );
        from = page.volgende;
      }
  return rows;
}

interface Lacking {
  readonly vermist: readonly { readonly bericht: string }[];
  readonly volgende?: string;
}

interface Page {
  readonly berichten: readonly { afzender: { oin: string }; bericht: string }[];
  readonly volgende?: string;
}
