import { readJws } from '../../certs/verify.ts';
import type { Feit } from '../../schemas/generated/wire.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { checkWire } from '../../schemas/validate.ts';

/** What a receipt states that was verified, or signed by the router, before it was kept. */
export const readFact = (jws: string): Feit =>
  checkWire('ontvangstbewijs', readJws(jws, TYP.receipt).claims).events[RECEIPT_EVENT];
