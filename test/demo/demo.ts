import { mkdtempSync } from 'node:fs';
import { startTown } from '../town/town.ts';
import { tryWhatMustFail } from './refusals.ts';
import { tellStory } from './story.ts';
import { openVoice } from './voice.ts';

const voice = openVoice(false);
const t = performance.now();
const town = await startTown({
  folder: mkdtempSync('/tmp/kp-demo-'),
  keys: process.argv[2] as 'rsa',
  progress: voice.busy,
});
voice.good(`town ${(performance.now() - t).toFixed(0)} ms ${town.folder}`);
try {
  console.log(await tellStory(town, voice));
  console.log(await tryWhatMustFail(town, voice));
} finally {
  await town.stop();
}
