/** A consultation in one line, as people and systems of the asker see it in a list: what is counted. */
import { remindersOf } from '../../schemas/consultation.ts';
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import type { Uuid7 } from '../../schemas/ids.ts';
import { member } from '../../schemas/rules/look.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import { claimsOf } from './claims.ts';
import {
  type Asked,
  type ConsultationState,
  isAwaited,
  isRejected,
  type Stand,
  toClaim,
  wasAsked,
  whetherRuns,
} from './stand.ts';
import { type Resterend, resterend } from './time-left.ts';

/** Moments are ISO 8601, UTC. */
export interface ConsultationLine {
  readonly conversatie: Uuid7;
  /** The asker's own number of the question (`identificatie`), by which people know the case; absent when destroyed. */
  readonly kenmerk?: string;
  readonly klok: Raadpleging['klok'];
  readonly aanvang: string;
  readonly eind: string;
  readonly staat: ConsultationState;
  readonly resterend: Resterend;
  /** When the router reminds whoever has not answered. */
  readonly herinneringen: readonly string[];
  readonly telling: {
    readonly partners: number;
    readonly beantwoord: number;
    /** Answered some of it. */
    readonly deels: number;
    /** Still to answer something; those who answered in part, too. */
    readonly wacht: number;
    readonly afgewezen: number;
    readonly teLaat: number;
  };
  /** Whether the router's summary is in. */
  readonly samengevat: boolean;
}

/** Without anything of the content but the asker's own number. */
export function lineOf(rooms: Rooms, stand: Stand): ConsultationLine {
  const now = rooms.clock.now();
  const clock = toClaim(stand);
  return {
    conversatie: stand.conversation,
    ...kenmerkOf(rooms, stand),
    klok: clock.klok,
    aanvang: instant(clock.aanvang * 1000),
    eind: instant(clock.eind * 1000),
    staat: whetherRuns(stand, now),
    resterend: resterend(clock, now),
    herinneringen: remindersOf(clock).map(instant),
    telling: countOf(stand, now >= clock.eind * 1000),
    samengevat: rooms.store.summaries.get(stand.conversation) !== undefined,
  };
}

function kenmerkOf(rooms: Rooms, { questions: [first] }: Stand): { kenmerk?: string } {
  const body = first && claimsOf(rooms, first.jti)?.inhoud;
  const kenmerk = member(body, 'identificatie');
  return typeof kenmerk === 'string' ? { kenmerk } : {};
}

/** Of partners: one counts as answered when it answered all that it was asked and may still answer. */
function countOf({ asked: all }: Stand, ended: boolean): ConsultationLine['telling'] {
  const asked = all.filter((one) => wasAsked(one, ended));
  const partners = [...new Set(asked.map(({ partner }) => partner))].map((oin) =>
    asked.filter(({ partner }) => partner === oin),
  );
  const count = (is: (own: readonly Asked[]) => boolean) => partners.filter(is).length;
  const waits = (own: readonly Asked[]) => own.some(isAwaited);
  const gave = (own: readonly Asked[]) => own.some(({ answers }) => answers.length > 0);
  return {
    partners: partners.length,
    beantwoord: count((own) => !waits(own) && gave(own)),
    deels: count((own) => waits(own) && gave(own)),
    wacht: count(waits),
    afgewezen: count((own) => !waits(own) && !gave(own) && own.some(isRejected)),
    teLaat: count((own) => own.some(({ answers }) => answers.some(({ late }) => late === 1))),
  };
}
