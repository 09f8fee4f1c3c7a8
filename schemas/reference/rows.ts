/** What the lists of reference data hold. */

/** A municipality, for as long as it exists in these borders and regions. */
export interface Gemeente {
  /** CBS code without the letters GM. */
  readonly code: string;
  readonly naam: string;
  readonly provincie: string;
  /** CBS code of the Veilig Thuis region: `VT15`. */
  readonly vtRegio: string;
  readonly veiligheidsregio: string;
  readonly politieEenheid: string;
  readonly arrondissement: string;
  readonly parket: string;
  /** First day. */
  readonly van: string;
  /** Last day; absent while it exists. */
  readonly tot?: string;
  /** The codes of the municipalities that took its place. */
  readonly opvolgers?: readonly string[];
}

export interface VtRegion {
  /** CBS code: `VT15`. */
  readonly code: string;
  readonly naam: string;
  /** First day. */
  readonly van: string;
  /** Last day; absent while it exists. */
  readonly tot?: string;
}
