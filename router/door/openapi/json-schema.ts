/** A JSON Schema document, or a part of one, as data. */
export type JsonSchema = { readonly [keyword: string]: unknown };
