/** Messages by the police that arrive at VT, made by hand so that they may be wrong. */
import { join } from 'node:path';
import type { Agency } from '../../adapters/agency.ts';
import type { AgencyConfig } from '../../adapters/config.ts';
import { digestOf } from '../../certs/digest.ts';
import { type Identity, loadIdentity } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import type { Bericht, Feit } from '../../schemas/generated/wire.ts';
import { newUuid7, toUrn, type Uuid7 } from '../../schemas/ids.ts';
import { RECEIPT_EVENT, TYP } from '../../schemas/typ.ts';
import { AGENCIES } from '../town/agencies.ts';
import { openStand, report, type Stand, until, type Where } from './stand.ts';

const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];

export class Arrivals {
  readonly stand: Stand;
  readonly vt: Agency;
  readonly police: Identity;

  constructor(stand: Stand, vt: Agency, police: Identity) {
    this.stand = stand;
    this.vt = vt;
    this.police = police;
  }

  static async open(): Promise<Arrivals> {
    const stand = await openStand();
    const police = await loadIdentity(stand.keys.identity(POLICE));
    return new Arrivals(stand, await stand.start('vt'), police);
  }

  /**
   * The same, and people at VT: an adapter that also has a local API.
   * @param more of its configuration, given the folder of the stand
   */
  static async openWithPeople(
    more: (folder: string) => Partial<AgencyConfig> = () => ({}),
  ): Promise<{ here: Arrivals; vt: Agency; where: Where }> {
    const here = await Arrivals.open();
    await here.vt.stop();
    const { folder } = here.stand;
    const tokenFile = join(folder, 'token');
    const rest = { host: '127.0.0.1', port: 0, tokenFile };
    const vt = await here.stand.start('vt', { rest, ...more(folder) });
    return { here, vt, where: { url: vt.rest ?? '', tokenFile } };
  }

  claims(more: object = {}): Bericht {
    const now = this.stand.clock.now();
    const iat = Math.floor(now / 1000);
    const { aan: _, ...draft } = report();
    const base = { iss: toUrn(POLICE), jti: newUuid7(now), iat, exp: iat + 86_400, versie: '1.0' };
    return { ...base, conversatie: newUuid7(now), aud: [toUrn(VT)], ...draft, ...more } as Bericht;
  }

  /** Puts a message into the mailbox of VT, as the router would. */
  async arrive(claims = this.claims(), signer = this.police): Promise<{ jti: Uuid7; jws: string }> {
    const { router } = this.stand.door;
    const jws = await sign(claims, TYP.message, signer.signing);
    const about = { claims, jws, dig: digestOf(jws), recipients: [VT] };
    if (!router.records.has(claims.jti)) {
      router.records.set(claims.jti, { ...about, acceptance: '', receipts: [] });
    }
    await router.deliver(jws, VT);
    return { jti: claims.jti, jws };
  }

  /** The facts that VT stated about a message. */
  told(jti: string): Feit[] {
    return this.stand.door.router.given
      .map((one) => one.events[RECEIPT_EVENT])
      .filter((fact) => fact.bericht === jti);
  }

  /** Waits until VT has stated so many facts. @returns the last */
  answer(jti: string, count = 1): Promise<Feit> {
    return until('an answer', () => {
      const facts = this.told(jti);
      return facts.length >= count ? facts.at(-1) : undefined;
    });
  }

  stored(jti: string) {
    return this.vt.rooms.store.inbox.get(POLICE, jti);
  }

  /** How many messages VT has. */
  get count(): number {
    const page = { state: null, type: null, limit: 1000, offset: 0 };
    return this.vt.rooms.store.inbox.list(page).length;
  }
}
