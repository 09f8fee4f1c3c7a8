import { CASE_EVENT } from '../../schemas/case-events.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import type { Oin, Uuid } from '../../schemas/ids.ts';
import { at } from '../../schemas/rules/look.ts';
import type { Agency } from '../registry.ts';

/** What of a case event decides who wants to be told. */
export interface CaseEvent {
  readonly bron: Oin;
  /** The CloudEvents type. */
  readonly type: string;
  readonly zaak: Uuid;
  readonly regio?: string;
  readonly grondslag: string;
  /** When the router got it, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Reads the attributes of an event, as of a report the municipality. Nothing when the message names its
 * recipients itself, or is no event of a case.
 */
export function readEvent(claims: Bericht, sender: Agency, now: number): CaseEvent | undefined {
  const { aud, berichttype, zaak, grondslag, inhoud } = claims;
  if (aud !== undefined || berichttype !== CASE_EVENT || zaak === undefined) return undefined;
  const [type, vtregio] = [at(inhoud, '/type'), at(inhoud, '/vtregio')];
  const regio = typeof vtregio === 'string' ? vtregio : sender.werkgebied.vtRegio;
  const about = { bron: sender.oin, type: String(type ?? ''), zaak, grondslag, at: now };
  return { ...about, ...(regio !== undefined && { regio }) };
}
