/** Agencies by the name that the register last told, for people: an OIN says nothing to them. */
import type { Oin } from '../schemas/ids.ts';
import type { Rooms } from './rooms.ts';

export type Names = Readonly<Record<string, string>>;

/** Names of those that are known here; another is shown by its OIN. */
export function namesOf(
  { store }: Pick<Rooms, 'store'>,
  oins: Iterable<Oin | string | null | undefined>,
): Names {
  const known = [...new Set(oins)].flatMap((oin) => {
    const contact = oin ? store.contacts.get(oin) : undefined;
    return contact === undefined ? [] : [[contact.oin, contact.name] as const];
  });
  return Object.fromEntries(known);
}
