/** The words that the bodies of the local API are made of. */
import { PATTERNS } from '../../../schemas/ids.ts';

export const text = (description: string, more: object = {}) => ({
  type: 'string',
  description,
  ...more,
});
export const oin = text('OIN of an agency', { pattern: PATTERNS.oin });
export const jti = text('Id of a message', { pattern: PATTERNS.uuid7 });
export const time = text('Moment, UTC', { format: 'date-time' });
