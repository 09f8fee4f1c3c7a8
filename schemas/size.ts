/** How large a message may be: one limit, said as the router and as the sender meet it. */

/** The largest sealed submission that the router takes, in bytes. */
export const SUBMISSION_BYTES = 512 * 1024;

/** What the headers, the signature, the wrapped key and the dots take, with room to spare. */
const AROUND = 4096;

/**
 * The largest claims, in bytes of JSON, that are within it once signed and sealed: each of the two
 * writes three bytes in four characters.
 */
export const MESSAGE_BYTES = Math.floor((SUBMISSION_BYTES - AROUND) * (3 / 4) ** 2);
