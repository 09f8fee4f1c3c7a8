/** Hands messages over again that a system of the agency did not take: what kept it has been mended. */
import type { Rooms } from './rooms.ts';
import { noteAction } from './settle.ts';
import type { Handover } from './store/handovers.ts';

export interface Redrive {
  /** All that wait for a person when undefined. */
  readonly which: readonly { readonly sender: string; readonly message: string }[] | undefined;
  readonly medewerker: string;
  /** Only tells what would be done. */
  readonly dryRun: boolean;
}

const AT_ONCE = 1_000;

/** @returns those that wait (or waited) for a person, as they stood before */
export async function redrive(rooms: Rooms, order: Redrive): Promise<Handover[]> {
  if (order.dryRun) return stuck(rooms, order);
  const { store, clock, rings, log } = rooms;
  const done = await store.write(() => {
    const some = stuck(rooms, order);
    for (const one of some) {
      store.handovers.progress({ ...one, state: 'wacht', attempts: 0, nextAt: clock.now() });
      const { sender, message: jti } = one;
      noteAction(rooms, { sender, jti }, 'opnieuw-aangeboden', { medewerker: order.medewerker });
    }
    return some;
  });
  if (done.length > 0) log.info({ aantal: done.length }, 'handed over again by a person');
  rings.handovers();
  return done;
}

function stuck({ store }: Rooms, { which }: Redrive): Handover[] {
  if (which === undefined) return store.handovers.inState('mens', AT_ONCE);
  return which.flatMap(({ sender, message }) =>
    store.handovers.of(sender, message).filter(({ state }) => state === 'mens'),
  );
}
