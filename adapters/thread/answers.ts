/** Until when questions under a clock want their answers, and who owes one then; of what was answered in time, nothing. */
import { ANSWERS } from '../../schemas/consultation.ts';
import type { Oin } from '../../schemas/ids.ts';
import { type Asked, standOf } from '../consult/stand.ts';
import type { Rooms } from '../rooms.ts';
import type { ThreadRow } from '../store/threads.ts';
import { party, type ThreadEvent } from './event.ts';

export function answerEvents(rooms: Rooms, messages: readonly ThreadRow[]): ThreadEvent[] {
  const asked = askedIn(rooms, messages);
  return messages.flatMap((row) => {
    if (row.answerBy === null) return [];
    const at = row.answerBy * 1000;
    const owing = row.side === 'in' ? usIfOwed(rooms, row, messages) : owingAt(asked, row, at);
    if (owing.length === 0) return [];
    const partijen = owing.map((oin) => party(rooms, oin));
    const verstreken = at <= rooms.clock.now();
    return [{ at, soort: 'antwoord-voor' as const, bericht: row.jti, partijen, verstreken }];
  });
}

/** What we asked in these conversations. */
const askedIn = (rooms: Rooms, messages: readonly ThreadRow[]): Asked[] =>
  [...new Set(messages.map(({ conversation }) => conversation))].flatMap(
    (one) => standOf(rooms, one)?.asked ?? [],
  );

function usIfOwed(rooms: Rooms, row: ThreadRow, messages: readonly ThreadRow[]): Oin[] {
  const { jti, sender, state, answerBy } = row;
  const end = (answerBy ?? 0) * 1000;
  const why = rooms.store.alarms.needless(sender as Oin, jti);
  const given = messages.filter(({ side, refers, type }) => {
    return side === 'uit' && refers === jti && ANSWERS.has(type);
  });
  const tooLate = why === 'beantwoord' && given.every(({ at }) => at > end);
  return state === 'afgewezen' || (why !== undefined && !tooLate) ? [] : [rooms.oin];
}

const owingAt = (asked: readonly Asked[], { jti }: ThreadRow, end: number): Oin[] =>
  asked
    .filter(({ question }) => question.jti === jti && question.state !== 'geweigerd')
    .filter((one) => isOwed(one, end))
    .map(({ partner }) => partner);

/** Neither answered in time, nor withdrawn or rejected by then. */
function isOwed({ answers, withdrawn, copy }: Asked, end: number): boolean {
  const rejected = copy?.staten.afgewezen;
  const over = [withdrawn, rejected === undefined ? undefined : Date.parse(rejected)];
  return (
    answers.every(({ late }) => late === 1) && !over.some((at) => at !== undefined && at <= end)
  );
}
