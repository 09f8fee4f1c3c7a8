/** A JSON Schema document, or a part of one, as data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** An object with exactly these members, all of them required but the optional ones. */
export const closed = (
  description: string,
  properties: Record<string, JsonSchema>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  description,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
export const listOf = (items: JsonSchema, description: string): JsonSchema => ({
  type: 'array',
  description,
  items,
});
export const text = (description: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...more,
});
