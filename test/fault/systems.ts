/**
 * The recipients' own systems. One listens to a webhook, one empties a folder; both write down every
 * hand-over with the key by which they would know a repeat.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenedMessage } from '../../adapters/view.ts';
import { FakeSystem } from '../adapters/fake-system.ts';
import type { Effect } from './count.ts';
import { numberIn } from './reports.ts';

export interface Systems {
  readonly effects: readonly Effect[];
  /** The address to POST to. */
  url(agency: string): string;
  /** What the webhook answers from now on. */
  answer(agency: string, status: number): void;
  close(): Promise<void>;
}

export interface SystemsOptions {
  /** OINs of agencies whose system has a webhook. */
  readonly webhooks: readonly string[];
  /** By OIN: the folder `in/` that the system empties. */
  readonly folders: Readonly<Record<string, string>>;
  /** May change what is written down: only to show that counting can fail. */
  readonly record?: (effect: Effect) => readonly Effect[];
}

const LOOK_MS = 150;

export async function openSystems(options: SystemsOptions): Promise<Systems> {
  const { webhooks, folders, record = (effect) => [effect] } = options;
  const effects: Effect[] = [];
  const write = (agency: string, key: string, { bericht }: OpenedMessage) => {
    const { jti, inhoud } = bericht;
    const at = performance.now();
    effects.push(...record({ agency, key, jti, report: numberIn(inhoud), at }));
  };
  const hooks = new Map<string, FakeSystem>();
  const status = new Map<string, number>();
  for (const agency of webhooks) {
    const hook = await FakeSystem.open();
    hook.answer = ({ headers, body }) => {
      const code = status.get(agency) ?? 200;
      // An alarm is told by the same way, and is no report.
      if (code < 300 && body.bericht !== undefined)
        write(agency, String(headers['idempotency-key']), body);
      hook.calls.length = 0;
      return code;
    };
    hooks.set(agency, hook);
  }
  const timer = setInterval(() => {
    for (const [agency, folder] of Object.entries(folders))
      for (const { name, message } of takeAll(folder)) write(agency, name, message);
  }, LOOK_MS);
  return {
    effects,
    url: (agency) => hooks.get(agency)?.url ?? '',
    answer: (agency, code) => void status.set(agency, code),
    async close() {
      clearInterval(timer);
      await Promise.all([...hooks.values()].map((hook) => hook.close()));
    },
  };
}

/** Takes every whole file away, as the agency's system would. */
function takeAll(folder: string): { name: string; message: OpenedMessage }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^[^.].*\.json$/.test(name));
  return names.flatMap((name) => {
    const file = join(folder, name);
    const message = JSON.parse(readFileSync(file, 'utf8')) as OpenedMessage;
    rmSync(file);
    return message.bericht === undefined ? [] : [{ name, message }];
  });
}
