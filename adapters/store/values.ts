/** What goes into the database and comes out of it, made safe both ways for the binding. */

export type Value = string | number | null | Uint8Array;
export type Params = Readonly<Record<string, Value>>;

/** The binding ends the process on a value it does not know (a boolean), so none may get there. */
export function checked(params: Params): Params {
  for (const name of Object.keys(params)) {
    const value = params[name];
    const known =
      value === null || ['string', 'number'].includes(typeof value) || value instanceof Uint8Array;
    if (!known) throw new TypeError(`parameter ${name} cannot be stored`);
  }
  return params;
}

/** The binding gives blobs as Buffer or ArrayBuffer, and adds its own timing to a row, which is ours to change. */
export function clean<Row>(row: unknown): Row | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const values = row as Record<string, unknown>;
  delete values['_metadata'];
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value instanceof ArrayBuffer) values[name] = Buffer.from(value);
  }
  return values as Row;
}
