/** What counts as an answer to a consultation; the router goes by the same. */
export const ANSWERS: ReadonlySet<string> = new Set([
  'uitslag-check-op-bekendheid',
  'uitkomst-casusinformatie',
]);
