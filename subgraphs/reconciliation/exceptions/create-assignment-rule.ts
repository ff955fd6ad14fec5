import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, text } from '#kernel/input';
import { lockBook } from '../lock-book.ts';
import { checkCondition } from '../triage/assignment.ts';
import { deciderOf } from './close-exception.ts';

/** Adds a rule by which new exceptions find who looks after them. */
export const createAssignmentRule = command({
  name: 'createAssignmentRule',
  description:
    'Adds a rule by which new exceptions find their owner; the first rule whose condition holds decides.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    name: text().meta({ description: 'Unique among the rules in force.' }),
    priority: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .meta({ description: 'Rules are asked from the lowest number on; 100 when left out.' }),
    condition: text(2000).meta({
      description:
        'An expression over reason, severity, amount, currency, counterparty, text, account and accountName, such as reason == "RETURNED" && abs(amount) > 1000.',
    }),
    memberId: id().meta({ description: 'Who looks after what the condition holds for.' }),
  }),
  async run(transaction, { bookId, name, priority, condition, memberId }) {
    try {
      checkCondition(condition);
    } catch (error) {
      if (!(error instanceof CrossfootError)) throw error;
      throw new CrossfootError(error.code, error.message, { path: ['condition'], cause: error });
    }
    await lockBook(transaction, bookId);
    const taken = await transaction.maybe(
      'select 1 from reconciliation.assignment_rule where book_id = $1 and name = $2 and retired_at is null',
      [bookId, name],
    );
    if (taken)
      throw new CrossfootError('ALREADY_EXISTS', `A rule named ${name} is in force`, { path: ['name'] });
    const assignmentRuleId = newId('asr');
    await transaction.insert('reconciliation.assignment_rule', {
      id: assignmentRuleId,
      book_id: bookId,
      name,
      priority,
      condition,
      owner_id: memberId,
      created_by: deciderOf(transaction),
      created_at: transaction.now,
    });
    transaction.audit({
      subjectType: 'AssignmentRule',
      subjectId: assignmentRuleId,
      after: { name, priority, condition, memberId },
    });
    return { assignmentRuleId };
  },
});
