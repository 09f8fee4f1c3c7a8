/** One POST to a system of the agency, and what its answer means for us. What it says beside the status is neither kept nor shown. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { retryAfter } from '../../answer.ts';
import { kindOf } from '../../log.ts';
import type { Rooms } from '../../rooms.ts';

export interface WebhookConfig {
  readonly url: string;
  /** Where alarms go; `url` when absent. */
  readonly alarmUrl?: string;
  readonly timeoutSeconds: number;
  /** Sent as bearer token. */
  readonly tokenFile?: string;
  /** PEM of the issuer of the system's certificate, when it is not a public one. */
  readonly caFile?: string;
}

/** What became of one attempt. */
export type Outcome =
  | { readonly kind: 'taken'; readonly status: number }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'later'; readonly status: number | null; readonly afterMs: number };

export interface Call {
  readonly url: string;
  readonly type: string;
  /** The same for every repeat of the same call. */
  readonly idempotencyKey: string;
  readonly body: unknown;
}

export class Caller {
  readonly #rooms: Pick<Rooms, 'clock' | 'log'>;
  readonly #timeoutMs: number;
  readonly #agent: Agent;
  readonly #token: string | undefined;

  constructor(
    rooms: Pick<Rooms, 'clock' | 'log'>,
    { timeoutSeconds, tokenFile, caFile }: WebhookConfig,
    connections: number,
  ) {
    this.#rooms = rooms;
    this.#timeoutMs = timeoutSeconds * 1000;
    this.#token = tokenFile && readFileSync(tokenFile, 'utf8').trim();
    const ca = caFile && readFileSync(caFile, 'utf8');
    this.#agent = new Agent({ connections, ...(ca && { connect: { ca } }) });
  }

  async post({ url, type, idempotencyKey, body }: Call): Promise<Outcome> {
    try {
      const response = await request(url, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          'content-type': type,
          'idempotency-key': idempotencyKey,
          ...(this.#token && { authorization: `Bearer ${this.#token}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      await response.body.dump({ limit: 65_536 });
      return judge(response.statusCode, retryAfter(response.headers, this.#rooms.clock.now()));
    } catch (error) {
      this.#rooms.log.info(kindOf(error), 'the webhook could not be reached');
      return { kind: 'later', status: null, afterMs: 0 };
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** A redirect is not followed: personal data goes to the configured address and nowhere else. */
function judge(status: number, afterMs: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'taken', status };
  const mayPass = status === 408 || status === 425 || status === 429 || status >= 500;
  return mayPass ? { kind: 'later', status, afterMs } : { kind: 'refused', status };
}
