/**
 * Our collection ticket: signed by us, it lets whoever shows it ask for what is ours for some minutes, so
 * that the router gives it to nobody else. One serves for all questions until it is renewed; what we
 * have stored is said in one of its own, because whoever shows that can have it removed, and nothing else.
 */

import type { Identity } from '../certs/keystore.ts';
import { sign } from '../certs/sign.ts';
import { type Clock, seconds } from '../schemas/clock.ts';
import type { Ophaalbewijs } from '../schemas/generated/wire.ts';
import { type NoteId, newUuid7, type Oin, toUrn } from '../schemas/ids.ts';
import { TYP } from '../schemas/typ.ts';

/** A ticket is valid for nine minutes and renewed after five. */
const TICKET_S = 540;
const RENEW_S = 300;

export interface Ticket {
  /** One that is good for some minutes yet: compact JWS. */
  fresh(): Promise<string>;
  /** One for a single poll, that lets these leave our mailbox: 100 at most, none of them twice. */
  withSeen(notes: readonly NoteId[]): Promise<string>;
  /** The router did not take it: the next one is made anew. */
  forget(): void;
}

interface Owner {
  readonly oin: Oin;
  readonly router: Oin;
  readonly clock: Clock;
  readonly identity: Identity;
}

export function openTicket(of: Owner): Ticket {
  let known: { readonly jws: string; readonly renewAt: number } | undefined;
  return {
    async fresh() {
      const iat = seconds(of.clock);
      // A clock that was put back makes the ticket one from the future: it is renewed, too.
      if (known !== undefined && iat < known.renewAt && iat >= known.renewAt - RENEW_S)
        return known.jws;
      const jws = await make(of, iat);
      known = { jws, renewAt: iat + RENEW_S };
      return jws;
    },
    withSeen: (notes) => make(of, seconds(of.clock), { gezien: [...notes] }),
    forget() {
      known = undefined;
    },
  };
}

function make(
  { oin, router, clock, identity }: Owner,
  iat: number,
  more: Pick<Ophaalbewijs, 'gezien'> = {},
): Promise<string> {
  const me = toUrn(oin);
  const claims: Ophaalbewijs = {
    iss: me,
    aud: toUrn(router),
    postbus: me,
    jti: newUuid7(clock.now()),
    iat,
    exp: iat + TICKET_S,
    ...more,
  };
  return sign(claims, TYP.ticket, identity.signing);
}
