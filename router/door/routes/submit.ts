/** POST /v1/berichten: hands the sealed message to the pipeline when it is this agency's turn. */
import { PRIOS, type Prio } from '../../bus/subjects.ts';
import { ROUTE_HEADERS } from '../../questions.ts';
import { readTrace } from '../headers.ts';
import { decline } from '../problems.ts';
import type { DoorRooms } from '../rooms.ts';
import { type AgencyRoute, type Call, ROOT } from '../route.ts';

export const submit = ({ inquiries, turns }: DoorRooms): AgencyRoute => ({
  method: 'POST',
  path: '/berichten',
  takes: 'application/jose',
  lane: readPrio,
  async answer({ peer, headers, body, gone }) {
    if (body.length === 0) throw decline('malformed');
    const prio = readPrio(headers);
    const trace = readTrace(headers[ROUTE_HEADERS.trace]);
    const route = () => inquiries.route({ peer, prio, data: body, trace });
    const given = await turns[prio].run(peer, route, gone);
    return {
      status: 202,
      body: given,
      headers: { location: `${ROOT}/berichten/${given.bericht}` },
    };
  },
});

/** A hint only: it chooses the queue, and the pipeline holds it against the signed value. */
function readPrio(headers: Call['headers']): Prio {
  const value = headers[ROUTE_HEADERS.prio.toLowerCase()] ?? 'normaal';
  const prio = PRIOS.find((one) => one === value);
  if (prio === undefined) throw decline('bad-request', 'Ketenpost-Prio is spoed or normaal');
  return prio;
}
