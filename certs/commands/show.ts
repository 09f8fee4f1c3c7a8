import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { paths, readBook, trustIn } from '../authority/store.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import { readPkcs12 } from '../pkcs12.ts';
import { TrustStore } from '../truststore.ts';
import { type Link, traceLinks } from './links.ts';
import { day, type Options, textOption } from './options.ts';
import { keyInWords, usesInWords } from './words.ts';

/** `ketenpost certs show`: what a certificate says, and whether it is good; or what an authority issued. */
export const show: Command = {
  name: 'certs show <file>',
  summary: 'show a certificate and the verdict on each link, or what an authority issued',
  options: [
    ['--trust <dir>', 'folder with trust/ and crl/, as certs init makes it: judge by these'],
    ['--passphrase-file <file>', 'for a PKCS#12 file'],
  ],
  example: 'ketenpost certs show pki/agencies/00000099000000010000/tls.pem --trust pki',
  async run([file = ''], options): Promise<Report> {
    if (existsSync(paths(file).book)) return showBook(file);
    const certificate = await readAny(file, options);
    const dir = textOption(options, 'trust');
    const links = dir === undefined ? [] : await judgeBy(dir, certificate);
    const facts = factsOf(certificate);
    const width = Math.max(...Object.keys(facts).map((name) => name.length));
    return {
      json: { ...facts, links },
      text: Object.entries(facts)
        .map(([name, fact]) => `${name.padEnd(width)}  ${fact}`)
        .join('\n'),
      ...(links.length > 0 && {
        table: {
          head: ['link', 'issuer', 'valid until', 'revocation list of the issuer', 'verdict'],
          rows: links.map(({ name, issuer, until, list, verdict }) => [
            ...[name, issuer, until, list],
            verdict,
          ]),
        },
      }),
      exit: links.every(({ good }) => good) ? 'ok' : 'failed',
    };
  },
};

/** An issuer is pinned or it is not; there is no verdict to give on it. */
async function judgeBy(dir: string, certificate: Certificate): Promise<Link[]> {
  if (certificate.isCa) return [];
  const store = await TrustStore.load(trustIn(dir));
  return traceLinks(store, certificate, systemClock.now());
}

function factsOf(certificate: Certificate): Record<string, string> {
  const { x509, policies } = certificate;
  return {
    name: certificate.name,
    OIN: certificate.oin ?? 'none',
    use: usesInWords(certificate),
    'valid from': new Date(certificate.notBefore).toISOString(),
    'valid until': new Date(certificate.notAfter).toISOString(),
    key: keyInWords(certificate.publicKey),
    subject: x509.subject.replaceAll('\n', ', '),
    issuer: x509.issuer.replaceAll('\n', ', '),
    ...(x509.subjectAltName !== undefined && { hosts: x509.subjectAltName }),
    policies: policies.join(', ') || 'none',
    serial: certificate.serial,
    'x5t#S256': certificate.x5t,
  };
}

async function readAny(file: string, options: Options): Promise<Certificate> {
  if (!existsSync(file) || statSync(file).isDirectory()) {
    const next = 'name a certificate in PEM, DER or PKCS#12, or the folder of an authority';
    throw new CommandError('usage', `there is no certificate in ${file}`, next);
  }
  const bytes = await readFile(file);
  const passphraseFile = textOption(options, 'passphraseFile');
  if (passphraseFile === undefined) return readPlain(file, bytes);
  const passphrase = (await readFile(passphraseFile, 'utf8')).trim();
  try {
    const [own] = readPkcs12(bytes, passphrase).chain;
    if (own !== undefined) return own;
  } catch {
    // Said below.
  }
  const next = 'check the file and the passphrase';
  throw new CommandError('usage', `${file} cannot be opened as PKCS#12`, next);
}

function readPlain(file: string, bytes: Buffer): Certificate {
  try {
    return readCertificate(bytes);
  } catch {
    const next = 'name a certificate in PEM or DER; for PKCS#12 add --passphrase-file';
    throw new CommandError('usage', `${file} is not a certificate`, next);
  }
}

async function showBook(dir: string): Promise<Report> {
  const { issued } = await readBook(dir);
  return {
    json: issued,
    table: {
      head: ['OIN', 'use', 'name', 'valid until', 'serial', 'revoked'],
      rows: issued.map((one) => [
        one.oin ?? '',
        one.use ?? 'CA',
        one.name,
        one.notAfter.slice(0, 10),
        one.serial,
        one.revoked === undefined ? '' : `${day(one.revoked.at)} ${one.revoked.reason}`,
      ]),
    },
  };
}
