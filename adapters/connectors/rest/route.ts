/** What a route of the local API is: one record from which both the server and its OpenAPI document are made. */
import type { Rooms } from '../../rooms.ts';

export interface Asked {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Who looks, as the header Ketenpost-Medewerker says. */
  readonly medewerker: string | undefined;
}

export interface Given {
  readonly status: number;
  readonly body: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly schema: object;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As OpenAPI writes it. */
  readonly path: string;
  readonly summary: string;
  readonly query?: readonly Parameter[];
  /** The header Ketenpost-Medewerker is used. */
  readonly named?: boolean;
  /** JSON Schema of the request body. */
  readonly body?: object;
  /** `handle` checks the body itself, together with what would become of it. */
  readonly checksItself?: boolean;
  /** JSON Schema of the good answer. */
  readonly answer: object;
  readonly status: number;
  /** Codes of the problems that this route may answer, besides those of every route. */
  readonly codes: readonly string[];
  handle(rooms: Rooms, asked: Asked): Promise<Given> | Given;
}
