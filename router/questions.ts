/**
 * What a door may ask of the pipeline over the bus, and what comes back. `peer` is what the door
 * says of the TLS connection: the pipeline believes it only as far as a signature agrees.
 */
import type {
  Inzending,
  NoteId,
  Oin,
  Ontvangstbewijs,
  Ophaalantwoord,
  Ophaalverzoek,
  State,
  Thumbprint,
  Uitslag,
  Uuid7,
} from '../schemas/generated/wire.ts';
import type { Problem } from '../schemas/problem.ts';
import type { Prio } from './bus/subjects.ts';
import type { Kind } from './mailboxes.ts';
import type { Endpoint } from './push/endpoint.ts';
import type { SealedEvent } from './subscriptions/pull-events.ts';
import type { SubscriptionView } from './subscriptions/show.ts';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** Headers of a `route` request; its data is the compact JWE, its answer an Answer<Inzending>. */
export const ROUTE_HEADERS = {
  peer: 'Ketenpost-Peer',
  prio: 'Ketenpost-Prio',
  trace: 'traceparent',
  /** Set by an operator's redrive. From anybody else it only undoes a restraint of ours. */
  redriven: 'Ketenpost-Herinzending',
} as const;
export type RouteAnswer = Answer<Inzending>;

/** A question about one message. */
export interface AboutMessage {
  readonly peer: Oin;
  /** A collection ticket: whose message it must be. */
  readonly bewijs: string;
  readonly bericht: Uuid7;
}

export interface Questions {
  /** Whose TLS certificate is this (DER in base64)? Refused as not-authenticated unless the register lists it and it is good now. */
  peer: { ask: { readonly der: string }; value: { readonly oin: Oin; readonly naam: string } };
  collect: {
    ask: {
      readonly peer: Oin;
      readonly postbus: Oin;
      readonly verzoek: Ophaalverzoek;
      /** The same poll asks again: what its ticket says was seen, went with the first question. */
      readonly vervolg?: true;
    };
    value: Ophaalantwoord;
  };
  /** Whether the receipt counted; a refusal when it does not. */
  receipt: {
    ask: { readonly peer: Oin; readonly ontvangstbewijs: string };
    value: { readonly jti: Ontvangstbewijs['jti'] };
  };
  /** Of a message of the agency whose ticket (`bewijs`) comes with the question. */
  status: { ask: AboutMessage; value: MessageStatus };
  receipts: {
    ask: AboutMessage;
    value: { readonly ontvangstbewijzen: readonly string[] };
  };
  /**
   * Receipts since a moment: those about the copies of the agency whose ticket it is, or about its messages. For an
   * adapter whose store was restored from an older copy, to find out what it lacks.
   */
  history: {
    ask: {
      readonly peer: Oin;
      readonly bewijs: string;
      readonly kant: HistorySide;
      /** Seconds since 1970. */
      readonly sinds: number;
      /** What `verder` said last; 0 to begin. */
      readonly na: number;
    };
    value: { readonly ontvangstbewijzen: readonly string[]; readonly verder?: number };
  };
  /** What an agency says of a clock of its own, signed. @see wire/klok */
  clock: {
    ask: { readonly peer: Oin; readonly verklaring: string };
    value: { readonly jti: Uuid7 };
  };
  /** What an agency says of a subscription of its own, signed. @see wire/abonnement */
  subscribe: {
    ask: { readonly peer: Oin; readonly verklaring: string };
    value: SubscriptionView;
  };
  /** The subscriptions of the agency whose ticket (`bewijs`) comes with the question. */
  subscriptions: {
    ask: { readonly peer: Oin; readonly bewijs: string };
    value: { readonly abonnementen: readonly SubscriptionView[] };
  };
  subscription: {
    ask: { readonly peer: Oin; readonly bewijs: string; readonly abonnement: Uuid7 };
    value: SubscriptionView;
  };
  /** What lies in that agency's mailbox for one of its subscriptions, looked at and left there. */
  events: {
    ask: {
      readonly peer: Oin;
      readonly bewijs: string;
      readonly abonnement: Uuid7;
      /** What `sequence` of the last event said; absent = from the first that is there. */
      readonly since?: string;
      readonly limit?: number;
    };
    value: { readonly events: readonly SealedEvent[] };
  };
  organisations: {
    ask: { readonly peer: Oin };
    value: { readonly organisaties: readonly Organisation[] };
  };
  /** The entry of the register as the registrar signed it: whoever reads it verifies it. */
  certificates: {
    ask: { readonly peer: Oin; readonly oin: Oin };
    value: { readonly oin: Oin; readonly registratie: string };
  };
  /** To which agencies the router brings what waits for them, and where. */
  endpoints: {
    ask: Readonly<Record<string, never>>;
    value: { readonly bezorgadressen: readonly Endpoint[] };
  };
  /**
   * Takes what waits in one lane of a mailbox whose owner has an endpoint, and brings what the endpoint
   * answered: receipts, and the ticket that says what it has.
   */
  push: {
    ask: {
      readonly postbus: Oin;
      readonly prio: Prio;
      /** 0 takes nothing. */
      readonly maximum: number;
      readonly ontvangstbewijzen?: readonly string[];
      /** A collection ticket: what it says was seen leaves the mailbox. */
      readonly bewijs?: string;
    };
    value: {
      readonly stukken: readonly Piece[];
      /** What became of each receipt, in order. */
      readonly uitslagen: readonly Uitslag[];
      /** What the ticket says was seen. */
      readonly gezien: readonly NoteId[];
      readonly meer: boolean;
    };
  };
  /** The endpoint of this agency said that it is gone. */
  gone: { ask: { readonly postbus: Oin }; value: { readonly gestopt: true } };
}

/** An item of a mailbox, as it is brought. */
export interface Piece {
  readonly soort: Kind;
  readonly afzender: Oin;
  readonly bericht: Uuid7;
  readonly prio: Prio;
  readonly inhoud: string;
  /** Seconds since 1970: the end of a message. */
  readonly exp?: number;
}

/** Which receipts are asked for: about what the peer received, or about what it sent. */
export type HistorySide = 'ontvangen' | 'verzonden';

export interface Organisation {
  readonly oin: Oin;
  readonly naam: string;
  readonly rollen: readonly string[];
  readonly status: 'actief' | 'geschorst';
  readonly certificaten: readonly {
    readonly gebruik: string;
    readonly x5t: Thumbprint;
    readonly geldigTot: string;
  }[];
}

/** Traffic data of one message, for its sender only. */
export interface MessageStatus {
  readonly bericht: Uuid7;
  readonly dig: string;
  readonly staat: State | 'voorgenomen';
  readonly ontvangers: readonly {
    readonly oin: Oin;
    readonly staat: State | 'wacht';
    readonly op?: string;
    readonly code?: string;
  }[];
}
