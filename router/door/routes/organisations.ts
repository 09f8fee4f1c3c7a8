/** Who takes part, and the signed register entry from which a certificate is taken. */
import { readOin } from '../parameters.ts';
import type { DoorRooms } from '../rooms.ts';
import type { AgencyRoute } from '../route.ts';

export const listOrganisations = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/organisaties',
  lane: () => 'other',
  answer: async ({ peer }) => ({
    status: 200,
    body: await inquiries.ask('organisations', { peer }),
  }),
});

export const certificatesOf = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/organisaties/{oin}/certificaten',
  lane: () => 'other',
  async answer({ peer, params }) {
    const oin = readOin(params['oin']);
    return { status: 200, body: await inquiries.ask('certificates', { peer, oin }) };
  },
});
