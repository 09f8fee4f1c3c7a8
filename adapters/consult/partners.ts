/** Partners as the register says, or as it last said when it does not answer: telephone, and when they are open. */
import { dayAt } from '../../schemas/calendar.ts';
import type { Openingstijd, Registratie } from '../../schemas/generated/wire.ts';
import type { Oin } from '../../schemas/ids.ts';
import { explainRule } from '../../schemas/policy.ts';
import { NotListed } from '../door.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import { closing, isOpen, nextOpening, openTime, type Span } from './hours.ts';

/** Nobody is kept waiting by a register that does not answer. */
const PATIENCE_MS = 3_000;
/** What the register says is not older, where somebody would be refused by it. */
const FRESH_MS = 5_000;

export interface Partner {
  readonly oin: Oin;
  readonly naam?: string;
  readonly telefoon?: string;
  readonly openingstijden?: readonly Openingstijd[];
  /** Absent when its hours are not known. */
  readonly open?: boolean;
  readonly sluitOp?: string;
  readonly opentOp?: string;
  /** Seconds that it is open within the time that is left. */
  readonly openBinnenKlok?: number;
  /** Why it may not get the question now, by the register. */
  readonly voorbehoud?: string;
  /** Why the router would find no recipient of this OIN, by the register. */
  readonly onbekend?: string;
  /** Why the router would refuse the question to it. */
  readonly geweigerd?: string;
}

/** What is asked, by which the router judges. */
export interface Matter {
  readonly berichttype: string;
  readonly grondslag: string;
}

/** As last noted; undefined for one that was never looked up. @param within the time that an answer may take */
export function knownPartner(rooms: Rooms, oin: Oin, within?: Span): Partner | undefined {
  const contact = rooms.store.contacts.get(oin);
  if (contact === undefined) return undefined;
  const { name: naam, phone, hours } = contact;
  const tijden = hours === null ? undefined : (JSON.parse(hours) as Openingstijd[]);
  const about = { naam, ...(phone !== null && { telefoon: phone }) };
  return { oin, ...about, ...hoursOf(tijden, rooms.clock.now(), within) };
}

/** All that were ever looked up here, by name. */
export const knownPartners = (rooms: Rooms): Partner[] =>
  rooms.store.contacts
    .all()
    .filter(({ oin }) => oin !== rooms.oin && oin !== rooms.router)
    .flatMap(({ oin }) => knownPartner(rooms, oin) ?? []);

/**
 * As the register says now, else as last noted; an OIN alone when nobody knows it.
 * @param matter what it would be asked: then it is judged whether the router would let it through
 */
export async function lookUp(
  rooms: Rooms,
  oin: Oin,
  within?: Span,
  matter?: Matter,
): Promise<Partner> {
  const registration = await askAgain(rooms, oin);
  if (registration === undefined) return knownPartner(rooms, oin, within) ?? { oin };
  if (registration === 'none') return { oin, onbekend: 'is not in the register' };
  const { naam, telefoon, openingstijden, status } = registration;
  const now = rooms.clock.now();
  const [inForce, geweigerd] = [
    isInForce(registration, now),
    await judge(rooms, registration, matter),
  ];
  return {
    ...{ oin, naam, ...(telefoon !== undefined && { telefoon }) },
    ...hoursOf(openingstijden, now, within),
    ...(!inForce && { onbekend: 'has no agreement that is in force' }),
    ...(status !== 'actief' && { voorbehoud: 'is SUSPENDED: it gets the question when that ends' }),
    ...(geweigerd !== undefined && { geweigerd }),
  };
}

function isInForce({ van, tot }: Registratie, now: number): boolean {
  const today = dayAt(now);
  return van <= today && (tot === undefined || today <= tot);
}

/** By our own roles in the register; nothing is said when they are not to be had. */
async function judge(
  rooms: Rooms,
  { rollen: naar }: Registratie,
  matter: Matter | undefined,
): Promise<string | undefined> {
  const own = matter && (await ask(rooms, rooms.oin));
  if (matter === undefined || own === undefined || own === 'none') return undefined;
  const { allowed, text } = explainRule({ ...matter, van: own.rollen, naar });
  return allowed ? undefined : text;
}

type Asked = Registratie | 'none' | undefined;

/** Whose agreement seems to be over may have another since: nobody is refused by what was kept here. */
async function askAgain(rooms: Rooms, oin: Oin): Promise<Asked> {
  const first = await ask(rooms, oin);
  if (first === undefined || first === 'none' || isInForce(first, rooms.clock.now())) return first;
  return (await ask(rooms, oin, FRESH_MS)) ?? first;
}

/** @returns `none` when the register has no such entry; undefined when it could not be asked */
async function ask({ directory }: Rooms, oin: Oin, newerThan?: number): Promise<Asked> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), PATIENCE_MS);
  });
  const asked = directory.entry(oin, newerThan).then(
    ({ registration }) => registration,
    (error: unknown) => (error instanceof NotListed ? 'none' : undefined),
  );
  try {
    return await Promise.race([asked, enough]);
  } finally {
    clearTimeout(timer);
  }
}

function hoursOf(
  hours: readonly Openingstijd[] | undefined,
  now: number,
  within?: Span,
): Omit<Partner, 'oin'> {
  if (hours === undefined) return {};
  const [open, closes, opens] = [isOpen(hours, now), closing(hours, now), nextOpening(hours, now)];
  return {
    openingstijden: hours,
    open,
    ...(open && closes !== undefined && { sluitOp: instant(closes) }),
    ...(!open && opens !== undefined && { opentOp: instant(opens) }),
    ...(within && {
      openBinnenKlok: Math.floor(openTime(hours, within.from, within.until) / 1000),
    }),
  };
}
