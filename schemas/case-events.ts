/** What the router and both ends must agree on of case events. */

/** The message type that every case event is. */
export const CASE_EVENT = 'zaak-gebeurtenis';

/** The event, by its CloudEvents type, by which its source says that a case is closed: the subscriptions to it end. */
export const CASE_CLOSED = 'nl.jeugdketen.zaak-afgesloten.v1';
