import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command, CommandContext, Report } from '../../schemas/command.ts';
import { type Authority, openAuthority } from '../authority/authority.ts';
import { readCrl } from '../crl.ts';
import { textOption, wholeNumber } from './options.ts';

/** `ketenpost certs crl`: publishes the revocation lists anew, once or for as long as it runs. */
export const crl: Command = {
  name: 'certs crl <dir>',
  summary: 'write the revocation lists anew; they count for four hours',
  options: [['--every <minutes>', 'go on, and write them again at this interval']],
  example: 'ketenpost certs crl pki --every 60',
  async run([dir = ''], options, context): Promise<Report> {
    const authority = await openAuthority(dir);
    await authority.writeCrls();
    const every = textOption(options, 'every');
    if (every !== undefined) await goOn(authority, wholeNumber(every, 'every'), context);
    const lists = await Promise.all(authority.trust.crls.map(describe));
    return {
      json: lists,
      table: {
        head: ['list', 'made', 'counts until', 'revoked'],
        rows: lists.map((one) => [one.file, one.thisUpdate, one.nextUpdate, `${one.revoked}`]),
      },
    };
  },
};

async function goOn(authority: Authority, minutes: number, { signal, line }: CommandContext) {
  line(`lists written; again every ${minutes} minutes until stopped`);
  const rest = () => wait(minutes * 60_000, undefined, { signal }).catch(() => undefined);
  await rest();
  while (!signal.aborted) {
    await authority.writeCrls();
    await rest();
  }
}

async function describe(file: string) {
  const { thisUpdate, nextUpdate, revoked } = readCrl(await readFile(file));
  const iso = (at: number) => new Date(at).toISOString();
  return { file, thisUpdate: iso(thisUpdate), nextUpdate: iso(nextUpdate), revoked: revoked.size };
}
