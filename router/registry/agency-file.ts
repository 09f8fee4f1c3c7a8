/**
 * The files that a registrar writes: one YAML file for each agency. Everything that is wrong in all
 * of them is told at once, by file and place.
 */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ErrorObject } from 'ajv/dist/2020.js';
import { readCertificate } from '../../certs/certificate.ts';
import { USES } from '../../certs/profile.ts';
import { CommandError } from '../../schemas/command.ts';
import type { Registratie, Registratiecertificaat } from '../../schemas/generated/wire.ts';
import { WIRE } from '../../schemas/generated/wire-documents.ts';
import { createValidator } from '../../schemas/validate.ts';
import { readYaml } from '../../schemas/yaml.ts';

/** What is to be registered of an agency, before the registrar signs it. */
export type Draft = Omit<Registratie, 'iss' | 'iat'>;

/** Relative to the file that names it. */
type CertificateFile = string | { readonly bestand: string; readonly tot?: string };
type AgencyFile = Omit<Draft, 'certificaten' | 'mandaten' | 'abonnementen'> & {
  readonly mandaten?: Draft['mandaten'];
  readonly abonnementen?: Draft['abonnementen'];
  readonly certificaten: Readonly<Record<string, readonly CertificateFile[]>>;
};

const { iss: _iss, iat: _iat, certificaten: _certificaten, ...SAME } = WIRE.registratie.properties;
const certificate = {
  oneOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      additionalProperties: false,
      required: ['bestand'],
      properties: { bestand: { type: 'string' }, tot: { type: 'string', format: 'date' } },
    },
  ],
};
/** As the signed entry, but for the certificates, which are named by file. */
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['oin', 'naam', 'rollen', 'status', 'van', 'zegel', 'certificaten'],
  properties: {
    ...SAME,
    certificaten: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        USES.map((use) => [use, { type: 'array', maxItems: 8, items: certificate }]),
      ),
    },
  },
};
const validate = createValidator().compile<AgencyFile>(SCHEMA);

/** @throws CommandError usage, with every fault of every file */
export async function readAgencyFiles(folder: string): Promise<Draft[]> {
  const names = await readdir(folder).catch(() => {
    throw new CommandError(
      'usage',
      `cannot read ${folder}`,
      'Name the folder of the agency files.',
    );
  });
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  const faults: string[] = [];
  const drafts = await Promise.all(files.map((name) => readOne(join(folder, name), faults)));
  const found = drafts.filter((draft) => draft !== undefined);
  const twice = found.filter((one) => found.find((other) => other.oin === one.oin) !== one);
  faults.push(...twice.map(({ oin }) => `${oin} stands in more than one file`));
  if (files.length === 0) faults.push(`${folder} holds no .yaml files`);
  if (faults.length > 0) {
    throw new CommandError(
      'usage',
      faults.join('\n'),
      'Mend the agency files; nothing was changed.',
    );
  }
  return found;
}

async function readOne(file: string, faults: string[]): Promise<Draft | undefined> {
  const read = readYaml(await readFile(file, 'utf8'));
  if ('fault' in read) {
    faults.push(`${file}: ${read.fault}`);
    return undefined;
  }
  const { value } = read;
  if (!validate(value)) {
    const said = (validate.errors ?? []).map(
      (e) => `${file}: ${e.instancePath || '/'} ${e.message}${whichInstead(e)}`,
    );
    faults.push(...said);
  } else {
    return toDraft(value, file, faults);
  }
  return undefined;
}

/** What may stand there: the words of a list, or an example of hours. */
function whichInstead({ keyword, params, instancePath }: ErrorObject): string {
  if (keyword === 'enum') return `: ${(params['allowedValues'] as unknown[]).join(', ')}`;
  const isHour = keyword === 'pattern' && /^\/openingstijden\/\d+\/(van|tot)$/.test(instancePath);
  return isHour ? ", such as '08:30'" : '';
}

async function toDraft(value: AgencyFile, file: string, faults: string[]): Promise<Draft> {
  const { oin, naam, rollen, status, van, zegel, certificaten, ...more } = value;
  const listed = USES.flatMap((gebruik) =>
    (certificaten[gebruik] ?? []).map((one) => readListed(gebruik, one, file, faults)),
  );
  return {
    oin,
    naam,
    rollen,
    status,
    van,
    zegel,
    mandaten: [],
    abonnementen: [],
    ...more,
    certificaten: (await Promise.all(listed)).filter((one) => one !== undefined),
  };
}

async function readListed(
  gebruik: Registratiecertificaat['gebruik'],
  named: CertificateFile,
  file: string,
  faults: string[],
): Promise<Registratiecertificaat | undefined> {
  const { bestand, tot } = typeof named === 'string' ? { bestand: named } : named;
  try {
    const { x5t, der } = readCertificate(await readFile(resolve(dirname(file), bestand), 'utf8'));
    return { gebruik, x5t, der: der.toString('base64'), ...(tot !== undefined && { tot }) };
  } catch {
    faults.push(`${file}: ${bestand} holds no certificate that can be read`);
    return undefined;
  }
}
