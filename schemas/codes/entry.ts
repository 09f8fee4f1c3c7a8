/** What the tables of codes hold. */
export type Stage =
  | 'door'
  | 'receive'
  | 'verify'
  | 'validate'
  | 'authorise'
  | 'resolve'
  | 'dispatch'
  | 'receipt'
  | 'collect'
  | 'statement'
  | 'recipient'
  | 'adapter';

export interface CodeEntry {
  readonly stage: Stage;
  readonly status: number;
  readonly retry: boolean;
  /** One sentence: what is wrong. */
  readonly title: string;
  /** One sentence: what to do next. */
  readonly remedy: string;
}

/** One row of the table. */
export const entry = (
  stage: Stage,
  status: number,
  retry: boolean,
  title: string,
  remedy: string,
): CodeEntry => ({ stage, status, retry, title, remedy });
