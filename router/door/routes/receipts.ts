/** What became of a message: its state and receipts, for whoever shows a ticket of its sender, and a receipt from its recipient. */
import { readJti, readJws, readSide, readTicket, readWhole } from '../parameters.ts';
import type { DoorRooms } from '../rooms.ts';
import type { AgencyRoute } from '../route.ts';

export const statusOf = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/berichten/{jti}',
  lane: () => 'other',
  async answer({ peer, headers, params }) {
    const ask = { peer, bewijs: readTicket(headers), bericht: readJti(params['jti']) };
    return { status: 200, body: await inquiries.ask('status', ask) };
  },
});

export const receiptsOf = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/berichten/{jti}/ontvangstbewijzen',
  lane: () => 'other',
  async answer({ peer, headers, params }) {
    const ask = { peer, bewijs: readTicket(headers), bericht: readJti(params['jti']) };
    return { status: 200, body: await inquiries.ask('receipts', ask) };
  },
});

export const historyOf = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'GET',
  path: '/ontvangstbewijzen/{kant}/{sinds}/{na}',
  lane: () => 'other',
  async answer({ peer, headers, params }) {
    const bewijs = readTicket(headers);
    const [sinds, na] = [readWhole('sinds', params['sinds']), readWhole('na', params['na'])];
    const kant = readSide(params['kant']);
    return { status: 200, body: await inquiries.ask('history', { peer, bewijs, kant, sinds, na }) };
  },
});

export const offerReceipt = ({ inquiries }: DoorRooms): AgencyRoute => ({
  method: 'POST',
  path: '/ontvangstbewijzen',
  takes: 'application/secevent+jwt',
  lane: () => 'other',
  async answer({ peer, body }) {
    const ontvangstbewijs = readJws(body);
    return { status: 202, body: await inquiries.ask('receipt', { peer, ontvangstbewijs }) };
  },
});
