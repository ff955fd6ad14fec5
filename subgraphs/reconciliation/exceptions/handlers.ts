import { on, type Handlers } from '#kernel/subgraph';
import { applyBookingRules } from './apply-booking-rules.ts';

/** What a new rule leads to: it books those of the open lines that it is for. */
export const handlers: Handlers = {
  'bookingRule.accepted': [on(applyBookingRules, ({ bookId }) => (bookId ? { bookId } : undefined))],
};
