import { basename, dirname } from 'node:path';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { type Oin, parseOin } from '../../schemas/ids.ts';
import { openAuthority } from '../authority/authority.ts';
import type { Issued, IssueRequest } from '../authority/issue.ts';
import { USES, type Use } from '../profile.ts';
import { choice, day, list, type Options, textOption, wholeNumber } from './options.ts';

/** `ketenpost certs issue`: keys and certificates of one agency. */
export const issue: Command = {
  name: 'certs issue <dir> <oin> <name>',
  summary: 'make keys and certificates for an agency',
  options: [
    ['--use <uses>', `which, with commas: ${USES.join(', ')}`, USES.join(',')],
    ['--key <kind>', 'rsa (3072 bits, as PKIoverheid) or ec (P-256)', 'rsa'],
    ['--host <names>', 'DNS names of the TLS certificate, with commas', 'localhost'],
    ['--days <number>', 'how long they are valid', '397'],
  ],
  example: 'ketenpost certs issue pki 00000099000000010000 "Politie eenheid Voorbeeld"',
  async run([dir = '', oin = '', name = ''], options, { progress }): Promise<Report> {
    const requests = readRequests(readOin(oin), name, options);
    const authority = await openAuthority(dir);
    const made: [Use, Issued][] = [];
    for (const request of requests) {
      progress(`making the key and certificate for ${request.use} …`);
      made.push([request.use, await authority.issue(request)]);
    }
    return {
      json: made.map(([use, one]) => describe(use, one)),
      table: {
        head: ['use', 'certificate', 'key', 'valid until', 'serial'],
        rows: made.map(([use, { certificate, files, source }]) => [
          use,
          basename(files.certificate),
          basename('p12' in source ? source.p12 : source.key),
          day(certificate.notAfter),
          certificate.serial,
        ]),
      },
      text: [
        `Keys and certificates are in ${dirname(made[0]?.[1].files.certificate ?? dir)},`,
        `their passphrase in ${made[0]?.[1].files.passphraseFile}.`,
      ].join('\n'),
    };
  },
};

const describe = (use: Use, { certificate, source }: Issued) => ({
  use,
  oin: certificate.oin,
  name: certificate.name,
  serial: certificate.serial,
  x5t: certificate.x5t,
  notBefore: new Date(certificate.notBefore).toISOString(),
  notAfter: new Date(certificate.notAfter).toISOString(),
  source,
});

/** The development authority makes certificates for made-up agencies only. */
function readOin(text: string): Oin {
  if (/^00000099/.test(text)) {
    try {
      return parseOin(text);
    } catch {
      // Said below.
    }
  }
  const next = 'use 20 characters that begin with 00000099, such as 00000099000000010000';
  throw new CommandError('usage', `${text} is not a test OIN`, next);
}

function readRequests(oin: Oin, name: string, options: Options): IssueRequest[] {
  const uses = list(textOption(options, 'use') ?? USES.join(','));
  const key = choice(textOption(options, 'key') ?? 'rsa', ['rsa', 'ec'], '--key');
  const hosts = list(textOption(options, 'host') ?? 'localhost');
  const days = wholeNumber(textOption(options, 'days') ?? '397', 'days');
  return uses
    .map((use) => choice(use, USES, '--use'))
    .map((use) => ({ oin, name, use, key, hosts, days }));
}
