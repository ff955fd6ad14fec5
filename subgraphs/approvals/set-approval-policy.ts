import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { amount, id, text } from '#kernel/input';
import { toWire } from '#kernel/wire-money';
import { refuseWhileFrozen } from './follow-configuration-freeze.ts';

/** Sets the policy of a book; the one before it stays on record. */
export const setApprovalPolicy = command({
  name: 'setApprovalPolicy',
  description:
    'Sets who must approve what in a book. Requests made before keep the policy they were made under.',
  scope: 'approvals:manage',
  input: z.object({
    bookId: id(),
    name: text(),
    automaticUpTo: z
      .array(amount())
      .min(1)
      .meta({ description: 'One amount a currency; up to and including it nobody is asked.' }),
    furtherLevels: z
      .array(z.object({ above: z.array(amount()).min(1) }))
      .max(4)
      .default([])
      .meta({ description: 'Level 2 and up: the amounts above which one more person must approve.' }),
    fourEyes: z.boolean().default(true).meta({
      description:
        'Whether each level needs another person. The submitter never decides, whatever stands here.',
    }),
    dueHours: z
      .int()
      .min(1)
      .max(720)
      .default(48)
      .meta({ description: 'Hours in which a request should be decided.' }),
  }),
  async run(transaction, input) {
    const levels = [{ above: input.automaticUpTo }, ...input.furtherLevels].map(({ above }, index) => ({
      level: index + 1,
      above,
    }));
    refuseFallingLimits(levels);
    await refuseWhileFrozen(transaction, input.bookId);
    await transaction.query(
      'update approvals.approval_policy set active = false where book_id = $1 and active',
      [input.bookId],
    );
    const policyId = newId('pol');
    const stored = levels.map(({ level, above }) => ({
      level,
      above: above.map(toWire),
    }));
    await transaction.insert('approvals.approval_policy', {
      id: policyId,
      book_id: input.bookId,
      name: input.name,
      levels: JSON.stringify(stored),
      four_eyes: input.fourEyes,
      due_hours: input.dueHours,
      active: true,
      created_at: transaction.now,
    });
    transaction.emit({
      type: 'approvalPolicy.changed',
      subjectId: policyId,
      bookId: input.bookId,
      facts: {},
    });
    transaction.audit({
      subjectType: 'ApprovalPolicy',
      subjectId: policyId,
      after: { ...input, levels: stored },
    });
    return { policyId };
  },
});

interface Level {
  readonly level: number;
  readonly above: readonly { readonly minor: bigint; readonly currency: string }[];
}

function refuseFallingLimits(levels: readonly Level[]): void {
  for (const [index, { level, above }] of levels.entries()) {
    const before = levels[index - 1];
    const falling = above.find((limit) =>
      before?.above.some((lower) => lower.currency === limit.currency && lower.minor >= limit.minor),
    );
    if (falling) {
      throw new CrossfootError(
        'FIELD_INVALID',
        `Level ${level} must begin above the amount of level ${level - 1} in ${falling.currency}`,
        { path: ['furtherLevels', String(index - 1)] },
      );
    }
  }
}
