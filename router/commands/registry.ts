/** `ketenpost registry …`: the register is made from files, compared, signed, and brought back. */
import { type Command, CommandError } from '../../schemas/command.ts';
import { type Oin, parseOin } from '../../schemas/ids.ts';
import { type Draft, readAgencyFiles } from '../registry/agency-file.ts';
import { draftsOf } from '../registry/publish.ts';
import { RegisterReader } from '../registry/read-register.ts';
import { CONFIG_OPTION, KEY_OPTIONS, readPresent, text, withAdmin } from './admin.ts';
import { carryOut, type Plan } from './change-register.ts';

const DRY_RUN = ['--dry-run', 'show what would change, and change nothing'] as const;
const KEY_EXAMPLE = '--registrar-key registrar.p12 --passphrase-file registrar.pass';

const parse = (oin: string | undefined): Oin => {
  try {
    return parseOin(oin);
  } catch {
    throw new CommandError('usage', 'that is not an OIN', 'See ketenpost registry list.');
  }
};

/** The register with one agency changed. */
const withStatus =
  (oin: Oin, status: Draft['status'], reason?: string): Plan['wanted'] =>
  (_, { register }) => {
    const drafts = draftsOf(register);
    if (!drafts.some((draft) => draft.oin === oin)) throw unknown(oin);
    return drafts.map((draft) => {
      if (draft.oin !== oin) return draft;
      const { redenSchorsing: _reason, ...rest } = draft;
      return { ...rest, status, ...(reason !== undefined && { redenSchorsing: reason }) };
    });
  };

const unknown = (oin: string): CommandError =>
  new CommandError('refused', `${oin} is not registered`, 'See ketenpost registry list.');

const apply: Command = {
  name: 'registry apply <folder>',
  summary: 'sign the agencies of a folder and make them the register',
  options: [CONFIG_OPTION, ...KEY_OPTIONS, DRY_RUN],
  example: `ketenpost registry apply agencies --config router.yaml ${KEY_EXAMPLE}`,
  run: ([folder = ''], options) =>
    carryOut(options, { act: 'apply', wanted: () => readAgencyFiles(folder) }),
};

const diff: Command = {
  name: 'registry diff <folder>',
  summary: 'show what registry apply would change',
  options: [CONFIG_OPTION],
  example: 'ketenpost registry diff agencies --config router.yaml',
  run: ([folder = ''], options) =>
    carryOut({ ...options, dryRun: true }, { act: 'apply', wanted: () => readAgencyFiles(folder) }),
};

const rollback: Command = {
  name: 'registry rollback [version]',
  summary: 'bring back the content of an earlier version, as a new one',
  options: [CONFIG_OPTION, ...KEY_OPTIONS, DRY_RUN],
  example: `ketenpost registry rollback --config router.yaml ${KEY_EXAMPLE}`,
  run: ([version], options) =>
    carryOut(options, {
      act: 'rollback',
      wanted: async ({ store, registrar }, { register }) => {
        const reader = new RegisterReader(store, registrar);
        const to = version === undefined ? await reader.before(register.version) : Number(version);
        if (!Number.isSafeInteger(to) || to < 1 || to >= register.version) {
          throw new CommandError(
            'usage',
            'there is no such earlier version',
            'Name one below the present version.',
          );
        }
        return draftsOf(await reader.read(to));
      },
    }),
};

const suspend: Command = {
  name: 'registry suspend <oin>',
  summary: 'let an agency send and collect no longer; what is meant for it is kept',
  options: [CONFIG_OPTION, ...KEY_OPTIONS, DRY_RUN, ['--reason <text>', 'why, for the register']],
  example: `ketenpost registry suspend 00000099000000030000 --reason "key lost" --config router.yaml ${KEY_EXAMPLE}`,
  run: async ([oin], options) =>
    carryOut(options, {
      act: 'suspend',
      wanted: withStatus(parse(oin), 'geschorst', text(options, 'reason')),
    }),
};

const resume: Command = {
  name: 'registry resume <oin>',
  summary: 'let a suspended agency send and collect again',
  options: [CONFIG_OPTION, ...KEY_OPTIONS, DRY_RUN],
  example: `ketenpost registry resume 00000099000000030000 --config router.yaml ${KEY_EXAMPLE}`,
  run: async ([oin], options) =>
    carryOut(options, { act: 'resume', wanted: withStatus(parse(oin), 'actief') }),
};

const list: Command = {
  name: 'registry list',
  summary: 'show the agencies that are registered',
  options: [CONFIG_OPTION],
  example: 'ketenpost registry list --config router.yaml',
  run: (_, options) =>
    withAdmin(options, async (admin) => {
      const { register } = await readPresent(admin);
      const agencies = draftsOf(register).map(({ certificaten, ...rest }) => rest);
      const rows = agencies.map((one) => [
        ...[one.oin, one.naam, one.rollen.join(' '), one.status],
        `${one.van}${one.tot ? ` – ${one.tot}` : ''}`,
      ]);
      return {
        json: { version: register.version, agencies },
        text: `Version ${register.version}, ${agencies.length} agencies.`,
        table: { head: ['oin', 'name', 'roles', 'status', 'in force'], rows },
      };
    }),
};

const show: Command = {
  name: 'registry show <oin>',
  summary: 'show one agency with its certificates, as the registrar signed it',
  options: [CONFIG_OPTION],
  example: 'ketenpost registry show 00000099000000010000 --config router.yaml',
  run: ([oin], options) =>
    withAdmin(options, async (admin) => {
      const { register } = await readPresent(admin);
      const agency = register.agency(parse(oin));
      if (agency === undefined) throw unknown(oin ?? '');
      const [entry] = draftsOf(register).filter((draft) => draft.oin === agency.oin);
      const rows = agency.certificates.map(({ use, certificate, until }) => [
        ...[use, certificate.x5t, certificate.name],
        new Date(certificate.notAfter).toISOString().slice(0, 10),
        until ?? '',
      ]);
      const { certificaten: _, ...said } = entry ?? {};
      const lines = Object.entries(said).map(
        ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      return {
        json: { ...entry, registratie: agency.registratie },
        text: lines.join('\n'),
        table: { head: ['use', 'x5t#S256', 'name', 'valid to', 'used until'], rows },
      };
    }),
};

export const REGISTRY_COMMANDS: readonly Command[] = [
  apply,
  diff,
  rollback,
  list,
  show,
  suspend,
  resume,
];
