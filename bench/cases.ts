/** What is measured: every key profile with every body size and number of recipients. */

/** The key profile of every agency and of the router: RSA-3072 (PS256, RSA-OAEP-256) or P-256 (ES256, ECDH-ES+A256KW). */
export type Profile = 'rsa' | 'ec';
export const PROFILES: readonly Profile[] = ['rsa', 'ec'];

export interface Case {
  /** As typed after `--only`: `rsa-2k-1`. */
  readonly name: string;
  readonly profile: Profile;
  /** Bytes of the body, `inhoud`, as JSON. */
  readonly body: number;
  readonly recipients: number;
}

const BODIES: readonly (readonly [name: string, bytes: number])[] = [
  ['2k', 2048],
  ['20k', 20480],
];
const RECIPIENTS = [1, 3] as const;

export const CASES: readonly Case[] = PROFILES.flatMap((profile) =>
  BODIES.flatMap(([size, body]) =>
    RECIPIENTS.map((recipients) => ({
      name: `${profile}-${size}-${recipients}`,
      ...{ profile, body, recipients },
    })),
  ),
);
