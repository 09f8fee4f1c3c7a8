/** What somebody needs who wants to try the town: addresses, tokens, and lines to paste. */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { table } from '../../terminal.ts';
import { type AgencyName, SIX } from '../town/agencies.ts';
import { badSample, sample } from '../town/samples.ts';
import type { Town } from '../town/town.ts';
import type { Voice } from './voice.ts';

/** Revocation lists count for four hours: while the town stays, they are written anew. */
const CRL_MS = 30 * 60_000;

export function explainStay(town: Town, voice: Voice): void {
  const { out } = voice.terminal;
  const near = (file: string) => {
    const path = relative(process.cwd(), file);
    return path.startsWith('..') ? file : path;
  };
  voice.heading('The town stays. Ctrl-C stops it.');
  voice.lines(table(['agency', 'local REST API', 'bearer token'], addresses(town, near), out));
  voice.say('');
  voice.say(`door of the router: ${town.url} (mutual TLS; ${town.url}/v1/openapi.json is public)`);
  voice.say(`everything else: ${near(town.folder)}/ (configurations, keys, stores, logs)`);
  const [good, bad, posted] = drafts(town).map(near) as [string, string, string];
  const curl = (name: AgencyName, path: string, more = '') =>
    `curl -sS -H "Authorization: Bearer $(cat ${near(town.paths.token(name))})" ${more}'${town.agencies[name].rest.url}${path}'`;
  const cli = (name: AgencyName, words: string) =>
    `node dist/ketenpost.js ${words} --config ${near(town.paths.adapterYaml(name))}`;
  const post = (file: string) =>
    curl('politie', '/v1/berichten', `-H 'Content-Type: application/json' --data @${file} `);
  const { oin } = town.agencies.politie;
  const id = `$(grep -oE '[0-9a-f-]{36}' ${posted} | head -n 1)`;
  const lines: [string, string][] = [
    [`Send a report of your own (it lies in ${good}):`, `${post(good)} | tee ${posted}`],
    ['See what has come in at Veilig Thuis:', curl('vt', '/v1/postvak')],
    [
      'Open it there: the adapter has verified the sender, and checks the signature once more:',
      curl('vt', `/v1/postvak/${oin}/`, '').replace(/'$/, `'${id}`),
    ],
    [
      'How far it has come, for the police:',
      curl('politie', '/v1/berichten/').replace(/'$/, `'${id}`),
    ],
    ['Send one with faults, and be told each with its JSON Pointer:', post(bad)],
    ['The consultation of the prosecutor, as its desk sees it:', cli('om', 'consult list')],
    ['The clocks of the law that run at Veilig Thuis:', cli('vt', 'terms list')],
    ['Its reports about the same people, and what was said in each case:', cli('vt', 'radar')],
    ['', cli('vt', 'case list')],
    [
      'Prove the ledger:',
      `node dist/ketenpost.js ledger verify --config ${near(town.paths.router)}`,
    ],
  ];
  for (const [what, line] of lines) voice.lines(what === '' ? line : `\n  ${what}\n\n${line}`);
  voice.say('');
}

const addresses = ({ agencies, paths }: Town, near: (file: string) => string): string[][] =>
  SIX.map((name) => [agencies[name].naam, agencies[name].rest.url, near(paths.token(name))]);

/** Writes a good and a bad report beside the town's own files. */
function drafts({ folder }: Town): string[] {
  const draft = { berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', prio: 'spoed' };
  const write = (name: string, inhoud: unknown) => {
    const file = join(folder, name);
    writeFileSync(file, `${JSON.stringify({ ...draft, inhoud }, null, 2)}\n`);
    return file;
  };
  return [
    write('melding.json', sample('vt-melding', 'heusden-spoed')),
    write('melding-met-fouten.json', badSample('vt-melding', 'veel-tegelijk').inhoud),
    join(folder, 'ingediend.json'),
  ];
}

/** Waits until it is told to stop, and keeps the revocation lists fresh meanwhile. */
export async function stay(town: Town, signal: AbortSignal): Promise<void> {
  const timer = setInterval(() => void town.keys.authority.writeCrls(), CRL_MS);
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });
  clearInterval(timer);
}
