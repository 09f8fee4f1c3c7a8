/** Partners as the register says, or as it last said when it does not answer: telephone, and when they are open. */
import type { Openingstijd, Registratie } from '../../schemas/generated/wire.ts';
import type { Oin } from '../../schemas/ids.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import { closing, isOpen, nextOpening, openTime, type Span } from './hours.ts';

/** Nobody is kept waiting by a register that does not answer. */
const PATIENCE_MS = 3_000;

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

/** As the register says now, else as last noted; an OIN alone when nobody knows it. */
export async function lookUp(rooms: Rooms, oin: Oin, within?: Span): Promise<Partner> {
  const registration = await ask(rooms, oin);
  if (registration === undefined) return knownPartner(rooms, oin, within) ?? { oin };
  const { naam, telefoon, openingstijden } = registration;
  const about = { oin, naam, ...(telefoon !== undefined && { telefoon }) };
  return { ...about, ...hoursOf(openingstijden, rooms.clock.now(), within) };
}

async function ask({ directory }: Rooms, oin: Oin): Promise<Registratie | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), PATIENCE_MS);
  });
  const asked = directory.entry(oin).then(
    ({ registration }) => registration,
    () => undefined,
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
