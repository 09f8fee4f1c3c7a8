/** Puts a signed message into the outbox, from where it is offered until it has arrived. */
import { digestOf } from '../../certs/digest.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { fromUrn } from '../../schemas/ids.ts';
import type { Rooms } from '../rooms.ts';
import type { OutboxRow } from '../store/outbox.ts';
import type { QuestionRow } from '../store/questions.ts';

export interface Signed {
  readonly claims: Bericht;
  readonly jws: string;
  /** The name of the file that it was taken up from. */
  readonly file?: string;
}

/**
 * Resolves when the message is on the disk.
 * @param also what is written down with it, in the same transaction
 * @returns false when there was one with this id already
 */
export function keep(
  rooms: Pick<Rooms, 'store' | 'clock'>,
  signed: Signed,
  also?: () => void,
): Promise<boolean> {
  const { jws, file } = signed;
  const row = toRow(signed, rooms.clock.now());
  return rooms.store.write(() => {
    const isNew = rooms.store.outbox.add(row, file === undefined ? { jws } : { jws, file });
    const question = toQuestion(signed.claims);
    if (isNew && question !== undefined) rooms.store.questions.add(question);
    if (isNew) also?.();
    return isNew;
  });
}

/** A question under a clock is one of a consultation. */
function toQuestion({ jti, conversatie, raadpleging }: Bericht): QuestionRow | undefined {
  if (raadpleging === undefined) return undefined;
  const { klok: clock, aanvang: begin, eind: until } = raadpleging;
  return { message: jti, conversation: conversatie, clock, begin, until };
}

function toRow({ claims, jws, file }: Signed, now: number): OutboxRow {
  return {
    jti: claims.jti,
    conversation: claims.conversatie,
    type: claims.berichttype,
    version: claims.versie,
    prio: claims.prio,
    audience: claims.aud ? JSON.stringify(claims.aud.map(fromUrn)) : null,
    refers: claims.verwijst ?? null,
    replaces: claims.vervangt ?? null,
    withdraws: claims.trektIn ?? null,
    casefile: claims.zaak ?? null,
    digest: digestOf(jws),
    issued: claims.iat,
    expires: claims.exp,
    stored: now,
    state: 'ingediend',
    changed: now,
    attempts: 0,
    step: 0,
    nextAt: now,
    lastCode: null,
    folder: file === undefined ? 0 : 2,
  };
}
