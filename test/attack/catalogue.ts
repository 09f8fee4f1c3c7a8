/**
 * The catalogue of attacks: what is tried, what must come of it, and which tests try it. The ids
 * are those of the design's catalogue (J: JOSE and JSON, X: certificates, H: HTTP, N: the broker's
 * own advisories), and L, R, D, W, T, S, V, G for what was added to it. docs/attacks.md is made from this.
 */
import { BUS_ROWS } from './catalogue/bus.ts';
import { CERTIFICATE_ROWS } from './catalogue/certificates.ts';
import { DATAREF_ROWS } from './catalogue/dataref.ts';
import { DOOR_ROWS } from './catalogue/door.ts';
import { HTTP_ROWS } from './catalogue/http.ts';
import { JOSE_ROWS } from './catalogue/jose.ts';

export const SECTIONS = [
  { title: 'Signatures, seals and JSON', rows: JOSE_ROWS },
  { title: 'Certificates', rows: CERTIFICATE_ROWS },
  { title: 'HTTP, addresses and resources', rows: HTTP_ROWS },
  { title: 'The door: strangers, agencies, and thieves of its place', rows: DOOR_ROWS },
  { title: 'Where events point to', rows: DATAREF_ROWS },
  { title: 'The broker', rows: BUS_ROWS },
] as const;

export type RowId = (typeof SECTIONS)[number]['rows'][number]['id'];
