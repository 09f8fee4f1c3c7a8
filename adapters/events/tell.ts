import { createHash } from 'node:crypto';
import { CASE_EVENT } from '../../schemas/case-events.ts';
import { tidy } from '../../schemas/faults.ts';
import { newUuid7, type Oin, toUrn, type Uuid, type Uuid7, uuid7From } from '../../schemas/ids.ts';
import { type Fault, Refusal } from '../../schemas/refusal.ts';
import { instant } from '../instant.ts';
import { type Posted, post } from '../outlet.ts';
import type { Rooms } from '../rooms.ts';
import { compose } from '../send/compose.ts';
import type { Draft } from '../send/draft.ts';

/** What is to be told of a case: thin, what changed and where to ask. */
export interface News {
  /** Of the event; given again after a broken connection, nothing is told twice. */
  readonly id?: Uuid7;
  readonly zaak: Uuid;
  /** CloudEvents type. */
  readonly type: string;
  readonly status?: { readonly code: string; readonly omschrijving?: string };
  /** Each goes to whom the matrix allows on it; it stays one event, with one number. */
  readonly grondslag: readonly string[];
  /** Name of the system that tells. */
  readonly systeem?: string;
  readonly regio?: string;
  readonly aan?: readonly Oin[];
  /** When it happened, where that is not now; RFC 3339. */
  readonly gebeurdOp?: string;
}

export interface Told {
  readonly event: Uuid7;
  /** A message for each basis, in that order. */
  readonly messages: readonly Posted[];
}

const SYSTEM = 'ketenpost';
/** What the register says of us is not older. */
const FRESH_MS = 5_000;

/** An id of the caller's own making may be so far ahead of our clock. */
const AHEAD_MS = 60_000;

/**
 * Composes a case event by the Dutch profile and hands it in on each basis: all of them, or, when
 * anything is wrong with one, none. It points to where our adapter gives more, when the register
 * names that.
 * @throws Refusal with every fault; id-reused; or as the directory does, when the register cannot be asked
 */
export async function tell(rooms: Rooms, news: News): Promise<Told> {
  const { zaak, grondslag, aan } = news;
  const event = news.id ?? newUuid7(rooms.clock.now());
  const inhoud = await bodyOf(rooms, event, news);
  const drafts = grondslag.map(
    (one): Draft => ({
      ...{ berichttype: CASE_EVENT, grondslag: one, zaak, inhoud, jti: idOf(event, one) },
      ...(aan !== undefined && { aan }),
    }),
  );
  check(rooms, drafts);
  const messages: Posted[] = [];
  for (const draft of drafts) messages.push(await post(rooms, draft));
  return { event, messages };
}

/** @throws Refusal schema-invalid, when the id is of a time to come */
async function bodyOf({ oin, clock, directory }: Rooms, event: Uuid7, news: News) {
  const { gegevensadres } = (await directory.entry(oin, FRESH_MS)).registration;
  const { zaak, type, status, systeem = SYSTEM, regio, gebeurdOp } = news;
  // The time of the id, so that the same event is the same when it is composed again.
  const at = timeOf(event);
  if (at > clock.now() + AHEAD_MS) {
    throw new Refusal('schema-invalid', undefined, [{ plaats: '/id', melding: 'lies ahead' }]);
  }
  const data = {
    ...(status !== undefined && { status }),
    ...(gebeurdOp !== undefined && { tijdstipGebeurtenis: gebeurdOp }),
  };
  return {
    ...{ specversion: '1.0', id: event, source: `${toUrn(oin)}:systeem:${systeem}`, type },
    ...{ subject: zaak, time: instant(at) },
    ...(gegevensadres !== undefined && { dataref: `${gegevensadres}v1/zaken/${zaak}` }),
    ...(regio !== undefined && { vtregio: regio }),
    ...(Object.keys(data).length > 0 && { datacontenttype: 'application/json', data }),
  };
}

/** The first 48 bits of a UUIDv7, in milliseconds since 1970. */
const timeOf = (id: Uuid7): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The message of an event on a basis: the same one each time. */
const idOf = (event: Uuid7, grondslag: string): Uuid7 =>
  uuid7From(timeOf(event), createHash('sha256').update(`${event} ${grondslag}`).digest());

/** @throws Refusal with the faults of all of them, by the place of their basis */
function check(rooms: Rooms, drafts: readonly Draft[]): void {
  const faults = drafts.flatMap((draft, at) =>
    faultsOf(rooms, draft).map(({ plaats, melding }) => ({
      plaats: plaats === '/grondslag' ? `/grondslag/${at}` : plaats,
      melding,
    })),
  );
  if (faults.length > 0) throw new Refusal('schema-invalid', undefined, tidy(faults));
}

function faultsOf(rooms: Rooms, draft: Draft): readonly Fault[] {
  try {
    compose(rooms, draft);
    return [];
  } catch (error) {
    if (error instanceof Refusal && error.code === 'schema-invalid') return error.faults;
    throw error;
  }
}
