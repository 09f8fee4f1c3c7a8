import type { Oin, Uuid7 } from '../../schemas/ids.ts';

/** The kind of deadline that each message has (deadlines/message.ts). */
export const MESSAGE = 'bericht';

export const keyOfMessage = (sender: Oin, jti: Uuid7): string => `${MESSAGE}.${sender}.${jti}`;
