/** Ways that a journey ends or starts over which are neither a refusal nor a fault. */

import type { Accepted, Refused } from './ids.ts';
import type { Proven } from './journey.ts';

/** This very message has its verdict already, and nothing is left to do but to say it again. */
export class Repeat extends Error {
  override readonly name = 'Repeat';
  readonly about: Proven;
  readonly record: Accepted | Refused;
  constructor(about: Proven, record: Accepted | Refused) {
    super('repeat');
    this.about = about;
    this.record = record;
  }
}

/** Another process wrote to the same id in between: start over, and find what it wrote. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** Pipelines died while they worked on this message: no more of them do, until an operator says so. */
export class Deadly extends Error {
  override readonly name = 'Deadly';
  readonly deaths: number;
  constructor(deaths: number) {
    super('deadly');
    this.deaths = deaths;
  }
}
