/** A bit that flips on the broker's disk: in a stored copy, and in the ledger. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { AGENCIES } from '../../town/agencies.ts';
import { until } from '../../town/wait.ts';
import { flipBits, streamFolder } from '../bits.ts';
import type { Stage, Story } from '../story.ts';
import { isWhole } from '../tell.ts';

const COPIES = 3;

async function rotMailbox(stage: Stage) {
  const { town, chance } = stage;
  const [vt, broker, router] = [stage.part('vt'), stage.part('broker'), stage.part('router')];
  await vt.stop();
  await stage.run(4);
  await broker.stop();
  const folder = streamFolder(town.paths.broker, 'MAILBOX');
  const flipped = flipBits(folder, `mailbox.v1.${AGENCIES.vt.oin}`, COPIES, chance);
  stage.say(`a bit flipped in ${flipped} stored copies`);
  await broker.start();
  await vt.start();
  await until('the router to say so', () => linesWith(router.log, STORED_AGAIN).length > 0, 60);
  await stage.run(2);
  const [again, refused] = [
    linesWith(router.log, STORED_AGAIN).length,
    linesWith(vt.log, 'a delivery was not taken').length,
  ];
  // As docs/faults.md asks of the operator: nats-server 2.9 may stand still on a damaged block, so the
  // stream is made anew, empty, and the senders offer again what has no receipt of its recipient.
  await broker.stop();
  rmSync(folder, { recursive: true });
  await broker.start();
  await town.ketenpost('broker', 'streams', '--config', town.paths.router);
  stage.healed();
  return {
    moments: `${flipped} stored copies`,
    detected: flipped === COPIES && again > 0,
    remarks: [
      `the router stored ${again} copies again when they were offered again, and said so; ${refused} were refused by the recipient; then MAILBOX was made anew, empty`,
    ],
  };
}

/** What the router logs when a copy that it had accepted is no longer there. */
const STORED_AGAIN = 'a copy that was accepted is stored again';

/** A log is written anew at each start of its process. */
const linesWith = (log: string, text: string): string[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes(text));

const ENTRIES = 2;

/** With the router stopped, as an operator does who verifies after a fall; then the copy is put back. */
async function rotLedger(stage: Stage) {
  const { town, chance } = stage;
  const [router, broker] = [stage.part('router'), stage.part('broker')];
  const folder = streamFolder(town.paths.broker, 'LEDGER');
  await router.stop();
  await broker.stop();
  cpSync(folder, `${folder}.kept`, { recursive: true });
  const flipped = flipBits(folder, 'ledger.v1.aanvaard', ENTRIES, chance);
  await broker.start();
  const detected = flipped > 0 && !(await isWhole(town));
  await broker.stop();
  rmSync(folder, { recursive: true });
  cpSync(`${folder}.kept`, folder, { recursive: true });
  rmSync(`${folder}.kept`, { recursive: true });
  await broker.start();
  await router.start();
  stage.healed();
  const said = detected ? 'said that the ledger was not whole' : 'did NOT see it';
  return {
    moments: `${flipped} entries`,
    detected,
    remarks: [`ledger verify ${said}; the stream was put back from a copy`],
  };
}

export const ROT: readonly Story[] = [
  {
    name: 'rot-mailbox',
    fault: "a bit flipped in the broker's store: copies",
    begin: () => ({ act: rotMailbox }),
  },
  {
    name: 'rot-ledger',
    fault: "a bit flipped in the broker's store: ledger",
    begin: () => ({ act: rotLedger }),
  },
];
