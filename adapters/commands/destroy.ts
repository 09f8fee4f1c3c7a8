import { writeFileSync } from 'node:fs';
import { type Command, CommandError, type Report } from '../../schemas/command.ts';
import { BY, who } from './employee.ts';
import { toId } from './handovers.ts';
import { findApi, type LocalApi, oneOf, textOf, WHERE } from './local-api.ts';
import { shortly } from './words.ts';

const GROUNDS = [
  'verzoek-betrokkene',
  'bewaartermijn',
  'verkeerd-geadresseerd',
  'ingetrokken',
  'anders',
] as const;

interface Destroyed {
  readonly afzender: string;
  readonly bericht: string;
  readonly proef?: boolean;
  readonly vernietigdOp?: string;
  readonly verwant: readonly { bericht: string; relatie: string; vernietigd: boolean }[];
  readonly bewijs?: { doorzocht: number; stukken: number; gevonden: number; leeggemaakt: boolean };
}

export const destroy: Command = {
  name: 'destroy <message>',
  summary: 'destroy the content of a message for good, and prove that it is gone',
  options: [
    ['--reason <ground>', GROUNDS.join(', ')],
    ['--toelichting <text>', 'why, in words; kept encrypted'],
    ['--dry-run', 'only tell what would be destroyed, and what belongs to it'],
    BY,
    ...WHERE,
  ],
  example:
    'ketenpost destroy 00000099000000010000/0192f0c1-7d3e-7abc-8def-0123456789ab --reason verzoek-betrokkene --medewerker "A. Rchief" --config adapter.yaml',
  async run([message = ''], options) {
    const { afzender, bericht } = toId(message);
    const grond = oneOf(options, 'reason', GROUNDS);
    if (grond === undefined)
      throw new CommandError(
        'usage',
        '--reason is missing',
        `give the ground: ${GROUNDS.join(', ')}`,
      );
    const toelichting = textOf(options, 'toelichting');
    const order = {
      medewerker: who(options),
      grond,
      proef: options['dryRun'] === true,
      ...(toelichting !== undefined && { toelichting }),
    };
    return reportOf(await carryOut(await findApi(options), afzender, bericht, order));
  },
};

/** What this agency received lies under its sender; what it sent, under itself. */
async function carryOut(
  api: LocalApi,
  sender: string,
  id: string,
  order: object,
): Promise<Destroyed> {
  const own = await api.get<{ oin: string }>('/v1/toestand');
  const [from, jti] = [encodeURIComponent(sender), encodeURIComponent(id)];
  const path = own.oin === sender ? `/v1/berichten/${jti}` : `/v1/postvak/${from}/${jti}`;
  return api.post<Destroyed>(`${path}/_vernietig`, order);
}

function reportOf(done: Destroyed): Report {
  const { bewijs, verwant, proef, vernietigdOp } = done;
  const gone = bewijs === undefined || (bewijs.gevonden === 0 && bewijs.leeggemaakt);
  const proof =
    bewijs &&
    `${bewijs.doorzocht} bytes of files searched for ${bewijs.stukken} pieces of it: ${bewijs.gevonden} found${bewijs.leeggemaakt ? '' : '; another process reads the store, so its log was not emptied: run this again'}`;
  const at = vernietigdOp === undefined ? '' : ` ${shortly(vernietigdOp)}`;
  const head = proef ? 'would be destroyed' : `destroyed${at}`;
  const related = verwant.map(
    (one) =>
      `${one.relatie} ${one.bericht}${one.vernietigd ? ' (destroyed)' : ': decide upon it, too'}`,
  );
  return {
    json: done,
    text: [head, ...(proof ? [proof] : []), ...related].join('\n'),
    exit: gone ? 'ok' : 'failed',
  };
}

interface Entry {
  readonly afzender: string;
  readonly bericht: string;
  readonly ontvangenOp: string;
  readonly vernietigdOp: string;
  readonly grond: string;
  readonly verklaring: string;
}

export const destructions: Command = {
  name: 'destructions',
  summary: 'what was destroyed, with the records that the agency signed',
  options: [['--out <file>', 'write every record, one JSON line each'], ...WHERE],
  example: 'ketenpost destructions --out vernietigingen.jsonl --config adapter.yaml',
  async run(_args, options) {
    const all = await everything(await findApi(options));
    const out = textOf(options, 'out');
    if (out !== undefined) {
      writeFileSync(out, all.map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 });
      return { json: { file: out, written: all.length }, text: `${all.length} written to ${out}` };
    }
    return {
      json: { vernietigingen: all },
      text: `${all.length} destroyed`,
      table: {
        head: ['destroyed', 'message', 'had since', 'ground'],
        rows: all.map((one) => [
          shortly(one.vernietigdOp),
          `${one.afzender}/${one.bericht}`,
          shortly(one.ontvangenOp),
          one.grond,
        ]),
      },
    };
  },
};

async function everything(api: LocalApi): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let from: string | undefined = '0'; from !== undefined; ) {
    const page: { vernietigingen: Entry[]; volgende?: string } = await api.get(
      `/v1/vernietigingen?aantal=200&vanaf=${from}`,
    );
    all.push(...page.vernietigingen);
    from = page.volgende;
  }
  return all;
}
