/** The commands `ketenpost certs …`. */
import { crl } from './crl.ts';
import { init } from './init.ts';
import { issue } from './issue.ts';
import { revoke } from './revoke.ts';
import { show } from './show.ts';

export const commands = [init, issue, revoke, crl, show] as const;
