/**
 * Loaded before a program (`node --import`): shifts its Date by as many milliseconds as stand in a
 * file, which is read again and again, so that a running process sees its clock stepped. The file is
 * named in the address of this module: `shifted-clock.js?file=…`. Timers run on as they do in real
 * steps, for they count on the machine's monotonic clock.
 */
import { readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';

const LOOK_MS = 50;
const file = new URL(import.meta.url).searchParams.get('file');
const Real = globalThis.Date;
let shift = 0;

function look(): void {
  try {
    shift = Number(readFileSync(file ?? '', 'utf8')) || 0;
  } catch {
    shift = 0;
  }
}

const now = (): number => Real.now() + shift;

look();
setInterval(look, LOOK_MS).unref();
globalThis.Date = new Proxy(Real, {
  construct: (target, given: unknown[], as) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, as === target ? target : as),
  apply: () => new Real(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

// Node writes the header Date by a clock of its own, out of reach: it is set before that.
const writeHead = ServerResponse.prototype.writeHead;
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...given: unknown[]) {
  if (!this.headersSent && !this.hasHeader('date'))
    this.setHeader('date', new Date(now()).toUTCString());
  return Reflect.apply(writeHead, this, given);
};
