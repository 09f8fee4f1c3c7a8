/** What the verdict on a certificate rested on, in bytes that can be kept and read again by anybody. */
export interface Grounds {
  /** The certificates above the signer's, up to the root, in DER. */
  readonly issuers: readonly Buffer[];
  /** The revocation list of each of these, in DER. */
  readonly lists: readonly Buffer[];
  /** The signer's entry in the register, as the registrar signed it. */
  readonly entry?: string;
  /** The certificate of the registrar that signed it, in DER. */
  readonly registrar?: Buffer;
}
