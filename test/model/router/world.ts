/** The real rooms of the router on a real broker, and what is watched of them from outside. */
import { readMailbox, subjects } from '../../../router/bus/subjects.ts';
import { expire } from '../../../router/expire.ts';
import type { KeptReceipt } from '../../../router/receipts.ts';
import type { Oin, Uuid7 } from '../../../schemas/ids.ts';
import { changing, type House, openHouse, type RunningPipeline } from '../../router/house.ts';
import type { Player } from '../../router/player.ts';
import { AGENCIES } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { type Fall, Falls } from './falls.ts';
import { type Message, RECIPIENTS, type Recipient } from './model.ts';

export const LEASE_MS = 400;

/** Something in a mailbox, by its label. */
export interface Waiting {
  readonly seq: number;
  readonly recipient: Oin;
  readonly from: Oin;
  readonly id: string;
  readonly kind: string;
  readonly dig: string;
  readonly text: string;
}

export const oinOf = (name: Recipient): Oin => AGENCIES[name].oin;

export class World {
  readonly house: House;
  readonly sender: Player;
  readonly recipients: Readonly<Record<Recipient, Player>>;
  readonly stranger: Player;
  readonly #falls: Falls;
  #pipeline: RunningPipeline;
  #ledgerFrom = 1;
  /** Receipts that the sender has taken out of its mailbox and stored. */
  readonly told = new Set<string>();
  /** The receipt that was first seen to be kept for a fact. */
  readonly kept = new Map<string, string>();

  private constructor(house: House, pipeline: RunningPipeline, players: Player[], falls: Falls) {
    const [sender, stranger, vt, reclassering, rvdk] = players as [
      Player,
      Player,
      Player,
      Player,
      Player,
    ];
    this.house = house;
    this.#pipeline = pipeline;
    this.#falls = falls;
    this.sender = sender;
    this.stranger = stranger;
    this.recipients = { vt, reclassering, rvdk };
  }

  static async open(): Promise<World> {
    const house = await openHouse({ serves: false, leaseMs: LEASE_MS });
    const names = ['om', 'halt', ...RECIPIENTS] as const;
    const players = await Promise.all(names.map((name) => house.agency(name)));
    const falls = new Falls();
    return new World(house, await house.pipeline(falls.wrap), players, falls);
  }

  get rooms() {
    return this.#pipeline.rooms;
  }

  now = (): number => Math.floor(this.house.clock.now() / 1000);

  /** Does the work; the pipeline dies during it, when it is to and the work writes so often. */
  async falling<T>(
    fall: Fall | undefined,
    work: () => Promise<T>,
  ): Promise<{ value: T; fell: boolean }> {
    this.#falls.arm(fall);
    const value = await work();
    const fell = this.#falls.disarm();
    if (fell) await this.restart();
    return { value, fell };
  }

  async restart(): Promise<void> {
    await this.#pipeline.stop();
    this.#pipeline = await this.house.pipeline(this.#falls.wrap);
  }

  /** Tells the sender of the copies of a message that has ended. @returns whether it failed */
  async sweep({ jti }: Message): Promise<boolean> {
    const { rooms } = this;
    const sender = this.sender.oin;
    try {
      const record = await rooms.ids.find(sender, jti);
      if (record === undefined || record.verdict === 'refused') return false;
      for (const recipient of record.recipients) {
        await expire(rooms, { sender, jti, recipient, record });
      }
      return false;
    } catch {
      return true;
    }
  }

  async suspend(name: Recipient, suspended: boolean): Promise<void> {
    const status = suspended ? 'geschorst' : 'actief';
    await this.house.register(changing(oinOf(name), (draft) => ({ ...draft, status })));
    await until('the register', () => this.rooms.registry.agency(oinOf(name))?.status === status);
  }

  async waiting(): Promise<Waiting[]> {
    const found: Waiting[] = [];
    const log = this.house.broker.buses.pipeline.log('MAILBOX');
    for (let from = 1; ; ) {
      const one = await log.next(from, subjects.mailboxes);
      if (one === null) return found;
      from = one.seq + 1;
      const [kind = '', dig = ''] = [one.headers['Ketenpost-Soort'], one.headers['Ketenpost-Dig']];
      const text = Buffer.from(one.data).toString();
      found.push({ seq: one.seq, ...readMailbox(one.subject), kind, dig, text });
    }
  }

  /** What the ledger holds of a kind since the story began, oldest first. */
  async entries(kind: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    const ledger = this.house.broker.buses.admin.log('LEDGER');
    for await (const { data } of ledger.list(`ledger.v1.${kind}`, this.#ledgerFrom)) {
      found.push(JSON.parse(Buffer.from(data).toString()));
    }
    return found;
  }

  keptOf({ jti, to }: Message): Promise<KeptReceipt[]> {
    return this.rooms.receipts.of(this.sender.oin, jti as Uuid7, to.map(oinOf));
  }

  /** A story begins with empty mailboxes, everybody active, and the clock as it is. */
  async reset(): Promise<void> {
    this.#falls.arm(undefined);
    this.house.clock.ahead = 0;
    this.told.clear();
    this.kept.clear();
    this.#ledgerFrom = (await this.house.broker.buses.admin.log('LEDGER').state()).last + 1;
    const log = this.house.broker.buses.pipeline.log('MAILBOX');
    for (const { seq } of await this.waiting()) await log.erase(seq);
    for (const name of RECIPIENTS) {
      if (this.rooms.registry.agency(oinOf(name))?.status !== 'actief')
        await this.suspend(name, false);
    }
  }

  async close(): Promise<void> {
    await this.#pipeline.stop();
    await this.house.stop();
  }
}
