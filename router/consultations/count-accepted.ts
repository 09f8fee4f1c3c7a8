import type { Consultation, ConsultationName } from '../consultations.ts';
import type { Rooms } from '../rooms.ts';

/**
 * A consultation without the questions that were not accepted: a pipeline fell on the way, so that some
 * partner never had it, and the asker was not told that it was asked.
 */
export async function countAccepted(
  { ids }: Rooms,
  { asker }: ConsultationName,
  consultation: Consultation,
): Promise<Consultation> {
  const { vragen, antwoorden } = consultation;
  const verdicts = await Promise.all(
    vragen.map(async ({ bericht }) => (await ids.find(asker, bericht))?.verdict),
  );
  const counted = vragen.filter((_, at) => verdicts[at] === 'accepted');
  const asked = new Set(counted.map(({ bericht }) => bericht));
  return {
    ...consultation,
    vragen: counted,
    antwoorden: antwoorden.filter(({ vraag }) => asked.has(vraag)),
  };
}
