/**
 * Takes up drafts from uit/. A file is taken when its name is finished (not `.tmp`, not hidden) and
 * its size and time have been the same at two looks; writing `name.tmp` and renaming it is surest. It
 * is renamed into a work folder under the id that the message will have, so that a fall at any
 * moment sends it once.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { newUuid7 } from '../../../schemas/ids.ts';
import { toProblem } from '../../../schemas/problem.ts';
import { readObject } from '../../../schemas/read.ts';
import { Refusal } from '../../../schemas/refusal.ts';
import { kindOf } from '../../log.ts';
import { post } from '../../outlet.ts';
import type { Rooms } from '../../rooms.ts';
import { isUnfinished, writeWhole } from '../files.ts';
import type { Places } from './places.ts';

const MOST_BYTES = 4_000_000;
/** In the work folder: the id, two hyphens, the name that the file had. */
const TAKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})--(.+)$/s;

export class TakingUp {
  readonly #rooms: Rooms;
  readonly #places: Places;
  /** What each file looked like last time. */
  #looks = new Map<string, string>();

  constructor(rooms: Rooms, places: Places) {
    this.#rooms = rooms;
    this.#places = places;
  }

  async turn(): Promise<void> {
    this.#takeFinished();
    for (const name of readdirSync(this.#places.work).sort()) {
      await this.#send(name).catch((error) => this.#leave(error));
    }
  }

  /** One file that cannot be moved or read keeps no other back: it stays, and is tried again. */
  #leave(error: unknown): void {
    this.#rooms.log.warn(kindOf(error), 'a file of the folder could not be taken up');
  }

  #takeFinished(): void {
    const { out, work } = this.#places;
    const looks = new Map<string, string>();
    for (const name of readdirSync(out).filter((one) => !isUnfinished(one))) {
      const look = lookAt(join(out, name));
      if (look === undefined) continue;
      if (this.#looks.get(name) !== look) looks.set(name, look);
      else this.#take(join(out, name), join(work, `${newUuid7(this.#rooms.clock.now())}--${name}`));
    }
    this.#looks = looks;
  }

  #take(file: string, taken: string): void {
    try {
      renameSync(file, taken);
    } catch (error) {
      this.#leave(error);
    }
  }

  async #send(taken: string): Promise<void> {
    const [, jti, name] = TAKEN.exec(taken) ?? [];
    if (jti === undefined || name === undefined) return;
    const file = join(this.#places.work, taken);
    try {
      // Stored before a fall, and only the file was left.
      if (this.#rooms.store.outbox.get(jti) === undefined) {
        await post(this.#rooms, { jti, ...readDraft(file) }, name);
      }
      rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#fail(file, name, error);
    }
  }

  /** The problem is written first: a file in fout/ is never without its reason. */
  #fail(file: string, name: string, refusal: Refusal): void {
    const { faulty } = this.#places;
    this.#rooms.log.warn({ code: refusal.code }, 'a file from uit/ could not be sent');
    const problem = JSON.stringify(toProblem(refusal), undefined, 2);
    const free = existsSync(join(faulty, name)) ? basename(file) : name;
    writeWhole(join(faulty, `${free}.problem.json`), `${problem}\n`);
    renameSync(file, join(faulty, free));
  }
}

/** @returns size and time of a file; undefined when it is none, or went away */
function lookAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? `${found.size} ${found.mtimeMs}` : undefined;
}

/** @throws Refusal malformed or too-large */
function readDraft(file: string): Record<string, unknown> {
  if (statSync(file).size > MOST_BYTES) throw new Refusal('too-large');
  return readObject(readFileSync(file));
}
