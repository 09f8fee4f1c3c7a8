/** Every fault, in the order in which they are told. */

import { PAUSED } from './stories/broker.ts';
import { CLOCKS } from './stories/clocks.ts';
import { CONSULTATION } from './stories/consultation.ts';
import { CRL } from './stories/crl.ts';
import { DISKS } from './stories/disks.ts';
import { KILLS } from './stories/kills.ts';
import { LINES } from './stories/lines.ts';
import { RESTORE } from './stories/restore.ts';
import { ROT } from './stories/rot.ts';
import { TWINS } from './stories/twins.ts';
import type { Story } from './story.ts';

export const STORIES: readonly Story[] = [
  ...KILLS,
  PAUSED,
  ...LINES,
  ...DISKS,
  ...CLOCKS,
  CRL,
  ...RESTORE,
  TWINS,
  CONSULTATION,
  ...ROT,
];
