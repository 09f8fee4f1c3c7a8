/** What an agency says of clocks of its own, signed: the door only passes it on. */
import { readJws } from '../parameters.ts';
import type { DoorRooms } from '../rooms.ts';
import type { AgencyRoute } from '../route.ts';

export const stateClock = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'POST',
  path: '/klokken',
  takes: 'application/jose',
  lane: () => 'other',
  async answer({ peer, body }) {
    const verklaring = readJws(body);
    return { status: 202, body: await inquiries.ask('clock', { peer, verklaring }) };
  },
});
