import { type Command, CommandError } from '../../schemas/command.ts';
import { findApi, followIt, textOf, WHERE } from './local-api.ts';
import { POLICY } from './words.ts';

const listOf = (text: string): string[] => text.split(',').map((one) => one.trim());

export const event: Command = {
  name: 'event <case>',
  summary: 'tell of a case of yours: what changed, and where to ask; to its subscribers',
  options: [
    ['--type <type>', 'CloudEvents type, such as nl.jeugdketen.zaakstatus-gewijzigd.v1'],
    ['--status <code>', 'status of the case, such as in-onderzoek'],
    ['--omschrijving <text>', 'that status in words; nothing of a person'],
    ['--basis <codes>', 'legal bases, with commas between them: one message on each'],
    ['--to <oins>', 'to these agencies, instead of the subscribers'],
    ['--region <code>', 'VT region of the case, such as VT16'],
    ['--id <uuid7>', 'id of the event: said again under it, it is the same event'],
    ['--system <name>', 'name of the system that tells; ketenpost when absent'],
    ...WHERE,
  ],
  example:
    'ketenpost event 6f0b3c1e-7a52-4d3e-9b1c-2f4e5d6a7b8c --type nl.jeugdketen.zaakstatus-gewijzigd.v1 --status in-onderzoek --basis bpg-4.2.1.i --config adapter.yaml',
  async run([zaak = ''], options) {
    const [type, basis] = [textOf(options, 'type'), textOf(options, 'basis')];
    if (type === undefined || basis === undefined) {
      const missing = type === undefined ? '--type' : '--basis';
      const next = `docs/subscriptions.md shows an example; bases: ${POLICY}`;
      throw new CommandError('usage', `${missing} is missing`, next);
    }
    const [code, omschrijving] = [textOf(options, 'status'), textOf(options, 'omschrijving')];
    const [to, regio, systeem, id] = [
      ...[textOf(options, 'to'), textOf(options, 'region'), textOf(options, 'system')],
      textOf(options, 'id'),
    ];
    const api = await findApi(options);
    const told = await api.post<{ gebeurtenis: string; berichten: { bericht: string }[] }>(
      '/v1/gebeurtenissen',
      {
        ...{ zaak, type, grondslag: listOf(basis) },
        ...(code && { status: { code, ...(omschrijving && { omschrijving }) } }),
        ...(to && { aan: listOf(to) }),
        ...(regio && { regio }),
        ...(systeem && { systeem }),
        ...(id && { id }),
      },
    );
    // One for each basis, in the order in which they were given.
    const bases = [...new Set(listOf(basis))];
    const lines = told.berichten.flatMap(({ bericht }, at) => [
      bases.length > 1 ? `ingediend ${bericht} on ${bases[at]}` : `ingediend ${bericht}`,
      followIt(bericht, options),
    ]);
    return { json: told, text: lines.join('\n') };
  },
};
