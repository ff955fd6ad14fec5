import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';

/** Takes an assignment rule out of force; exceptions keep the owner it gave them. */
export const retireAssignmentRule = command({
  name: 'retireAssignmentRule',
  description: 'Takes an assignment rule out of force; exceptions keep the owner it gave them.',
  scope: 'reconciliation:write',
  input: z.object({ assignmentRuleId: id() }),
  async run(transaction, { assignmentRuleId }) {
    const rule = await transaction.require<{ retired_at: Date | null }>(
      `There is no assignment rule ${assignmentRuleId}`,
      'select retired_at from reconciliation.assignment_rule where id = $1 for update',
      [assignmentRuleId],
    );
    if (rule.retired_at) {
      const message = `The assignment rule ${assignmentRuleId} is retired already`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['assignmentRuleId'] });
    }
    await transaction.query('update reconciliation.assignment_rule set retired_at = $2 where id = $1', [
      assignmentRuleId,
      transaction.now,
    ]);
    transaction.audit({
      subjectType: 'AssignmentRule',
      subjectId: assignmentRuleId,
      before: { retired: false },
      after: { retired: true },
    });
    return { assignmentRuleId };
  },
});
