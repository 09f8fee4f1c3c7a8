/** What one agency may ask at the same time and in a second, by lane. */
import type { Lane, Metrics } from '../metrics.ts';
import { type Budget, newBudget, newPlaces, type Places } from './budget.ts';
import { decline } from './problems.ts';
import type { DoorLimits } from './settings.ts';

export interface Limits {
  /**
   * Lets one request in.
   * @returns what must be called when it has been answered
   * @throws Declined too-many-requests
   */
  admit(agency: string, lane: Lane): () => void;
}

interface Gate {
  readonly budget: Budget;
  readonly places: Places;
}

export function openLimits(limits: DoorLimits, metrics: Metrics): Limits {
  const gates: Record<Lane, Gate> = {
    spoed: {
      budget: newBudget(limits.urgent),
      places: newPlaces(limits.submissionsPerAgency),
    },
    normaal: {
      budget: newBudget(limits.normal),
      places: newPlaces(limits.submissionsPerAgency),
    },
    poll: { budget: newBudget(limits.other), places: newPlaces(limits.pollsPerAgency) },
    other: { budget: newBudget(limits.other), places: newPlaces(limits.submissionsPerAgency) },
  };
  function refuse(lane: Lane, seconds: number): never {
    metrics.countLimited(lane);
    throw decline('too-many-requests', undefined, { 'retry-after': String(seconds) });
  }
  return {
    admit(agency, lane) {
      const { budget, places } = gates[lane];
      const leave = places.take(agency);
      if (leave === undefined) refuse(lane, 1);
      const wait = budget.spend(agency);
      if (wait > 0) {
        leave();
        refuse(lane, wait);
      }
      metrics.moveRequests(lane, 1);
      return () => {
        leave();
        metrics.moveRequests(lane, -1);
      };
    },
  };
}
