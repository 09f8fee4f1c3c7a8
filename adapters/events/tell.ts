import { newUuid7, type Oin, toUrn, type Uuid, type Uuid7 } from '../../schemas/ids.ts';
import { instant } from '../instant.ts';
import { type Posted, post } from '../outlet.ts';
import type { Rooms } from '../rooms.ts';
import { CASE_EVENT } from './case-event.ts';

/** What is to be told of a case: thin, what changed and where to ask. */
export interface News {
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

/**
 * Composes a case event by the Dutch profile and hands it in on each basis. It points to where our
 * adapter gives more, when the register names that.
 * @throws Refusal with every fault; or as the directory does, when the register cannot be asked
 */
export async function tell(rooms: Rooms, news: News): Promise<Told> {
  const { oin, clock, directory } = rooms;
  const { gegevensadres } = (await directory.entry(oin, FRESH_MS)).registration;
  const now = clock.now();
  const event = newUuid7(now);
  const { zaak, type, status, systeem = SYSTEM, regio, gebeurdOp, aan } = news;
  const data = {
    ...(status !== undefined && { status }),
    ...(gebeurdOp !== undefined && { tijdstipGebeurtenis: gebeurdOp }),
  };
  const inhoud = {
    ...{ specversion: '1.0', id: event, source: `${toUrn(oin)}:systeem:${systeem}`, type },
    ...{ subject: zaak, time: instant(now) },
    ...(gegevensadres !== undefined && { dataref: `${gegevensadres}v1/zaken/${zaak}` }),
    ...(regio !== undefined && { vtregio: regio }),
    ...(Object.keys(data).length > 0 && { datacontenttype: 'application/json', data }),
  };
  const messages: Posted[] = [];
  for (const grondslag of news.grondslag) {
    const to = aan !== undefined && { aan };
    messages.push(await post(rooms, { berichttype: CASE_EVENT, grondslag, zaak, ...to, inhoud }));
  }
  return { event, messages };
}
