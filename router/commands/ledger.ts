/** `ketenpost ledger verify` and `export`: prove the ledger, take it along. */
import { readFile } from 'node:fs/promises';
import { type Certificate, readCertificate } from '../../certs/certificate.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { fromPem } from '../../certs/pem.ts';
import { systemClock } from '../../schemas/clock.ts';
import type { Command, CommandContext, Report } from '../../schemas/command.ts';
import { parseOin } from '../../schemas/ids.ts';
import { TRAFFIC_DAYS } from '../bus/streams.ts';
import { subjects } from '../bus/subjects.ts';
import { readRouterConfig } from '../config.ts';
import { checkpointReader } from '../ledger/checkpoints.ts';
import { exportLedger, readExport } from '../ledger/export.ts';
import { type Evidence, type Verdict, verifyLedger } from '../ledger/verify.ts';
import { witnessLines } from '../ledger/witnesses.ts';
import { type Admin, CONFIG_OPTION, type Options, readPresent, text, withAdmin } from './admin.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** An entry that is gone a week before its time may have been chained late; sooner, it was taken away. */
const LIFE_MS = (TRAFFIC_DAYS - 7) * DAY_MS;
const SHOWN = 50;

const verify: Command = {
  name: 'ledger verify',
  summary: 'prove the ledger: every entry, hash and signature, and what witnesses kept',
  options: [
    CONFIG_OPTION,
    ['--witness <file>', 'checkpoints that an adapter kept (ketenpost adapter witnesses)'],
    ['--file <export>', 'verify an export instead of the broker'],
    [
      '--certificate <file>',
      "the router's certificates (PEM), old ones too; no --config needed then with --file",
    ],
  ],
  example: 'ketenpost ledger verify --witness witnesses.jsonl',
  run: async (_args, options, context) => {
    const file = text(options, 'file');
    const witnessFile = text(options, 'witness');
    const witnesses =
      witnessFile === undefined ? [] : witnessLines(await readFile(witnessFile, 'utf8'));
    if (file === undefined) {
      return withAdmin(options, async (admin) => {
        const [chain, entries] = [admin.bus.log('CHAIN'), admin.bus.log('LEDGER')];
        const evidence: Evidence = {
          chain: chain.list(subjects.chain('*')),
          entries: entries.list(subjects.ledger('*')),
          witnesses,
        };
        return judge(evidence, await routersCertificates(options, admin), context);
      });
    }
    const evidence: Evidence = {
      chain: readExport(file, 'chain'),
      entries: readExport(file, 'ledger'),
      witnesses,
    };
    return judge(evidence, await routersCertificates(options), context);
  },
};

async function judge(
  evidence: Evidence,
  certificates: readonly Certificate[],
  context: CommandContext,
): Promise<Report> {
  const byThumbprint = new Map<string, Certificate>(certificates.map((one) => [one.x5t, one]));
  let strange = 0;
  const find = (x5t: string) => {
    const found = byThumbprint.get(x5t);
    if (found === undefined) strange += 1;
    return found;
  };
  const verdict = await verifyLedger(evidence, {
    readCheckpoint: checkpointReader(find),
    clock: systemClock,
    lifeMs: LIFE_MS,
    progress: everyThousand((entries) => context.progress(`${entries} entries`)),
  });
  return toReport(verdict, strange);
}

function everyThousand(tell: (entries: number) => void): (entries: number) => void {
  let told = 0;
  return (entries) => {
    if (entries - told < 1000) return;
    told = entries;
    tell(entries);
  };
}

/** @param strange checkpoints that bear a certificate which was not given: mostly the wrong file, not a forged ledger */
function toReport(verdict: Verdict, strange: number): Report {
  const { ok, size, present, expired, unchained, checkpoints, witnesses, faults } = verdict;
  const counts = `${size} entries in the chain: ${present} there and unchanged, ${expired} past their life; ${unchained} not chained yet; ${checkpoints} checkpoints, ${witnesses} witnesses.`;
  const first = ok
    ? 'The ledger is whole.'
    : `The ledger is NOT whole: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}.`;
  const more = faults.length > SHOWN ? [`The first ${SHOWN} of them:`] : [];
  const wrong =
    strange === 0
      ? []
      : [
          `${strange} checkpoints bear another certificate than those given. Are these the router's, old ones too?`,
        ];
  return {
    json: verdict,
    text: [first, counts, ...wrong, ...more].join('\n'),
    ...(!ok && {
      table: { head: ['where', 'why'], rows: faults.slice(0, SHOWN).map((f) => [f.where, f.why]) },
    }),
    exit: ok ? 'ok' : 'failed',
  };
}

/** Those given; else those of the configuration, and those that the register has of the router. */
async function routersCertificates(options: Options, admin?: Admin): Promise<Certificate[]> {
  const given = text(options, 'certificate');
  if (given !== undefined) {
    return fromPem(await readFile(given, 'utf8'), 'CERTIFICATE').map(readCertificate);
  }
  const config =
    admin?.config ?? (await readRouterConfig(text(options, 'config') ?? 'router.yaml'));
  const own = (await loadIdentity(config.identity)).certificates;
  if (admin === undefined) return [...own];
  const agency = (await readPresent(admin)).register.agency(parseOin(config.identity.oin));
  return [...own, ...(agency?.certificates ?? []).map(({ certificate }) => certificate)];
}

const exporting: Command = {
  name: 'ledger export <file>',
  summary: 'write the ledger and its chain to a new file, to verify or keep elsewhere',
  options: [CONFIG_OPTION],
  example: 'ketenpost ledger export ledger.jsonl',
  run: ([file = ''], options, { progress }) =>
    withAdmin(options, async ({ bus }) => {
      const told = everyThousand((lines) => progress(`${lines} lines`));
      const written = await exportLedger(bus, file, told);
      const said = `${written.ledger} entries and ${written.chain} links and checkpoints are in ${file}.`;
      return { json: { file, ...written }, text: said };
    }),
};

export const commands: readonly Command[] = [verify, exporting];
