import { subtract, type Money } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import type { UnmatchedLine } from './matching/model.ts';
import type { ExceptionEvidence } from './triage/evidence.ts';

/** What the matcher saw before it left a line unmatched, as it is kept with the exception. */
export function evidenceOf(amount: Money, left: UnmatchedLine): ExceptionEvidence {
  const { reason, considered = [], relatedLineIds } = left;
  const [nearest] = considered;
  const comparable = reason === 'AMOUNT_DIFFERS' && nearest?.open.currency === amount.currency;
  return {
    ...(comparable ? { difference: toWire(subtract(amount, nearest.open)) } : {}),
    ...(considered.length > 0
      ? {
          candidates: considered.map(({ itemId, label, open, score, reason: why }) => ({
            openItemId: itemId,
            label,
            open: toWire(open),
            score,
            reason: why,
          })),
        }
      : {}),
    ...(relatedLineIds.length > 0 ? { relatedLineIds } : {}),
  };
}
