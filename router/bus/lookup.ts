/** Looks up one message, by the word of the leader of its stream. */
import { MsgHdrsImpl } from 'nats';
import type { BrokerApi } from './api.ts';
import type { Stored } from './bus.ts';
import { CODE } from './faults.ts';
import { readHeaders } from './headers.ts';
import type { StreamName } from './streams.ts';

interface StoredMessage {
  readonly message: {
    readonly subject: string;
    readonly seq: number;
    readonly hdrs?: string;
    readonly data?: string;
    readonly time: string;
  };
}

/**
 * Asks the leader of the stream and not the nearest replica (direct get): an id record or a
 * receipt must be seen by whoever looks after it was acknowledged, on three servers as on one.
 */
export async function getMessage(
  api: BrokerApi,
  stream: StreamName,
  which: Record<string, unknown>,
): Promise<Stored | null> {
  const found = await api<StoredMessage>(`STREAM.MSG.GET.${stream}`, which, [CODE.noMessage]);
  if (found === null) return null;
  const { subject, seq, hdrs: raw, data = '', time } = found.message;
  const bytes = Buffer.from(data, 'base64');
  const headers = raw && readHeaders(MsgHdrsImpl.decode(Buffer.from(raw, 'base64')));
  return {
    seq,
    subject,
    data: bytes,
    size: bytes.length,
    headers: headers || {},
    at: Date.parse(time),
  };
}
