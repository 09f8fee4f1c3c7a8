import { resolve } from 'node:path';
import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { openAuthority } from '../authority/authority.ts';
import { writeWhole } from '../authority/store.ts';
import type { Certificate } from '../certificate.ts';
import type { KeySource } from '../config.ts';
import { loadSource } from '../keystore.ts';
import { USES, type Use } from '../profile.ts';
import { hostsOf } from '../request.ts';
import { kindOf } from '../strength.ts';
import { TrustStore } from '../truststore.ts';
import { listNewest } from './agency-entry.ts';
import { type KeyConfig, sourceOf } from './key-config.ts';
import { choice, day, type Options, textOption } from './options.ts';
import { configOf, makeKey, passphraseOf } from './request.ts';

/** `ketenpost certs rotate`: puts a new key in the place of the present one, with overlap. */
export const rotate: Command = {
  name: 'certs rotate <use>',
  summary: 'take a new key into use beside the old one, made here or given',
  options: [
    ['--config <file>', 'adapter.yaml or router.yaml; what runs on it notices by itself'],
    ['--agency <oin>', 'which agency, when the configuration has several'],
    ['--authority <dir>', 'make the key now, and have this development authority certify it'],
    ['--key <file>', 'or: the encrypted key that certs request made'],
    ['--certificate <file>', '… and its certificate, in PEM, with those above it'],
    ['--p12 <file>', 'or: both in PKCS#12, under the passphrase of the present key'],
    ['--entry <file>', 'the agency file of the register: list the new certificate first in it'],
    ['--until <date>', '… and end the present one there on this day (YYYY-MM-DD)'],
    ['--hold', 'write the key and the agency file, and leave the configuration alone'],
  ],
  example: 'ketenpost certs rotate vertrouwelijkheid --config adapter.yaml --authority pki',
  async run([word = ''], options, { progress }): Promise<Report> {
    const use = choice(word, USES, 'the use');
    const config = await configOf(options);
    const old = (await loadSource(sourceOf(config.identity, use), config.base, use)).own;
    progress('making and checking the key …');
    const source = await newSource(config, use, options);
    const fresh = await checkNew(config, use, source, old);
    const entry = textOption(options, 'entry');
    if (entry !== undefined)
      await listNewest(entry, use, certificateFile(source, entry), textOption(options, 'until'));
    const held = options['hold'] === true;
    if (!held) await config.use(use, source);
    return {
      json: { use, old: old.x5t, new: fresh.x5t, source, held },
      text: nextSteps(use, config.file, source, held, entry),
      table: {
        head: ['', 'serial', 'valid until', 'x5t#S256'],
        rows: [
          ['present', old.serial, day(old.notAfter), old.x5t],
          ['new', fresh.serial, day(fresh.notAfter), fresh.x5t],
        ],
      },
    };
  },
};

async function newSource(config: KeyConfig, use: Use, options: Options): Promise<KeySource> {
  const given = (name: string) => {
    const file = textOption(options, name);
    return file === undefined ? undefined : resolve(file);
  };
  const passphrase = passphraseOf(sourceOf(config.identity, use), config.base);
  const [dir, key, certificate, p12] = ['authority', 'key', 'certificate', 'p12'].map(given);
  if (p12 !== undefined) return { p12, ...passphrase };
  if (key !== undefined && certificate !== undefined) return { key, certificate, ...passphrase };
  if (dir !== undefined) return certifiedBy(dir, config, use);
  throw new CommandError(
    'usage',
    'which key?',
    'give --authority, or --key and --certificate, or --p12; for a PKIoverheid certificate begin with ketenpost certs request',
  );
}

async function certifiedBy(dir: string, config: KeyConfig, use: Use): Promise<KeySource> {
  const authority = await openAuthority(dir);
  const { file, keys, old, passphrase } = await makeKey(config, use, {});
  const name = old.name.replace(/^TRIAL /, '');
  const key = kindOf(keys.publicKey) ?? 'rsa';
  const request = { oin: config.identity.oin as never, name, use, key, hosts: hostsOf(old) };
  const certificate = file.replace(/\.key\.pem$/, '.pem');
  await writeWhole(certificate, await authority.certify(request, keys.publicKey));
  return { key: file, certificate, ...passphrase };
}

/** That it opens, belongs together, is ours, is new, and is good by our own trust. @throws CommandError */
async function checkNew(
  { identity, trust, base }: KeyConfig,
  use: Use,
  source: KeySource,
  old: Certificate,
): Promise<Certificate> {
  const { own } = await loadSource(source, base, use, identity.oin as never);
  if (own.x509.publicKey.equals(old.x509.publicKey)) {
    throw new CommandError('refused', 'it is the same key again', 'a renewal needs a new key pair');
  }
  const store = await TrustStore.load(trust, { base });
  const now = systemClock.now();
  try {
    store.judge(own, { use, at: now, now });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const next = 'ketenpost certs check shows every link';
    throw new CommandError('refused', `the new certificate is not good: ${error.message}`, next);
  }
  return own;
}

function certificateFile(source: KeySource, entry: string): string {
  if (!('p12' in source)) return source.certificate;
  const next = 'give --key and --certificate, or add the certificate to the agency file by hand';
  throw new CommandError('usage', `${entry} names certificates in PEM`, next);
}

function nextSteps(
  use: Use,
  file: string,
  source: KeySource,
  held: boolean,
  entry?: string,
): string {
  const where = 'p12' in source ? source.p12 : source.certificate;
  const register =
    entry === undefined
      ? `Send ${where} (the certificate, not the key) to the registrar, who lists it first.`
      : `${entry} lists it: ketenpost registry apply makes that hold.`;
  if (held) {
    return `${register}\nThen take it into use: ketenpost certs rotate ${use} --config ${file} with this key.`;
  }
  const used =
    use === 'vertrouwelijkheid'
      ? 'What runs on the configuration opens with both keys within half a minute. Keep the old one for 35 days after the register ended it.'
      : 'What runs on the configuration goes over to it as soon as the register lists it, and not before. Do not restart it until then.';
  return `${register}\n${used}`;
}
