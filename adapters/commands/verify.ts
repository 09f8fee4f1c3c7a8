import { readFile } from 'node:fs/promises';
import { verifyAsOf } from '../../certs/as-of.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { fromPem } from '../../certs/pem.ts';
import { type Command, CommandError } from '../../schemas/command.ts';
import { parseOin } from '../../schemas/ids.ts';
import { TYP } from '../../schemas/typ.ts';
import { readKept } from '../store/store.ts';
import { chooseAgency } from './choose-agency.ts';
import { textOf } from './local-api.ts';

const HOUR_MS = 3_600_000;

export const verifyStored: Command = {
  name: 'adapter verify <sender> <id>',
  summary: 'prove a received message anew, as of the day that it came',
  options: [
    ['--config <file>', 'adapter.yaml'],
    ['--agency <oin>', 'which agency, when the configuration has several'],
    [
      '--root <file>',
      'a root in PEM that was trusted then and is not in the configuration any more',
    ],
  ],
  example:
    'ketenpost adapter verify 00000099000000010000 019a5b7c-8d9e-7f01-8a2b-3c4d5e6f7081 --config adapter.yaml',
  async run([sender = '', id = ''], options) {
    const file = textOf(options, 'config');
    if (file === undefined)
      throw new CommandError('usage', '--config is missing', 'give --config adapter.yaml');
    const { store, trust } = await chooseAgency(file, textOf(options, 'agency'));
    const kept = readKept(store, sender, id);
    const root = textOf(options, 'root');
    const files = [...trust.roots, ...(root === undefined ? [] : [root])];
    const pems = await Promise.all(files.map((one) => readFile(one, 'latin1')));
    const roots = pems.flatMap((pem) => fromPem(pem, 'CERTIFICATE')).map(readCertificate);
    const maxAgeMs = (trust.crlMaxAgeHours ?? 4) * HOUR_MS;
    const about = { typ: TYP.message, sender: parseOin(sender), roots, maxAgeMs };
    const findings = await verifyAsOf({ ...kept, ...about });
    const good = findings.every((one) => one.good);
    const received = new Date(kept.received).toISOString();
    return {
      json: { sender, id, digest: kept.digest, received, good, findings },
      text: `received ${received}, digest ${kept.digest}: ${good ? 'proven' : 'NOT proven'}`,
      table: {
        head: ['what', 'holds', 'found'],
        rows: findings.map(({ what, good: holds, detail }) => [what, holds ? 'yes' : 'NO', detail]),
      },
      exit: good ? 'ok' : 'failed',
    };
  },
};
