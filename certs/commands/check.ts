import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import { daysLeft, milestoneOf, type Whose } from '../endings.ts';
import { loadCertificate } from '../keystore.ts';
import { fromPem } from '../pem.ts';
import { USES, type Use } from '../profile.ts';
import { TrustStore } from '../truststore.ts';
import type { KeyConfig } from './key-config.ts';
import { type Link, listInWords, traceLinks } from './links.ts';
import { day, textOption } from './options.ts';
import { configOf } from './request.ts';

interface Row {
  readonly whose: Whose;
  readonly what: string;
  readonly certificate: Certificate;
  readonly days: number;
  readonly links: readonly Link[];
}

/** `ketenpost certs check`: every certificate that is in use, judged link by link, and when it ends. */
export const check: Command = {
  name: 'certs check',
  summary: 'judge every certificate in use, link by link, and warn of those that end',
  options: [
    ['--config <file>', 'adapter.yaml or router.yaml'],
    ['--agency <oin>', 'which agency, when the configuration has several'],
    ['--entries <folder>', 'the agency files of the register: their certificates too'],
  ],
  example: 'ketenpost certs check --config router.yaml --entries agencies',
  async run(_args, options): Promise<Report> {
    const config = await configOf(options);
    const { trust, base } = config;
    const store = await TrustStore.load(trust, { base });
    const now = systemClock.now();
    const row = (whose: Whose, what: string, certificate: Certificate, use?: Use): Row => ({
      ...{ whose, what, certificate, days: daysLeft(certificate, now) },
      links: certificate.isCa ? [] : traceLinks(store, certificate, now, use),
    });
    const entries = textOption(options, 'entries');
    const rows = [
      ...(await own(config)).map(([use, one]) => row('own', use, one, use)),
      ...(await pinned(config, 'registrar')).map((one) => row('registrar', 'authenticiteit', one)),
      ...(entries === undefined ? [] : await agencies(entries)).map(([use, one]) =>
        row('agency', `${one.oin ?? ''} ${use}`, one, use),
      ),
      ...store.pinned.map((one) => row('issuer', one.name, one)),
      ...(await pinned(config, 'broker')).map((one) => row('broker', 'ca', one)),
    ];
    const lists = store.pinned.map((one) => `list of ${one.name}: ${listInWords(store, one, now)}`);
    return report(rows, lists);
  },
};

function report(rows: readonly Row[], lists: readonly string[]): Report {
  // What an agency or the past still lists may have ended; what is our own may not.
  const failed = rows.some(({ whose, links, days }) =>
    whose === 'own' || whose === 'issuer' ? days < 0 || links.some(({ good }) => !good) : false,
  );
  const broken = rows.flatMap(({ whose, what, links }) =>
    links
      .filter(({ good }) => !good)
      .map(({ name, verdict, list }) => `${whose} ${what}: ${name}: ${verdict} (list: ${list})`),
  );
  return {
    json: rows.map(({ whose, what, certificate, days, links }) => ({
      ...{ whose, what, days, x5t: certificate.x5t, serial: certificate.serial },
      ...{ notAfter: new Date(certificate.notAfter).toISOString(), links },
    })),
    text: [...broken, ...lists].join('\n'),
    table: {
      head: ['whose', 'what', 'name', 'valid until', 'days', 'verdict'],
      rows: rows.map(({ whose, what, certificate, days, links }) => [
        ...[whose, what, certificate.name, day(certificate.notAfter), String(days)],
        [links[0]?.verdict ?? 'pinned', warningOf(days)].filter(Boolean).join('; '),
      ]),
    },
    exit: failed ? 'failed' : 'ok',
  };
}

function warningOf(days: number): string {
  const milestone = milestoneOf(days);
  if (milestone === undefined) return '';
  return days < 0 ? 'HAS ENDED' : `ends within ${milestone === 0 ? 1 : milestone} days`;
}

async function own({ identity, base }: KeyConfig): Promise<[Use, Certificate][]> {
  const { signing, opening, tls } = identity;
  const all: [Use, typeof signing][] = [
    ['authenticiteit', signing],
    ...opening.map((one): [Use, typeof signing] => ['vertrouwelijkheid', one]),
    ['tls', tls],
  ];
  return Promise.all(
    all.map(
      async ([use, source]): Promise<[Use, Certificate]> => [
        use,
        await loadCertificate(source, base),
      ],
    ),
  );
}

async function pinned(config: KeyConfig, part: 'registrar' | 'broker'): Promise<Certificate[]> {
  const all = await Promise.all(config[part].map((file) => readAll(resolve(config.base, file))));
  return all.flat();
}

async function agencies(folder: string): Promise<[Use, Certificate][]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name));
  const all = await Promise.all(names.map((name) => agencyIn(join(folder, name))));
  return all.flat();
}

async function agencyIn(file: string): Promise<[Use, Certificate][]> {
  const { certificaten = {} } = (parse(await readFile(file, 'utf8')) ?? {}) as {
    certificaten?: Partial<Record<Use, (string | { bestand: string })[]>>;
  };
  const named = USES.flatMap((use) => (certificaten[use] ?? []).map((one) => [use, one] as const));
  const read = named.map(async ([use, one]): Promise<[Use, Certificate][]> => {
    const path = typeof one === 'string' ? one : one.bestand;
    const [first] = await readAll(resolve(dirname(file), path));
    return first === undefined ? [] : [[use, first]];
  });
  return (await Promise.all(read)).flat();
}

async function readAll(file: string): Promise<Certificate[]> {
  try {
    return fromPem(await readFile(file, 'latin1'), 'CERTIFICATE').map(readCertificate);
  } catch {
    const next = 'check the path, and that it is a certificate in PEM';
    throw new CommandError('usage', `${file} cannot be read`, next);
  }
}
