/**
 * The consultations: who asked whom what in one conversation, by when, and who answered. One small
 * record for each asker and conversation, without content. It goes 30 days after its end
 * (consultations/keep-consultation.ts).
 */
import type { Raadpleging } from '../schemas/generated/wire.ts';
import type { Oin, Uuid7 } from '../schemas/ids.ts';
import type { Bucket, Bus } from './bus/bus.ts';
import { changeRecord } from './change-record.ts';

export interface ConsultationName {
  readonly asker: Oin;
  readonly conversatie: Uuid7;
}

/** A question. Times are milliseconds since 1970 unless said otherwise. */
export interface Question {
  readonly bericht: Uuid7;
  readonly berichttype: string;
  readonly aan: readonly Oin[];
  readonly gevraagd: number;
  /** As the asker signed it with this question: answers to it are in time until then, in seconds. */
  readonly eind: number;
  /** The clock under which it was put (Consultation.klokVan). */
  readonly onder: number;
  /** From whom the asker withdrew it, and when. */
  readonly ingetrokken: Readonly<Partial<Record<Oin, number>>>;
}

export interface GivenAnswer {
  readonly partner: Oin;
  /** The question that it refers to. */
  readonly vraag: Uuid7;
  readonly bericht: Uuid7;
  readonly berichttype: string;
  readonly gegeven: number;
  readonly teLaat: boolean;
  /** When the partner took it back: then it answers nothing. */
  readonly ingetrokken?: number;
}

/** A consultation, with the clock that runs now (in seconds, as on the wire). */
export interface Consultation extends Raadpleging {
  /** Names the clock: `ronde` as it was when the clock began. */
  readonly klokVan: number;
  /** Names the clock, or the second summary of one: when it began. Each brings words of its own. */
  readonly ronde: number;
  readonly vragen: readonly Question[];
  readonly antwoorden: readonly GivenAnswer[];
  /** The asker has withdrawn what was still open: the end has come before its time. */
  readonly gesloten?: number;
  /** Since when it is summed up. */
  readonly samengevat?: number;
  /** The summary lies in the mailbox of the asker; until then it may have been lost by a fall. */
  readonly gezegd?: true;
  /** Something was asked or answered that is not counted (MOST). */
  readonly onvolledig?: true;
}

/** What is to be made of it; undefined = leave it as it is. Called again when another was first. */
export type Change = (found: Consultation | undefined) => Consultation | undefined;

export interface Consultations {
  /** @throws BusFault */
  find(name: ConsultationName): Promise<Consultation | undefined>;
  /** Stored when it resolves. @returns how it stands now, changed or not @throws BusFault */
  change(name: ConsultationName, how: Change): Promise<Consultation | undefined>;
  /** @throws BusFault */
  remove(name: ConsultationName): Promise<void>;
}

export function openConsultations(bus: Bus): Consultations {
  let opened: Promise<Bucket> | undefined;
  const bucket = () => {
    opened ??= bus.bucket('raadplegingen');
    return opened;
  };
  return {
    find: async (name) => read((await (await bucket()).get(keyOf(name)))?.value),
    async change(name, how) {
      let standing: Consultation | undefined;
      await changeRecord(await bucket(), keyOf(name), (value) => {
        const before = read(value);
        const after = how(before);
        standing = after ?? before;
        return after && Buffer.from(JSON.stringify(after));
      });
      return standing;
    },
    remove: async (name) => (await bucket()).remove(keyOf(name)),
  };
}

const keyOf = ({ asker, conversatie }: ConsultationName): string => `${asker}.${conversatie}`;

/** The router wrote it: one that cannot be read is a fault, never a missing consultation. */
const read = (value: Uint8Array | undefined): Consultation | undefined =>
  value && (JSON.parse(Buffer.from(value).toString()) as Consultation);
