/** Carries out a change of the register: shows it, and unless it is a dry run, signs it and makes it so. */
import { TrustStore } from '../../certs/truststore.ts';
import { systemClock } from '../../schemas/clock.ts';
import { CommandError, type Report } from '../../schemas/command.ts';
import type { Draft } from '../registry/agency-file.ts';
import { type Change, compare } from '../registry/compare.ts';
import { examine, type Finding } from '../registry/examine.ts';
import { draftsOf, type Present, publish } from '../registry/publish.ts';
import { type Admin, type Options, readPresent, registrarKey, withAdmin } from './admin.ts';

export interface Plan {
  readonly act: string;
  /** What the register would be, given what it is. */
  wanted(admin: Admin, present: Present): Promise<readonly Draft[]> | readonly Draft[];
}

/** Shows what a plan would change; unless it is a dry run, signs it and makes it so. */
export async function carryOut(options: Options, { act, wanted: plan }: Plan): Promise<Report> {
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
      version: await publish(to, { present, wanted, act, now: systemClock.now() }),
      changes,
      findings,
      applied: true,
    });
  });
}

/** Only entries that would be signed anew are looked at. */
async function lookAt({ config }: Admin, wanted: readonly Draft[], changes: readonly Change[]) {
  const trust = await TrustStore.load(config.trust);
  const changed = new Set<string>(changes.map(({ oin }) => oin));
  const found = examine(wanted, trust, systemClock.now()).filter(({ oin }) => changed.has(oin));
  return [...found, ...withoutRouter(config.identity.oin, wanted)];
}

/** An adapter looks up the router like any other agency: to seal for it, and to believe its receipts. */
function withoutRouter(oin: string, wanted: readonly Draft[]): Finding[] {
  if (wanted.some((draft) => draft.oin === oin)) return [];
  const text = 'the router itself is not among them: no adapter can seal for it';
  return [{ oin, grave: false, text }];
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
