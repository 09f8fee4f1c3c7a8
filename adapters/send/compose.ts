/**
 * Makes the claims of a message from a draft, and checks here what the router would check there: the
 * caller hears of every fault at once, by its place in what was handed in.
 */

import { seconds } from '../../schemas/clock.ts';
import { tidy } from '../../schemas/faults.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { newUuid7, type Oin, type OinUrn, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { messageTypes } from '../../schemas/messages.ts';
import { type Fault, Refusal } from '../../schemas/refusal.ts';
import { MESSAGE_BYTES } from '../../schemas/size.ts';
import { checkBody, checkWire } from '../../schemas/validate.ts';
import type { Rooms } from '../rooms.ts';
import type { OutboxRow } from '../store/outbox.ts';
import { clockOf } from './clock.ts';
import { asObject, type Draft, faultsOfDraft } from './draft.ts';

type Place = Pick<Rooms, 'oin' | 'clock' | 'store'>;

const DAY = 86_400;
const DEFAULT_DAYS = 5;
const MOST_DAYS = 30;

/**
 * @param fixed claims that are settled already, when the same draft is composed a second time
 * @throws Refusal schema-invalid, type-unknown or too-large, with every fault
 */
export function compose(rooms: Place, input: unknown, fixed: Partial<Bericht> = {}): Bericht {
  const draft = asObject(input) as Partial<Draft>;
  const faults: Fault[] = [...faultsOfDraft(input)];
  const iat = fixed.iat ?? seconds(rooms.clock);
  const claims = { ...build(rooms, draft, iat, faults), ...fixed };
  const unknown = check(claims, faults);
  if (unknown !== undefined) throw new Refusal('type-unknown', unknown.message, tidy(faults));
  if (faults.length > 0) throw new Refusal('schema-invalid', undefined, tidy(faults));
  if (Buffer.byteLength(JSON.stringify(claims)) > MESSAGE_BYTES) {
    throw new Refusal('too-large', `a message has at most ${MESSAGE_BYTES} bytes of JSON`);
  }
  return claims;
}

/** May hold what a draft should not: it is checked before anybody trusts the type. */
function build(rooms: Place, draft: Partial<Draft>, iat: number, faults: Fault[]): Bericht {
  const { oin, clock } = rooms;
  const earlier = findEarlier(rooms, draft, faults);
  const aud = audience(rooms, draft.aan, earlier);
  const { verwijst, vervangt, trektIn, zaak } = draft;
  const raadpleging = clockOf(draft.raadpleging, faults);
  const given = { verwijst, vervangt, trektIn, zaak, raadpleging };
  const claims = {
    iss: toUrn(oin),
    ...(aud !== undefined && { aud }),
    jti: draft.jti ?? newUuid7(clock.now()),
    iat,
    exp: endOf(draft.geldigTot, iat, faults, raadpleging?.eind),
    berichttype: draft.berichttype,
    versie: draft.versie ?? newestVersion(draft.berichttype),
    conversatie:
      draft.conversatie ?? conversation(rooms, verwijst, earlier) ?? newUuid7(clock.now()),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    grondslag: draft.grondslag,
    prio: draft.prio ?? 'normaal',
    inhoud: draft.inhoud,
  };
  return claims as Bericht;
}

/** The message that is corrected or withdrawn: a slip in its id would leave the wrong report standing. */
function findEarlier(rooms: Place, draft: Partial<Draft>, faults: Fault[]): OutboxRow | undefined {
  const { vervangt, trektIn } = draft;
  if (vervangt !== undefined && trektIn !== undefined) {
    faults.push({ plaats: '/trektIn', melding: 'a message cannot both correct and withdraw' });
  }
  const id = vervangt ?? trektIn;
  if (typeof id !== 'string') return undefined;
  const found = rooms.store.outbox.get(id);
  const plaats = vervangt === undefined ? '/trektIn' : '/vervangt';
  if (found === undefined) {
    faults.push({ plaats, melding: 'must be the jti of a message that this agency sent' });
  } else if (found.type !== draft.berichttype) {
    faults.push({
      plaats: '/berichttype',
      melding: `must be that of the earlier message: ${found.type}`,
    });
  }
  return found;
}

/** A correction goes to whoever has the message that it corrects. */
function audience(rooms: Place, named: unknown, earlier?: OutboxRow): OinUrn[] | undefined {
  if (Array.isArray(named)) return named.map((oin) => toUrn(oin as Oin));
  if (earlier === undefined) return undefined;
  const recipients = rooms.store.outbox.recipients(earlier.jti).map(({ oin }) => toUrn(oin));
  if (recipients.length > 0) return recipients;
  return earlier.audience === null ? undefined : (JSON.parse(earlier.audience) as Oin[]).map(toUrn);
}

function conversation(rooms: Place, refers: unknown, earlier?: OutboxRow): Uuid7 | undefined {
  if (earlier !== undefined) return earlier.conversation;
  if (typeof refers !== 'string') return undefined;
  return rooms.store.inbox.conversationOf(refers) ?? rooms.store.outbox.get(refers)?.conversation;
}

const newestVersion = (type: unknown): string =>
  messageTypes()
    .find((one) => one.type === type)
    ?.versions.at(-1) ?? '1.0';

/** @param answerBy a question lives on for a day after that, so that it can be answered late */
function endOf(until: unknown, iat: number, faults: Fault[], answerBy = 0): number {
  const end = typeof until === 'string' ? Math.floor(Date.parse(until) / 1000) : Number.NaN;
  if (Number.isNaN(end))
    return Math.min(Math.max(iat + DEFAULT_DAYS * DAY, answerBy + DAY), iat + MOST_DAYS * DAY);
  if (end > iat && end <= iat + MOST_DAYS * DAY) return end;
  faults.push({ plaats: '/geldigTot', melding: `must lie ahead, at most ${MOST_DAYS} days on` });
  return iat + DEFAULT_DAYS * DAY;
}

/** Adds the faults of the claims. @returns the refusal when there is no such type */
function check(claims: Bericht, faults: Fault[]): Refusal | undefined {
  collect(() => checkWire('bericht', claims), faults);
  const { berichttype, versie, inhoud } = claims;
  if (typeof berichttype !== 'string' || typeof inhoud !== 'object' || inhoud === null)
    return undefined;
  const refusal = collect(() => checkBody(berichttype, versie, claims), faults);
  return refusal?.code === 'type-unknown' ? refusal : undefined;
}

function collect(work: () => void, faults: Fault[]): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    faults.push(...error.faults.map(asHandedIn));
    return error;
  }
}

/** What the claims call otherwise than the draft does. */
const NAMES: Readonly<Record<string, string>> = { aud: 'aan', exp: 'geldigTot' };

function asHandedIn(fault: Fault): Fault {
  const [, first = '', ...rest] = fault.plaats.split('/');
  const plaats = ['', NAMES[first] ?? first, ...rest].join('/');
  return { ...fault, plaats: fault.plaats === '' ? '' : plaats };
}
