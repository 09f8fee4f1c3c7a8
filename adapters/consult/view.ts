/** A consultation as people and systems of the asker are shown it. */
import { remindersOf } from '../../schemas/consultation.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { instant } from '../instant.ts';
import type { Rooms } from '../rooms.ts';
import type { InboxRow } from '../store/inbox.ts';
import type { OutboxRow } from '../store/outbox.ts';
import { isKnownBy } from './known.ts';
import { type ConsultationLine, lineOf } from './line.ts';
import { knownPartner, type Partner } from './partners.ts';
import { type Asked, type AskedState, type Stand, stateOf, toClaim } from './stand.ts';
import { type SummaryView, viewSummary } from './view-summary.ts';

/** Moments are ISO 8601, UTC. */
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

export function viewOf(rooms: Rooms, stand: Stand): ConsultationView {
  const line = lineOf(rooms, stand);
  const partners = [...new Set(stand.asked.map(({ partner }) => partner))];
  const summary = rooms.store.summaries.get(stand.conversation);
  return {
    ...line,
    vragen: stand.questions.map((row) => questionOf(rooms, row)),
    partners: partners.map((oin) => partnerOf(rooms, stand, oin)),
    ...(summary && { samenvatting: viewSummary(summary) }),
  };
}

function questionOf({ store, oin }: Rooms, row: OutboxRow): QuestionView {
  const acts = store.actions.of(oin, row.jti);
  const by = (action: string) => acts.findLast((one) => one.action === action)?.medewerker;
  const [asker, closer] = [by('raadpleging-gevraagd'), by('raadpleging-gesloten')];
  return {
    bericht: row.jti,
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
