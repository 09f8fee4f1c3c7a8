/** `ketenpost registry …`: the register is made from files, compared, signed, and brought back. */
import { TrustStore } from '../../certs/truststore.ts';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { type Oin, parseOin } from '../../schemas/ids.ts';
import { type Draft, readAgencyFiles } from '../registry/agency-file.ts';
import { type Change, compare } from '../registry/compare.ts';
import { examine, type Finding } from '../registry/examine.ts';
import { draftsOf, type Present, publish } from '../registry/publish.ts';
import { RegisterReader } from '../registry/read-register.ts';
import {
  type Admin,
  CONFIG_OPTION,
  KEY_OPTIONS,
  type Options,
  readPresent,
  registrarKey,
  text,
  withAdmin,
} from './admin.ts';

const DRY_RUN = ['--dry-run', 'show what would change, and change nothing'] as const;
const KEY_EXAMPLE = '--registrar-key registrar.p12 --passphrase-file registrar.pass';

interface Plan {
  readonly act: string;
  /** What the register would be, given what it is. */
  wanted(admin: Admin, present: Present): Promise<readonly Draft[]> | readonly Draft[];
}

/** Shows what a plan would change; unless it is a dry run, signs it and makes it so. */
async function carryOut(options: Options, { act, wanted: plan }: Plan): Promise<Report> {
  return withAdmin(options, async (admin) => {
    const present = await readPresent(admin);
    const wanted = await plan(admin, present);
    const changes = compare(draftsOf(present.register), wanted);
    const findings = await lookAt(admin, wanted, changes);
    const version = present.register.version;
    if (options['dryRun'] === true || changes.length === 0) {
      return toReport({ version, changes, findings });
    }
    refuseGrave(findings);
    const key = await registrarKey(options, admin);
    const to = { ...admin, key };
    return toReport({
      version: await publish(to, { present, wanted, act, now: Date.now() }),
      ...{ changes, findings, applied: true },
    });
  });
}

/** Only entries that would be signed anew are looked at. */
async function lookAt({ config }: Admin, wanted: readonly Draft[], changes: readonly Change[]) {
  const trust = await TrustStore.load(config.trust);
  const changed = new Set(changes.map(({ oin }) => oin));
  return examine(wanted, trust, Date.now()).filter(({ oin }) => changed.has(oin as Oin));
}

function refuseGrave(findings: readonly Finding[]): void {
  const grave = findings.filter((finding) => finding.grave);
  if (grave.length === 0) return;
  throw new CommandError(
    'refused',
    grave.map(({ oin, text }) => `${oin}: ${text}`).join('\n'),
    'Mend the agency files; nothing was changed.',
  );
}

function toReport(result: {
  version: number;
  changes: readonly Change[];
  findings: readonly Finding[];
  applied?: boolean;
}): Report {
  const { version, changes, findings, applied = false } = result;
  const first = applied
    ? `The register is now version ${version}.`
    : `The register is version ${version}; ${changes.length === 0 ? 'nothing differs.' : 'it would change so:'}`;
  const said = findings.map(
    ({ oin, grave, text }) => `${grave ? 'refused' : 'warning'}: ${oin} ${text}`,
  );
  const rows = changes.map((c) => [c.oin, c.naam, c.what, c.member, c.from, c.to]);
  return {
    json: { version, applied, changes, findings },
    text: [first, ...said].join('\n'),
    ...(rows.length > 0 && {
      table: { head: ['oin', 'name', 'what', 'member', 'from', 'to'], rows },
    }),
    exit: findings.some(({ grave }) => grave) ? 'refused' : 'ok',
  };
}

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
  run: ([oin], options) =>
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
  run: ([oin], options) =>
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
