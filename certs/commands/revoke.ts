import { existsSync, readFileSync } from 'node:fs';
import type { Command, Report } from '../../schemas/command.ts';
import { openAuthority } from '../authority/authority.ts';
import { REASONS, type Reason } from '../authority/crl.ts';
import { readCertificate } from '../certificate.ts';
import { choice, textOption } from './options.ts';

const WORDS = Object.keys(REASONS) as Reason[];

/** `ketenpost certs revoke`: takes a certificate back and publishes that. */
export const revoke: Command = {
  name: 'certs revoke <dir> <certificate>',
  summary: 'revoke a certificate by file, serial number or thumbprint, and write the lists',
  options: [['--reason <reason>', WORDS.join(', '), 'unspecified']],
  example:
    'ketenpost certs revoke pki pki/agencies/00000099000000010000/tls.pem --reason keyCompromise',
  async run([dir = '', id = ''], options): Promise<Report> {
    const reason = choice(textOption(options, 'reason') ?? 'unspecified', WORDS, '--reason');
    const authority = await openAuthority(dir);
    const serial = existsSync(id) ? readCertificate(readFileSync(id)).serial : id;
    const entry = await authority.revoke(serial, reason);
    const at = new Date(entry.revoked?.at ?? 0).toISOString();
    return {
      json: { ...entry, revoked: { reason: entry.revoked?.reason, at } },
      text: `Revoked, and the lists in ${dir}/crl are written. Who reads them refuses it from now on.`,
      table: {
        head: ['name', 'use', 'serial', 'revoked at', 'reason'],
        rows: [[entry.name, entry.use ?? 'CA', entry.serial, at, entry.revoked?.reason ?? '']],
      },
    };
  },
};
