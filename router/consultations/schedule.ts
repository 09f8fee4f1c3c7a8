import type { Consultation, ConsultationName } from '../consultations.ts';
import type { Deadline } from '../deadlines.ts';
import type { Rooms } from '../rooms.ts';
import { momentsOf, mustBeSummedUp } from './clock.ts';
import { CONSULTATION, keyOfConsultation } from './consultation-key.ts';

/** Sees to it that the deadline of a consultation stands where its record wants it. */
export async function schedule(
  rooms: Rooms,
  name: ConsultationName,
  consultation: Consultation,
): Promise<void> {
  const { deadlines, clock } = rooms;
  const wanted = deadlineOf(name, consultation, clock.now());
  const found = await deadlines.find(wanted.key);
  if (found === undefined) return deadlines.open(wanted);
  if (found.data['ronde'] !== consultation.ronde) return deadlines.move(wanted);
  if (mustBeSummedUp(consultation, clock.now()) && found.due > wanted.due) {
    await deadlines.move({ ...found, due: wanted.due });
  }
}

/** The next moment; what should have been said already is due now. */
function deadlineOf(name: ConsultationName, consultation: Consultation, now: number): Deadline {
  const next = momentsOf(consultation).find((at) => at > now) ?? now;
  return {
    key: keyOfConsultation(name),
    kind: CONSULTATION,
    due: mustBeSummedUp(consultation, now) ? now : next,
    data: { ronde: consultation.ronde, stap: 0 },
  };
}
