/** What each signed thing calls itself (`typ` of a JWS, RFC 8725 §3.11), so that none passes for another. */
export const TYP = {
  message: 'ketenpost-bericht+jwt',
  routeNote: 'ketenpost-routenota+jwt',
  receipt: 'secevent+jwt',
  checkpoint: 'ketenpost-waarmerk+jwt',
  ticket: 'ketenpost-ophaalbewijs+jwt',
  alarm: 'ketenpost-alarm+jwt',
  reminder: 'ketenpost-herinnering+jwt',
  summary: 'ketenpost-samenvatting+jwt',
  clock: 'ketenpost-klok+jwt',
  subscription: 'ketenpost-abonnement+jwt',
  destruction: 'ketenpost-vernietiging+jwt',
  registration: 'ketenpost-registratie+jwt',
  manifest: 'ketenpost-register+jwt',
} as const;

/** What each sealed thing holds (`cty` of a JWE). */
export const CTY = {
  submission: 'ketenpost-bericht+jwt',
  delivery: 'ketenpost-aflevering+json',
} as const;

/** The name of the fact inside a receipt (RFC 8417 §2.2, `events`). */
export const RECEIPT_EVENT = 'urn:nl:ketenpost:ontvangstbewijs:v1';
