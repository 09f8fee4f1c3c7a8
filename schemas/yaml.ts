/** One strict reading of YAML that a person wrote: no name twice, and a fault is told by its line. */
import { parseDocument } from 'yaml';

export type YamlReading = { readonly value: unknown } | { readonly fault: string };

/** @returns the value, or what is wrong with the text, without a word of it */
export function readYaml(text: string): YamlReading {
  const document = parseDocument(text, { uniqueKeys: true, logLevel: 'error' });
  const [fault] = document.errors;
  if (fault !== undefined) return { fault: `not YAML (line ${fault.linePos?.[0].line ?? '?'})` };
  try {
    return { value: document.toJS() };
  } catch {
    // An alias of something that is not there, or of so much that it would fill the memory.
    return { fault: 'an alias in it cannot be followed' };
  }
}
