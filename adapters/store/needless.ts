/** Which received messages nobody need take over any more, and why: SQL of a row of `inbox`. */
import { ANSWERS } from '../../schemas/consultation.ts';

export type Needless = 'beantwoord' | 'ingetrokken' | 'antwoord' | 'intrekking';

const TYPES = [...ANSWERS].map((one) => `'${one}'`).join(', ');

/** Null while somebody must take it over. */
export const NEEDLESS = `CASE
  WHEN EXISTS (SELECT 1 FROM inbox AS later
    WHERE later.sender = inbox.sender AND later.withdraws = inbox.jti) THEN 'ingetrokken'
  WHEN inbox.answerBy IS NOT NULL AND EXISTS (SELECT 1 FROM inbox AS later
    WHERE later.sender = inbox.sender AND later.replaces = inbox.jti) THEN 'ingetrokken'
  WHEN inbox.answerBy IS NOT NULL AND EXISTS (SELECT 1 FROM outbox AS ours
    WHERE ours.refers = inbox.jti AND ours.type IN (${TYPES}) AND ours.withdraws IS NULL
    AND ours.state <> 'geweigerd' AND NOT EXISTS (SELECT 1 FROM outbox AS back
      WHERE back.withdraws = ours.jti AND back.state <> 'geweigerd')) THEN 'beantwoord'
  WHEN inbox.withdraws IS NULL AND inbox.type IN (${TYPES}) AND EXISTS
    (SELECT 1 FROM questions WHERE questions.message = inbox.refers) THEN 'antwoord'
  WHEN inbox.withdraws IS NOT NULL AND EXISTS (SELECT 1 FROM inbox AS question
    WHERE question.sender = inbox.sender AND question.jti = inbox.withdraws
    AND question.answerBy IS NOT NULL) THEN 'intrekking'
END`;
