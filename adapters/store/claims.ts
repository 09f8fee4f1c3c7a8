/**
 * The claims of a message as it lies in the store. It was verified before it was stored, and the store is
 * sealed: they are only read here. @throws Error when they cannot be
 */
export const claimsIn = (jws: string): unknown =>
  JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
