/** `ketenpost policy explain`: may this be sent, by which rule, and if not, why not. */
import { systemClock } from '../../schemas/clock.ts';
import { type Command, CommandError } from '../../schemas/command.ts';
import { PATTERNS } from '../../schemas/ids.ts';
import { messageTypes } from '../../schemas/messages.ts';
import { explainRule, GRONDSLAGEN, isGrondslag, isRole, ROLES } from '../../schemas/policy.ts';
import { gemeentenVan, vtRegionsOf } from '../../schemas/reference.ts';
import type { Register } from '../registry.ts';
import { type Options, readPresent, text, withAdmin } from './admin.ts';

/** Somebody in a question: an agency of the register, or a role in general. */
interface Party {
  readonly name: string;
  readonly rollen: readonly string[];
}

const usage = (message: string, next: string): CommandError =>
  new CommandError('usage', message, next);

function needed(options: Options, name: string): string {
  const value = text(options, name);
  if (value !== undefined) return value;
  throw usage(`--${name} is missing`, 'See ketenpost policy explain --help.');
}

/** Asks for the register only when there is a name in the question that stands in it. */
async function registerFor(options: Options): Promise<Register | undefined> {
  if (text(options, 'config') === undefined) return undefined;
  return withAdmin(options, async (admin) => (await readPresent(admin)).register);
}

function party(named: string, register: Register | undefined): Party {
  if (isRole(named)) return { name: ROLES[named].naam, rollen: [named] };
  const agency = register?.all().find(({ oin }) => oin === named);
  if (agency !== undefined) return { name: `${agency.oin} ${agency.naam}`, rollen: agency.rollen };
  if (!new RegExp(PATTERNS.oin).test(named)) {
    throw usage(`there is no role ${named}`, `Roles are: ${Object.keys(ROLES).join(', ')}.`);
  }
  throw usage(
    `${named} is not in a register that was looked at`,
    'Give --config router.yaml to look in the register, or a role in place of the OIN.',
  );
}

/** The Veilig Thuis of a municipality: from the register, or in general when that is not looked at. */
function partiesFor(code: string, register: Register | undefined, at: number): Party[] {
  const regions = vtRegionsOf(code, at);
  if (regions.length === 0) throw usage(`there is no municipality ${code}`, 'Give its CBS code.');
  return regions.flatMap((region) => {
    const agencies = register?.byVtRegion(region.code, at);
    if (agencies === undefined) return [{ name: `Veilig Thuis ${region.naam}`, rollen: ['vt'] }];
    return agencies.map(({ oin, naam, rollen }) => ({ name: `${oin} ${naam}`, rollen }));
  });
}

const placeName = (code: string, at: number): string =>
  gemeentenVan(code, at)
    .map(({ naam }) => naam)
    .join(', ');

function recipients(options: Options, register: Register | undefined, at: number): Party[] {
  const code = text(options, 'gemeente');
  return code === undefined
    ? [party(needed(options, 'naar'), register)]
    : partiesFor(code, register, at);
}

function checkWords(berichttype: string, grondslag: string): void {
  const types = messageTypes().map(({ type }) => type);
  if (!types.includes(berichttype)) {
    throw usage(`there is no message type ${berichttype}`, `Types are: ${types.join(', ')}.`);
  }
  if (!isGrondslag(grondslag)) {
    const known = Object.keys(GRONDSLAGEN).join(', ');
    const said =
      grondslag === '' ? '--grondslag is missing' : `there is no legal basis ${grondslag}`;
    throw usage(said, `Legal bases are: ${known}.`);
  }
}

export const policyExplain: Command = {
  name: 'policy explain',
  summary: 'tell whether something may be sent, by which rule, and if not, why not',
  options: [
    ['--van <role or oin>', 'who sends it'],
    ['--type <type>', 'the message type'],
    ['--naar <role or oin>', 'for whom it is'],
    ['--gemeente <code>', 'or: the Veilig Thuis of this municipality'],
    ['--grondslag <code>', 'the legal basis'],
    ['--config <file>', 'router.yaml: look up OINs in the live register'],
  ],
  example:
    'ketenpost policy explain --van politie --type vt-melding --gemeente 0797 --grondslag bpg-4.2.1.i',
  async run(_, options) {
    const at = systemClock.now();
    const berichttype = needed(options, 'type');
    const grondslag = text(options, 'grondslag') ?? '';
    checkWords(berichttype, grondslag);
    const register = await registerFor(options);
    const van = party(needed(options, 'van'), register);
    const found = recipients(options, register, at);
    const answers = found.map((naar) => ({
      naar: naar.name,
      ...explainRule({ van: van.rollen, berichttype, naar: naar.rollen, grondslag }),
    }));
    const code = text(options, 'gemeente');
    const [only, more] = answers;
    const place =
      code === undefined
        ? []
        : [
            `${placeName(code, at)}: ${found.map((p) => p.name).join(', ') || 'no Veilig Thuis is registered'}`,
          ];
    const ambiguous = more === undefined ? [] : ['More than one could be meant: name one in aud.'];
    return {
      json: { van: van.name, berichttype, grondslag, answers },
      text: [...place, ...answers.map((answer) => answer.text), ...ambiguous].join('\n'),
      exit: only?.allowed && more === undefined ? 'ok' : 'refused',
    };
  },
};
