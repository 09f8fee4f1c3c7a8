/** The endpoints that the register names: where a door may bring what waits for an agency. */
import type { Oin } from '../../schemas/ids.ts';
import { actsFor } from '../prove.ts';
import { type Agency, inForce, type Register } from '../registry.ts';

export interface Endpoint {
  readonly oin: Oin;
  readonly url: string;
  /** The host that `url` names may have an address inside. */
  readonly intern: boolean;
  /** Whose TLS certificate the endpoint may show: the agency's, and those who have its mandate. */
  readonly houders: readonly Oin[];
}

/** An agency to which the router may bring now; what is meant for a suspended one waits for it. */
export const isBroughtTo = (agency: Agency, at: number): boolean =>
  agency.bezorgadres !== undefined && agency.status === 'actief' && inForce(agency, at);

export function endpointsOf(registry: Register, at: number): Endpoint[] {
  return registry.all().flatMap((agency) => {
    const { oin, bezorgadres, mandaten } = agency;
    if (bezorgadres === undefined || !isBroughtTo(agency, at)) return [];
    const houders = [oin, ...mandaten].filter((one) => actsFor(registry, one, agency, at));
    return [{ oin, url: bezorgadres.url, intern: bezorgadres.intern === true, houders }];
  });
}
