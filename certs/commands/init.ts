import type { Command, Report } from '../../schemas/command.ts';
import { createAuthority } from '../authority/authority.ts';
import { textOption } from './options.ts';

/** `ketenpost certs init`: a development authority in a folder. */
export const init: Command = {
  name: 'certs init <dir>',
  summary: 'make a development authority: root, domain and issuing CA with their lists',
  options: [['--crl-url <url>', 'where the certificates say the revocation lists are']],
  example: 'ketenpost certs init pki',
  async run([dir = ''], options, { progress }): Promise<Report> {
    progress('making the keys of three CAs (RSA-3072) …');
    const crlBase = textOption(options, 'crlUrl');
    const authority = await createAuthority(dir, crlBase === undefined ? {} : { crlBase });
    const { roots, issuers, crls } = authority.trust;
    return {
      json: { dir, trust: { roots, issuers, crls } },
      text: [
        `The authority is in ${dir}. Its keys are encrypted under ${dir}/authority/passphrase:`,
        'who has that file can issue. For development and tests only; all names say TRIAL.',
        `Next: ketenpost certs issue ${dir} 00000099000000010000 "Politie eenheid Voorbeeld"`,
      ].join('\n'),
      table: {
        head: ['in the configuration', 'file'],
        rows: [
          ...roots.map((file) => ['trust.roots', file]),
          ...issuers.map((file) => ['trust.issuers', file]),
          ...crls.map((file) => ['trust.crls', file]),
        ],
      },
    };
  },
};
