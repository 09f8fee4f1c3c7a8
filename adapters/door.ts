/**
 * What an adapter asks of the router's door, over HTTPS with mutual TLS. Nothing that comes back is
 * believed here beyond its shape: what counts is signed, and verified by who uses it.
 */
import type { Dispatcher } from 'undici';
import type { Clock } from '../schemas/clock.ts';
import type { Inzending, Ophaalantwoord, Ophaalverzoek } from '../schemas/generated/wire.ts';
import type { Oin } from '../schemas/ids.ts';
import type { Problem } from '../schemas/problem.ts';
import { Refusal } from '../schemas/refusal.ts';
import { checkWire } from '../schemas/validate.ts';
import {
  type History,
  heard,
  parseAnswer,
  type RouterStatus,
  readHistory,
  readProblem,
  readStatus,
  readText,
  retryAfter,
  strings,
} from './answer.ts';
import { Line, type LineConfig } from './door/line.ts';
import type { Prio } from './store/outbox.ts';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem; readonly retryAfterMs: number };

export type HistorySide = 'ontvangen' | 'verzonden';

/** A place in what the router remembers: receipts since a moment (seconds). */
export interface HistoryPlace {
  readonly side: HistorySide;
  readonly since: number;
  /** What `verder` said last; 0 to begin. */
  readonly after: number;
}

export interface DoorConfig extends LineConfig {
  readonly clock: Clock;
}

/** The router knows no such agency. An entry that is not believed is another matter, though its code is the same. */
export class NotListed extends Refusal {
  constructor() {
    super('certificate-unknown');
  }
}

const SMALL = 2_000_000;
const LARGE = 64_000_000;
const TIMEOUT = 20_000;

type Read<T> = (value: unknown) => T;

/** What is ours to know is given to whoever shows a ticket of ours (ticket.ts). */
const showing = (ticket: string) => ({ headers: { authorization: `Bearer ${ticket}` } });

export class Door {
  readonly #clock: Clock;
  readonly #line: Line;
  #skew = 0;
  #last: { readonly theirs: number; readonly at: number } | undefined;

  constructor({ clock, ...line }: DoorConfig) {
    this.#clock = clock;
    this.#line = new Line(line);
  }

  /** Shows another certificate from now on. What is under way on open connections ends there. */
  renew(tls: DoorConfig['tls']): void {
    this.#line.renew(tls);
  }

  /** How far the router's clock is ahead of ours, in milliseconds, as its last answer told. */
  get skew(): number {
    return this.#skew;
  }

  /**
   * What time the router has it, in milliseconds since 1970, by our clock and by the time that went
   * by since its last answer: the two differ when our clock was stepped. None before its first answer.
   */
  get times(): readonly number[] {
    const last = this.#last;
    if (last === undefined) return [];
    return [this.#clock.now() + this.#skew, last.theirs + performance.now() - last.at];
  }

  submit(jwe: string, prio: Prio): Promise<Answer<Inzending>> {
    const headers = { 'content-type': 'application/jose', 'ketenpost-prio': prio };
    return this.#ask('POST', '/v1/berichten', (value) => checkWire('inzending', value), {
      headers,
      body: jwe,
    });
  }

  collect(
    mailbox: Oin,
    asked: Ophaalverzoek,
    signal: AbortSignal,
  ): Promise<Answer<Ophaalantwoord> & { readonly bytes: number }> {
    const headers = { 'content-type': 'application/json' };
    const timeout = TIMEOUT + (asked.wachten ?? 0) * 1000;
    return this.#ask(
      'POST',
      `/v1/postbus/${mailbox}/_ophalen`,
      (value) => checkWire('ophaalantwoord', value),
      { headers, body: JSON.stringify(asked), signal, headersTimeout: timeout },
      LARGE,
    );
  }

  /** Gives the router what we signed: a receipt outside a poll, or a word about a clock of ours. */
  give(path: string, type: string, jws: string): Promise<Answer<unknown>> {
    const headers = { 'content-type': type };
    return this.#ask('POST', path, (value) => value, { headers, body: jws });
  }

  /** Where the router says that a message of ours stands: nobody signed it. */
  status(jti: string, ticket: string): Promise<Answer<RouterStatus>> {
    return this.#ask('GET', `/v1/berichten/${jti}`, readStatus, showing(ticket));
  }

  /** The receipts that the router still has about a message of ours. */
  receipts(jti: string, ticket: string): Promise<Answer<string[]>> {
    const path = `/v1/berichten/${jti}/ontvangstbewijzen`;
    return this.#ask('GET', path, (value) => strings(value, 'ontvangstbewijzen'), showing(ticket));
  }

  /** Receipts since a moment, about what we received or what we sent. */
  history({ side, since, after }: HistoryPlace, ticket: string): Promise<Answer<History>> {
    const path = `/v1/ontvangstbewijzen/${side}/${since}/${after}`;
    return this.#ask('GET', path, readHistory, showing(ticket));
  }

  /** The entry of an agency in the register, as the registrar signed it. @throws NotListed */
  async registration(oin: Oin): Promise<string> {
    const answer = await this.#ask('GET', `/v1/organisaties/${oin}/certificaten`, (value) => {
      const { registratie } = Object(value) as { registratie?: unknown };
      if (typeof registratie === 'string') return registratie;
      throw new Refusal('malformed', 'the answer holds no entry of the register');
    });
    if (answer.ok) return answer.value;
    if (answer.problem.code === 'not-found') throw new NotListed();
    throw new Refusal('temporarily-unavailable');
  }

  /** What is ours to know of our subscriptions. @param ticket that says that it is us who ask */
  subscriptions<T>(path: string, ticket: string, read: Read<T>): Promise<Answer<T>> {
    return this.#ask('GET', `/v1/subscriptions${path}`, read, showing(ticket), LARGE);
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  async #ask<T>(
    method: Dispatcher.HttpMethod,
    path: string,
    read: Read<T>,
    options: Partial<Dispatcher.RequestOptions> = {},
    most = SMALL,
  ): Promise<Answer<T> & { readonly bytes: number }> {
    const { response, text } = await heard(
      this.#line.request(method, path, options).then(async (given) => {
        this.#compareClocks(given.headers['date']);
        return { response: given, text: await readText(given.body, most) };
      }),
    );
    const good = response.statusCode >= 200 && response.statusCode < 300;
    if (good) return { ok: true, value: read(parseAnswer(text)), bytes: text.length };
    const problem = readProblem(response.statusCode, text);
    return {
      ok: false,
      problem,
      retryAfterMs: retryAfter(response.headers, this.#clock.now()),
      bytes: text.length,
    };
  }

  #compareClocks(date: string | string[] | undefined): void {
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (!Number.isFinite(theirs)) return;
    this.#skew = theirs - this.#clock.now();
    this.#last = { theirs, at: performance.now() };
  }
}
