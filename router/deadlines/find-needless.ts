import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { isOpen, questionTo } from '../consultations/look.ts';
import type { DeadlineData } from '../deadlines.ts';
import type { Opened } from '../ids.ts';
import type { Rooms } from '../rooms.ts';

interface Copy {
  readonly sender: Oin;
  readonly jti: Uuid7;
  readonly record: Opened;
  readonly recipient: Oin;
  /** Of the deadline of the message. */
  readonly data: DeadlineData;
}

/**
 * Whether nobody at this recipient need take the copy over any more, whatever its state: it is an answer
 * to a consultation of the recipient, or its sender took it back, or it is a question that the recipient
 * answered or need not answer, or it says that of such a question.
 */
export async function isNeedless(rooms: Rooms, copy: Copy): Promise<boolean> {
  const { sender, jti, record, recipient, data } = copy;
  if (record.antwoord?.vragers.includes(recipient) === true) return true;
  if (withdrawnIn(data).includes(recipient)) return true;
  const name = { asker: sender, conversatie: record.conversatie };
  const found = await rooms.consultations.find(name);
  if (found === undefined) return false;
  const question = questionTo(found, record.trektIn ?? jti, recipient);
  return question !== undefined && !isOpen(found, question, recipient);
}

/** From whom the sender took the message back, as its deadline remembers it. */
export const withdrawnIn = ({ ingetrokken }: DeadlineData): readonly Oin[] =>
  Array.isArray(ingetrokken) ? (ingetrokken as readonly Oin[]) : [];
