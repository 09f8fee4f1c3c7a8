/**
 * Finds out what this store lacks: asks the router for the receipts since the store was last known to
 * be whole. What we signed and do not know came after the backup that was restored (also when nobody
 * told us that one was): what can be taken up again is, the rest is listed for people.
 */
import { digestOf } from '../certs/digest.ts';
import { readJws } from '../certs/verify.ts';
import { fromUrn, type Oin, type Uuid7 } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { RECEIPT_EVENT, TYP } from '../schemas/typ.ts';
import { checkWire } from '../schemas/validate.ts';
import type { History } from './answer.ts';
import { askOwn } from './ask-own.ts';
import type { Authentic } from './confirm/authenticate.ts';
import { authenticate } from './confirm/authenticate.ts';
import { confirm } from './confirm.ts';
import type { HistoryPlace, HistorySide } from './door.ts';
import { kindOf } from './log.ts';
import { Loop } from './loop.ts';
import { forgetRejected } from './radar.ts';
import type { Rooms } from './rooms.ts';

/** A receipt is signed before it is sent, and clocks differ. */
const MARGIN_S = 3600;

/**
 * Notes, before anything else happens, from when the router is to be asked: so that a fall before the
 * answer loses nothing. A store that shares its agency with another is asked about only after a restore.
 */
export async function openGap({ store }: Pick<Rooms, 'store'>, alone: boolean): Promise<void> {
  if (store.history.gap() !== undefined || !alone) return;
  const from = Math.max(0, store.history.newestReply() - MARGIN_S);
  await store.write(() => store.history.openGap(from));
}

/** Asks the router once after the start; until it has answered. */
export const openReconciling = (rooms: Rooms): Loop =>
  new Loop(
    'reconciling',
    rooms.log,
    async () => {
      await reconcile(rooms);
      return null;
    },
    rooms.longestWaitMs,
  );

/** @throws Refusal when the router cannot be asked now */
async function reconcile(rooms: Rooms): Promise<void> {
  const { store, log, oin, clock } = rooms;
  const from = store.history.gap();
  if (from === undefined) return;
  for (const side of ['ontvangen', 'verzonden'] as const) await read(rooms, side, from);
  await store.write(() => {
    store.missing.clear(oin);
    store.history.closeGap();
  });
  const count = store.missing.count();
  const [restored, now] = [store.history.restored(), new Date(clock.now()).toISOString()];
  if (count > 0) {
    const about = { aantal: count, teruggezet: restored?.at ?? 'nobody said so', gevraagd: now };
    log.error(
      about,
      'this store lacks messages that the router has receipts of: ketenpost missing',
    );
  }
}

async function read(rooms: Rooms, side: HistorySide, from: number): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const place: HistoryPlace = { side, since: from, after };
    const answer = await askOwn<History>(rooms, (ticket) => rooms.door.history(place, ticket));
    if (!answer.ok) throw new Refusal('temporarily-unavailable');
    for (const jws of answer.value.ontvangstbewijzen) await consider(rooms, side, jws);
    after = answer.value.verder;
  }
}

/** One that does not verify says nothing: it is passed over. */
async function consider(rooms: Rooms, side: HistorySide, jws: string): Promise<void> {
  try {
    if (side === 'ontvangen') await considerOwn(rooms, jws);
    else await considerSent(rooms, jws);
  } catch (error) {
    if (!(error instanceof Refusal) || error.retry) throw error;
    rooms.log.info(kindOf(error), 'a receipt of the past was passed over');
  }
}

/** What we stated of a message to us. */
async function considerOwn(rooms: Rooms, jws: string): Promise<void> {
  const { store, oin, clock } = rooms;
  const said = peek(jws);
  if (said.iss !== oin || isKnown(rooms, said, jws)) return;
  const known = await authenticate(rooms, jws);
  const { fact, claims } = known;
  if (fact.bericht === undefined || fact.afzender === undefined || known.issuer !== oin) return;
  const [sender, message] = [fromUrn(fact.afzender), fact.bericht];
  if (fact.staat === 'onleesbaar') return;
  await store.write(() => {
    if (store.inbox.get(sender, message) !== undefined)
      return takeUp(rooms, known, sender, message);
    const row = { sender, message, recipient: oin, state: fact.staat };
    store.missing.put({ ...row, stated: claims.iat, found: clock.now() });
  });
}

const isKnown = ({ store }: Rooms, { sender, message }: Said, jws: string): boolean =>
  store.replies.of(sender ?? '', message ?? '').some(({ digest }) => digest === digestOf(jws));

/** The message is here, what we said of it was not: it stands as it did. */
function takeUp({ store, clock }: Rooms, known: Authentic, sender: Oin, message: Uuid7): void {
  const { fact, claims, digest, jws } = known;
  const row = { digest, jti: claims.jti, sender, message, copy: fact.dig, state: fact.staat };
  store.replies.add({ ...row, code: fact.code ?? null, stated: claims.iat }, jws);
  store.replies.settle(digest, 1);
  const { staat } = fact;
  const isOpen = store.inbox.get(sender, message)?.state === 'afgeleverd';
  if (!isOpen || (staat !== 'verwerkt' && staat !== 'afgewezen')) return;
  store.inbox.move(sender, message, staat, clock.now());
  if (staat === 'afgewezen') forgetRejected(store, { sender, jti: message });
}

/** What others stated of a message of ours. */
async function considerSent(rooms: Rooms, jws: string): Promise<void> {
  const { store, oin, clock } = rooms;
  const said = peek(jws);
  if (said.message === undefined || store.receipts.has(digestOf(jws))) return;
  if (store.outbox.get(said.message) !== undefined) {
    await confirm(rooms, jws, { mailed: false });
    return;
  }
  const { fact, claims } = await authenticate(rooms, jws);
  const copies = fact.ontvanger ? [fact.ontvanger] : (fact.ontvangers ?? []);
  if (fact.bericht === undefined || said.sender !== oin) return;
  const message = fact.bericht;
  await store.write(() => {
    for (const copy of copies) {
      const row = { sender: oin, message, recipient: fromUrn(copy), state: fact.staat };
      store.missing.put({ ...row, stated: claims.iat, found: clock.now() });
    }
  });
}

/** What a receipt is about, before it is verified. @throws Refusal */
type Said = ReturnType<typeof peek>;

function peek(jws: string) {
  const { iss, events } = checkWire('ontvangstbewijs', readJws(jws, TYP.receipt).claims);
  const { afzender, bericht } = events[RECEIPT_EVENT];
  return { iss: fromUrn(iss), sender: afzender && fromUrn(afzender), message: bericht };
}
