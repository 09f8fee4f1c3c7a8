/**
 * `npm run demo`: a town of real processes, the four flows of the mission, what must fail, and the
 * proof. Ends with tables, and with exit code 0 only when every line is as expected.
 */
import { explain } from '../../explain.ts';
import { knowsSyncInterval } from '../../router/bus/durability.ts';
import { serverVersion } from '../../router/bus/server.ts';
import { EXITS } from '../../schemas/command.ts';
import { paths } from '../town/files.ts';
import { startTown, type Town } from '../town/town.ts';
import { leaveFolder, makeFolder } from './folder.ts';
import { type DemoOptions, HELP, readOptions } from './options.ts';
import { proveIt } from './proofs.ts';
import { tryWhatMustFail } from './refusals.ts';
import { isAsExpected, type Result, show, toReport } from './result.ts';
import { explainStay, stay } from './stay.ts';
import { tellStory } from './story.ts';
import type { Refused, Told } from './told.ts';
import { openVoice, type Voice } from './voice.ts';

const voiceFor = (argv: readonly string[]): Voice => openVoice(argv.includes('--json'));

async function main(argv: readonly string[]): Promise<number> {
  const voice = voiceFor(argv);
  try {
    const options = readOptions(argv);
    if (!options.help) return await run(options, voice);
    voice.terminal.line(HELP);
    return EXITS.ok;
  } catch (error) {
    const { exit, ...failure } = explain(error);
    voice.terminal.failure(failure);
    return EXITS[exit];
  }
}

async function run(options: DemoOptions, voice: Voice): Promise<number> {
  const started = performance.now();
  const told = stopSignal();
  voice.heading('Ketenpost: six agencies, one router, real processes on this machine');
  const town = await build(options, voice, started);
  try {
    const result = await tell(town, voice, options, started);
    show(result, voice);
    voice.terminal.report(options.json ? toReport(result) : { json: undefined });
    if (options.stay && !told.aborted) {
      explainStay(town, voice);
      await stay(town, told);
    }
    return isAsExpected(result) ? EXITS.ok : EXITS.failed;
  } finally {
    voice.busy('stopping');
    await town.stop();
    leaveFolder(town.folder);
    voice.say('all is stopped');
  }
}

async function build(options: DemoOptions, voice: Voice, started: number): Promise<Town> {
  const folder = makeFolder();
  const town = await startTown({
    ...{ folder, keys: options.keys, fresh: true, apart: true },
    progress: voice.busy,
  });
  const kind = options.keys === 'rsa' ? 'RSA-3072' : 'P-256';
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  voice.good(
    `an authority after PKIoverheid G4, ${kind} keys for eight parties, a signed register,`,
  );
  voice.say(`  nats-server ${serverVersion()}, the router and six adapters: ready in ${seconds} s`);
  if (!knowsSyncInterval(serverVersion()))
    voice.say(
      '  (insecure broker: it may lose what a power cut takes, which router.yaml allows here)',
    );
  return town;
}

/** The story as far as it comes: when it breaks off, what was told so far is still shown. */
async function tell(
  town: Town,
  voice: Voice,
  { keys }: DemoOptions,
  started: number,
): Promise<Result> {
  const messages: Told[] = [];
  const refusals: Refused[] = [];
  const proofs: Refused[] = [];
  let broken: string | undefined;
  try {
    messages.push(...(await tellStory(town, voice)));
    refusals.push(...(await tryWhatMustFail(town, voice)));
    proofs.push(...(await proveIt(town, voice)));
  } catch (error) {
    broken = `${explain(error).message} (logs: ${paths(town.folder).log('*')})`;
  }
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { keys, seconds, messages, refusals, proofs, ...(broken !== undefined && { broken }) };
}

/** Ctrl-C asks us to stop; asked twice, we go at once and take everything with us. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  return stop.signal;
}

process.exit(await main(process.argv.slice(2)));
