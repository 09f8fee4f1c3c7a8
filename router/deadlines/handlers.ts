/** What is done when a deadline of each kind has come. */
import { CONSULTATION } from '../consultations/consultation-key.ts';
import { keepConsultation } from '../consultations/keep-consultation.ts';
import type { Rooms } from '../rooms.ts';
import { keepSubscription } from '../subscriptions/keep-subscription.ts';
import { SUBSCRIPTION } from '../subscriptions/subscription-key.ts';
import { CLOCK } from '../terms/clock-key.ts';
import { keepClock } from '../terms/keep-clock.ts';
import type { Handlers } from './keeper.ts';
import { keepMessageDeadline } from './message.ts';
import { MESSAGE } from './message-key.ts';

export const openHandlers = (rooms: Rooms): Handlers => ({
  [MESSAGE]: (deadline) => keepMessageDeadline(rooms, deadline),
  [SUBSCRIPTION]: (deadline) => keepSubscription(rooms, deadline),
  [CLOCK]: (deadline) => keepClock(rooms, deadline),
  [CONSULTATION]: (deadline) => keepConsultation(rooms, deadline),
});
