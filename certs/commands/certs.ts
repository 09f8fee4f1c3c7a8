/** The commands `ketenpost certs …`. */
import { check } from './check.ts';
import { crl } from './crl.ts';
import { init } from './init.ts';
import { issue } from './issue.ts';
import { request } from './request.ts';
import { revoke } from './revoke.ts';
import { rotate } from './rotate.ts';
import { show } from './show.ts';

export const commands = [init, issue, revoke, crl, show, check, request, rotate] as const;
