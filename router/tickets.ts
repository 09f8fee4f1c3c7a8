/**
 * Collection tickets: an agency signs that its mailbox may be read, and that what is its own may be asked,
 * for some minutes, so that a stolen door can do neither. A ticket that was verified is remembered until it ends, because it comes with
 * every poll; its certificate is judged anew each time. One that says what was seen (`gezien`) is made for one poll, and not remembered.
 */
import { LRUCache } from 'lru-cache';
import type { Certificate } from '../certs/certificate.ts';
import { digestOf } from '../certs/digest.ts';
import type { Ophaalbewijs } from '../schemas/generated/wire.ts';
import { type Digest, fromUrn, type NoteId, type Oin, toUrn } from '../schemas/ids.ts';
import { Refusal } from '../schemas/refusal.ts';
import { TYP } from '../schemas/typ.ts';
import { checkWire } from '../schemas/validate.ts';
import { actsFor, proveSigner } from './prove.ts';
import type { Rooms } from './rooms.ts';

interface Ticket {
  readonly claims: Ophaalbewijs;
  readonly certificate: Certificate;
}

interface Opened {
  readonly owner: Oin;
  readonly gezien: readonly NoteId[];
}

export interface Tickets {
  /**
   * Whose messages may be asked about with this ticket: those of the agency that it names as `postbus`.
   * @throws Refusal as check
   */
  owner(asked: { peer: Oin; bewijs: unknown }): Promise<Oin>;
  /**
   * @returns what the ticket says was seen: these may leave the mailbox, each time that it is shown
   * @throws Refusal ticket-invalid, certificate-…, revocation-unknown or not-authorised
   */
  check(asked: { peer: Oin; postbus: Oin; bewijs: string }): Promise<readonly NoteId[]>;
}

/** Seconds. */
const LONGEST = 600;
const AHEAD = 60;

export function openTickets(rooms: Rooms): Tickets {
  const proven = new LRUCache<Digest, Ticket>({ max: 5000 });
  /** @param postbus whose it must be; whomever it names when absent */
  async function open(peer: Oin, bewijs: string, postbus?: Oin): Promise<Opened> {
    const dig = digestOf(bewijs);
    const ticket = proven.get(dig) ?? (await prove(rooms, peer, bewijs));
    const owner = postbus ?? fromUrn(ticket.claims.postbus);
    checkClaims(rooms, ticket.claims, { peer, postbus: owner });
    judge(rooms, ticket);
    const { gezien } = ticket.claims;
    if (gezien === undefined) proven.set(dig, ticket);
    return { owner, gezien: gezien ?? [] };
  }
  return {
    async owner({ peer, bewijs }) {
      if (typeof bewijs !== 'string') throw new Refusal('ticket-invalid', 'there is none');
      return (await open(peer, bewijs)).owner;
    },
    async check({ peer, postbus, bewijs }) {
      return (await open(peer, bewijs, postbus)).gezien;
    },
  };
}

async function prove(rooms: Rooms, peer: Oin, jws: string): Promise<Ticket> {
  const given = { jws, typ: TYP.ticket, peer, at: rooms.clock.now() };
  const { claims, certificate } = await proveSigner(rooms, given);
  return { claims: checkWire('ophaalbewijs', claims), certificate };
}

function checkClaims(
  { clock, identity, registry }: Rooms,
  { iss, aud, postbus, iat, exp }: Ophaalbewijs,
  asked: { peer: Oin; postbus: Oin },
): void {
  const at = clock.now();
  const now = at / 1000;
  const [owner, signer] = [registry.agency(asked.postbus), registry.agency(fromUrn(iss))];
  const good =
    postbus === toUrn(asked.postbus) &&
    aud === toUrn(identity.oin) &&
    owner !== undefined &&
    signer !== undefined &&
    actsFor(registry, signer.oin, owner, at) &&
    actsFor(registry, asked.peer, signer, at);
  if (!good) throw new Refusal('ticket-invalid', 'it is not for this mailbox, peer or router');
  if (iat > now + AHEAD || exp <= now || exp - iat > LONGEST) {
    throw new Refusal('ticket-invalid', 'it has ended, or runs for more than ten minutes');
  }
  // What is meant for a suspended agency waits for it, and its clocks run on.
  if (owner.status !== 'actief') {
    throw new Refusal('not-authorised', 'the agency is suspended', [], 'collect');
  }
}

/** As long as the ticket is used: listed, good at the time of signing, and good now. */
function judge({ clock, registry, trust }: Rooms, { claims, certificate }: Ticket): void {
  const now = clock.now();
  if (registry.certificate(certificate.x5t, 'authenticiteit', now) === undefined) {
    throw new Refusal('certificate-unknown');
  }
  trust.judge(certificate, { use: 'authenticiteit', at: claims.iat * 1000, now });
}
