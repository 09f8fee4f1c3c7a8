/**
 * Subscriptions in memory, each on one shelf: of its case, else of its types, else of its region. What
 * it costs to find those for an event does not depend on how many there are of other cases.
 */
import { CASE_CLOSED } from '../../schemas/case-events.ts';
import type { Oin } from '../../schemas/ids.ts';
import type { CaseEvent } from './case-event.ts';
import type { Subscription } from './subscription.ts';

export class Shelves {
  readonly #all = new Map<string, Subscription>();
  readonly #shelves = new Map<string, Map<string, Subscription>>();
  readonly #owners = new Map<Oin, Map<string, Subscription>>();

  get size(): number {
    return this.#all.size;
  }

  /** Notes it, or that it was erased (null). One that has ended does not run again, whatever comes late. */
  set(key: string, subscription: Subscription | null): void {
    const before = this.#all.get(key);
    if (before?.einde !== undefined && subscription !== null && !subscription.einde) return;
    if (before !== undefined) this.#take(key, before);
    if (subscription !== null) this.#put(key, subscription);
  }

  /** Those that run and want to be told of this event, oldest first. */
  matching(event: CaseEvent): Subscription[] {
    const { zaak, type, regio } = event;
    const names = [`zaak ${zaak}`, `type ${type}`, ...(regio ? [`regio ${regio}`] : [])];
    const found = names.flatMap((name) => [...(this.#shelves.get(name)?.values() ?? [])]);
    return found.filter((one) => wants(one, event)).sort(byBegin);
  }

  of(abonnee: Oin): Subscription[] {
    return [...(this.#owners.get(abonnee)?.values() ?? [])].sort(byBegin);
  }

  #put(key: string, subscription: Subscription): void {
    this.#all.set(key, subscription);
    put(this.#owners, subscription.abonnee, key, subscription);
    for (const name of shelvesOf(subscription)) put(this.#shelves, name, key, subscription);
  }

  #take(key: string, subscription: Subscription): void {
    this.#all.delete(key);
    take(this.#owners, subscription.abonnee, key);
    for (const name of shelvesOf(subscription)) take(this.#shelves, name, key);
  }
}

/** None for one that has ended: it is only kept to be shown. */
function shelvesOf({ einde, zaak, typen, regio }: Subscription): string[] {
  if (einde !== undefined) return [];
  if (zaak !== undefined) return [`zaak ${zaak}`];
  if (typen !== undefined) return [...new Set(typen)].map((type) => `type ${type}`);
  return [`regio ${regio}`];
}

/** Whether the event is one of those that it names; whether it may be told is another question. */
function wants(subscription: Subscription, event: CaseEvent): boolean {
  const { zaak, typen, regio, bron, grondslag, eind } = subscription;
  if (grondslag !== event.grondslag || eind <= event.at) return false;
  if (bron !== undefined && bron !== event.bron) return false;
  if (zaak !== undefined && zaak !== event.zaak) return false;
  // Of the end of its case it hears, whatever else it wants to know.
  if (zaak !== undefined && event.type === CASE_CLOSED) return true;
  if (typen !== undefined && !typen.includes(event.type)) return false;
  return regio === undefined || regio === event.regio;
}

const byBegin = (one: Subscription, other: Subscription): number =>
  one.begin - other.begin || (one.id < other.id ? -1 : 1);

type Groups<K> = Map<K, Map<string, Subscription>>;

function put<K>(groups: Groups<K>, name: K, key: string, subscription: Subscription): void {
  const group = groups.get(name) ?? new Map<string, Subscription>();
  groups.set(name, group.set(key, subscription));
}

function take<K>(groups: Groups<K>, name: K, key: string): void {
  const group = groups.get(name);
  group?.delete(key);
  if (group?.size === 0) groups.delete(name);
}
