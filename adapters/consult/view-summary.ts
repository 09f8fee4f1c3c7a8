/** A summary as people and systems of the asker are shown it. */
import { readJws } from '../../certs/verify.ts';
import type { Samenvatting } from '../../schemas/generated/wire.ts';
import { TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';
import { instant } from '../instant.ts';
import type { SummaryRow } from '../store/summaries.ts';

export interface SummaryView {
  readonly ontvangenOp: string;
  readonly inhoud: Samenvatting;
  /** As the router signed it: proof for whoever asks later. */
  readonly jws: string;
}

/** It was verified when it came in. */
export const viewSummary = ({ received, jws }: SummaryRow): SummaryView => ({
  ontvangenOp: instant(received),
  inhoud: checkWire('samenvatting', readJws(jws, TYP.summary).claims),
  jws,
});
