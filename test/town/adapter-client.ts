/** An agency's own system, as the adapter knows it: plain JSON over the local REST API. */
import type { Problem } from '../../schemas/problem.ts';

export interface ToSend {
  readonly berichttype: string;
  readonly grondslag: string;
  readonly inhoud: unknown;
  readonly versie?: string;
  readonly aan?: readonly string[];
  readonly prio?: 'spoed' | 'normaal';
  readonly zaak?: string;
  readonly conversatie?: string;
  readonly verwijst?: string;
  readonly vervangt?: string;
  readonly trektIn?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The adapter said no: what it said, as problem details. */
export class ProblemAnswer extends Error {
  override readonly name = 'ProblemAnswer';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

export interface AdapterClient {
  readonly url: string;
  /** Any request; the answer as it came. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** @throws ProblemAnswer when the answer is not 2xx */
  get<T>(path: string): Promise<T>;
  /** @throws ProblemAnswer when the answer is not 2xx */
  post<T>(path: string, body: unknown): Promise<T>;
}

export function adapterClient(url: string, token: string): AdapterClient {
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const good = async <T>(answer: Promise<Answer>): Promise<T> => {
    const { status, body } = await answer;
    if (status >= 300) throw new ProblemAnswer(body as Problem);
    return body as T;
  };
  return {
    url,
    call,
    get: (path) => good(call('GET', path)),
    post: (path, body) => good(call('POST', path, body)),
  };
}
