/** `ketenpost broker …`: settings and credentials of the nats-servers, and servers that run on them. */
import type { Command } from '../../schemas/command.ts';
import { check } from './broker/check.ts';
import { config } from './broker/config.ts';
import { run } from './broker/run.ts';
import { streams } from './broker/streams.ts';

export const commands: readonly Command[] = [config, run, streams, check];
