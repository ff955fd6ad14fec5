import { on, type Handlers } from '#kernel/subgraph';
import { applyBookingRules } from './apply-booking-rules.ts';
import { receiveColleague } from './receive-colleague.ts';

/** A new rule books those of the open lines that it is for; of members, it is kept what they may do. */
export const handlers: Handlers = {
  'bookingRule.accepted': [on(applyBookingRules, ({ bookId }) => (bookId ? { bookId } : undefined))],
  'member.added': [
    on(receiveColleague, ({ subjectId, facts: { roles } }) =>
      roles ? { memberId: subjectId, roles: [...roles] } : undefined,
    ),
  ],
  'member.changed': [
    on(receiveColleague, ({ subjectId, facts: { roles } }) =>
      roles ? { memberId: subjectId, roles: [...roles] } : undefined,
    ),
  ],
};
