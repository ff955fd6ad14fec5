// The order matters: elements look for their provider the moment they are defined.
import './provider/cf-provider.ts';
import './review-queue/cf-review-queue.ts';
import './approval-card/cf-approval-card.ts';
import './approval-inbox/cf-approval-inbox.ts';
import './match-review/cf-match-review.ts';
import './reconciliation-board/cf-reconciliation-board.ts';
import './sync-status/cf-sync-status.ts';
import './audit-trail/cf-audit-trail.ts';
import './kpi-strip/cf-kpi-strip.ts';
import './flow-ribbon/cf-flow-ribbon.ts';
