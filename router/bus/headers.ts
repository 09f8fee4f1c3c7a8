import { headers, type MsgHdrs } from 'nats';

/** What the broker keeps of its own among the headers stays here. */
export const readHeaders = (found: MsgHdrs | undefined): Record<string, string> =>
  Object.fromEntries(
    (found?.keys() ?? [])
      .filter((key) => !key.startsWith('Nats-'))
      .map((key) => [key, found?.get(key) ?? '']),
  );

export function makeHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  const made = headers();
  for (const [key, value] of Object.entries(values)) made.set(key, value);
  return made;
}
