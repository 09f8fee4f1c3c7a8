/** What the agency's own system hands in: a message in plain JSON, before it has an id or a signature. */

import { toFaults } from '../../schemas/faults.ts';
import { type Oin, PATTERNS, type Uuid, type Uuid7 } from '../../schemas/ids.ts';
import { type Fault, Refusal } from '../../schemas/refusal.ts';
import { createValidator } from '../../schemas/validate.ts';
import { clockSchema, type DraftClock } from './clock.ts';

export interface Draft {
  readonly jti?: Uuid7;
  readonly berichttype: string;
  readonly versie?: string;
  readonly aan?: readonly Oin[];
  readonly grondslag: string;
  readonly prio?: 'spoed' | 'normaal';
  readonly zaak?: Uuid;
  readonly conversatie?: Uuid7;
  readonly verwijst?: Uuid7;
  readonly vervangt?: Uuid7;
  readonly trektIn?: Uuid7;
  readonly geldigTot?: string;
  readonly raadpleging?: DraftClock;
  readonly inhoud: Record<string, unknown>;
}

const uuid7 = (description: string) => ({ type: 'string', pattern: PATTERNS.uuid7, description });

/** JSON Schema of a draft; the OpenAPI document shows it. */
export const draftSchema = {
  title: 'Concept',
  type: 'object',
  additionalProperties: false,
  required: ['berichttype', 'grondslag', 'inhoud'],
  properties: {
    jti: uuid7('Own id. The same id with the same content again gives the same answer'),
    berichttype: { type: 'string', maxLength: 64, description: 'Message type' },
    versie: {
      type: 'string',
      maxLength: 8,
      description: 'Version of the type; the newest when absent',
    },
    aan: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string', pattern: PATTERNS.oin },
      description: 'Recipients; when absent the router finds them',
    },
    grondslag: {
      type: 'string',
      maxLength: 64,
      description: 'Legal basis: a code of the list grondslagen',
    },
    prio: { type: 'string', enum: ['spoed', 'normaal'], default: 'normaal' },
    zaak: { type: 'string', pattern: PATTERNS.uuid, description: 'Case, opaque' },
    conversatie: uuid7('Conversation; that of the message referred to, or a new one, when absent'),
    verwijst: uuid7('Refers to this earlier message'),
    vervangt: uuid7('Corrects this earlier message of this agency'),
    trektIn: uuid7('Withdraws this earlier message of this agency'),
    geldigTot: {
      type: 'string',
      format: 'date-time',
      description: 'End, at most 30 days on; five days on when absent',
    },
    raadpleging: clockSchema,
    inhoud: { type: 'object', description: 'The body, by the schema of type and version' },
  },
} as const;

const NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(draftSchema.properties),
  ...Object.keys(clockSchema.properties),
]);
const validate = createValidator().compile<Draft>(draftSchema);

/** The faults of a draft as such; whether the message would be right is for compose to find. */
export function faultsOfDraft(value: unknown): Fault[] {
  return validate(value) ? [] : toFaults(validate.errors ?? [], '', NAMES);
}

/** @throws Refusal schema-invalid, when it is not even an object */
export function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Refusal('schema-invalid', undefined, [
    { plaats: '', melding: 'must be of type object' },
  ]);
}
