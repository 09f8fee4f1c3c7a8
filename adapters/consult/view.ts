/** A consultation as people and systems of the asker are shown it. */
import { remindersOf } from '../../schemas/consultation.ts';
import type { Raadpleging } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { member } from '../../schemas/rules/look.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import type { InboxRow } from '../store/inbox.ts';
import { claimsOf } from './claims.ts';
import { isKnownBy } from './known.ts';
import { knownPartner, type Partner } from './partners.ts';
import {
  type Asked,
  type AskedState,
  type ConsultationState,
  isAwaited,
  isRejected,
  type Stand,
  stateOf,
  toClaim,
  wasAsked,
  whetherRuns,
} from './stand.ts';
import { timeLeft } from './time-left.ts';
import { type SummaryView, viewSummary } from './view-summary.ts';

/** Moments are ISO 8601, UTC. */
export interface ConsultationLine {
  readonly conversatie: Uuid7;
  /** The asker's own number of the question (`identificatie`), by which people know the case; absent when destroyed. */
  readonly kenmerk?: string;
  readonly klok: Raadpleging['klok'];
  readonly aanvang: string;
  readonly eind: string;
  readonly staat: ConsultationState;
  /** Seconds that count, and until when the clock stands still. */
  readonly resterend: { readonly seconden: number; readonly staatStilTot?: string };
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

export interface ConsultationView extends ConsultationLine {
  readonly vragen: readonly QuestionView[];
  readonly partners: readonly PartnerView[];
  readonly samenvatting?: SummaryView;
}

export interface QuestionView {
  readonly bericht: Uuid7;
  readonly berichttype: string;
  readonly gesteldOp: string;
  readonly staat: string;
  readonly laatsteCode?: string;
  readonly gesteldDoor?: string;
  readonly geslotenDoor?: string;
}

export interface PartnerView extends Omit<Partner, 'openingstijden' | 'openBinnenKlok'> {
  readonly vragen: readonly AskedView[];
}

/** One question to this partner, and what came of it. */
export interface AskedView {
  readonly bericht: Uuid7;
  readonly berichttype: string;
  readonly staat: AskedState;
  /** When the router had it for this partner. */
  readonly gevraagdOp?: string;
  readonly afgeleverdOp?: string;
  readonly afgewezenOp?: string;
  readonly code?: string;
  readonly ingetrokkenOp?: string;
  /** How often the router has reminded of it by now, by its clock. */
  readonly herinnerd: number;
  readonly antwoorden: readonly AnswerView[];
}

export interface AnswerView {
  readonly bericht: Uuid7;
  readonly berichttype: string;
  readonly ontvangenOp: string;
  readonly teLaat: boolean;
  /** Absent when the answer does not say. */
  readonly bekend?: boolean;
}

/** Without anything of the content but the asker's own number. */
export function lineOf(rooms: Rooms, stand: Stand): ConsultationLine {
  const now = rooms.clock.now();
  const clock = toClaim(stand);
  const { counted, stillUntil } = timeLeft(clock, now);
  return {
    conversatie: stand.conversation,
    ...kenmerkOf(rooms, stand),
    klok: clock.klok,
    aanvang: instant(clock.aanvang * 1000),
    eind: instant(clock.eind * 1000),
    staat: whetherRuns(stand, now),
    resterend: {
      seconden: Math.floor(counted / 1000),
      ...(stillUntil !== undefined && { staatStilTot: instant(stillUntil) }),
    },
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

export function viewOf(rooms: Rooms, stand: Stand): ConsultationView {
  const line = lineOf(rooms, stand);
  const partners = [...new Set(stand.asked.map(({ partner }) => partner))];
  const summary = rooms.store.summaries.get(stand.conversation);
  return {
    ...line,
    vragen: stand.questions.map((row) => questionOf(rooms, row.jti)),
    partners: partners.map((oin) => partnerOf(rooms, stand, oin)),
    ...(summary && { samenvatting: viewSummary(summary) }),
  };
}

/** Of partners: one counts as answered when it answered all that it was asked and may still answer. */
function countOf({ asked: all }: Stand, ended: boolean): ConsultationLine['telling'] {
  const asked = all.filter((one) => wasAsked(one, ended));
  const partners = [...new Set(asked.map(({ partner }) => partner))];
  const some = (is: (one: Asked) => boolean) =>
    partners.filter((oin) => asked.some((one) => one.partner === oin && is(one))).length;
  const gave = (oin: Oin) =>
    asked.some(({ partner, answers }) => partner === oin && answers.length > 0);
  const waits = partners.filter((oin) =>
    asked.some((one) => one.partner === oin && isAwaited(one)),
  );
  return {
    partners: partners.length,
    beantwoord: partners.filter((oin) => !waits.includes(oin) && gave(oin)).length,
    deels: waits.filter(gave).length,
    wacht: waits.length,
    afgewezen: partners.filter(
      (oin) =>
        !waits.includes(oin) &&
        !gave(oin) &&
        asked.some((one) => one.partner === oin && isRejected(one)),
    ).length,
    teLaat: some(({ answers }) => answers.some(({ late }) => late === 1)),
  };
}

function questionOf({ store, oin }: Rooms, jti: Uuid7): QuestionView {
  const row = store.outbox.get(jti);
  if (row === undefined) throw new Error('a question without its message');
  const acts = store.actions.of(oin, jti);
  const by = (action: string) => acts.findLast((one) => one.action === action)?.medewerker;
  const [asker, closer] = [by('raadpleging-gevraagd'), by('raadpleging-gesloten')];
  return {
    bericht: jti,
    berichttype: row.type,
    gesteldOp: instant(row.issued * 1000),
    staat: row.state,
    ...(row.lastCode && { laatsteCode: row.lastCode }),
    ...(asker !== undefined && { gesteldDoor: asker }),
    ...(closer !== undefined && { geslotenDoor: closer }),
  };
}

function partnerOf(rooms: Rooms, stand: Stand, oin: Oin): PartnerView {
  const { openingstijden: _, ...known } = knownPartner(rooms, oin) ?? { oin };
  const own = stand.asked.filter(({ partner }) => partner === oin);
  return { ...known, vragen: own.map((one) => askedOf(rooms, stand, one)) };
}

function askedOf(rooms: Rooms, stand: Stand, one: Asked): AskedView {
  const { question, copy, accepted, withdrawn, answers } = one;
  const { staten = {}, code } = copy ?? {};
  return {
    bericht: question.jti,
    berichttype: question.type,
    staat: stateOf(one),
    ...(accepted !== undefined && { gevraagdOp: instant(accepted) }),
    ...(staten.afgeleverd && { afgeleverdOp: staten.afgeleverd }),
    ...(staten.afgewezen && { afgewezenOp: staten.afgewezen }),
    ...(code !== undefined && { code }),
    ...(withdrawn !== undefined && { ingetrokkenOp: instant(withdrawn) }),
    herinnerd: remindedOf(rooms, stand, one),
    antwoorden: answers.map((row) => answerOf(rooms, row)),
  };
}

/** The router reminds at its moments whoever has the question and owes the answer then. */
function remindedOf({ clock }: Rooms, stand: Stand, asked: Asked): number {
  const { accepted, withdrawn, answers, copy } = asked;
  const rejected = copy?.staten.afgewezen;
  const ends = [withdrawn, answers[0]?.received, rejected && Date.parse(rejected)];
  const until = Math.min(clock.now(), ...ends.filter((at) => typeof at === 'number'));
  if (accepted === undefined) return 0;
  return remindersOf(toClaim(stand)).filter((at) => at >= accepted && at <= until).length;
}

function answerOf(rooms: Rooms, row: InboxRow): AnswerView {
  const known = isKnownBy(rooms, row);
  return {
    bericht: row.jti,
    berichttype: row.type,
    ontvangenOp: instant(row.received),
    teLaat: row.late === 1,
    ...(known !== undefined && { bekend: known }),
  };
}
