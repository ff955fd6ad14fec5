import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import { createAssignmentRule } from './create-assignment-rule.ts';
import * as load from './loaders.ts';
import { retireAssignmentRule } from './retire-assignment-rule.ts';
import { AssignmentRuleType, ExceptionPolicyType } from './schema-policy.ts';
import { setExceptionPolicy } from './set-exception-policy.ts';
import { setKnowledgeNote } from './set-knowledge-note.ts';

const views = ['partner', 'portal'] as const;

const assignmentRulePayload = {
  assignmentRule: {
    type: AssignmentRuleType,
    description: 'The rule.',
    resolve: ({ assignmentRuleId }: { assignmentRuleId: string }, context: Context) =>
      load.assignmentRuleById(context).load(assignmentRuleId),
  },
};

mutation(graph, { ...createAssignmentRule, views }, assignmentRulePayload);
mutation(graph, { ...retireAssignmentRule, views }, assignmentRulePayload);
mutation(
  graph,
  { ...setExceptionPolicy, views },
  {
    exceptionPolicy: {
      type: ExceptionPolicyType,
      description: 'The policy as it is now.',
      resolve: ({ bookId }, context) => load.policyByBook(context).load(bookId),
    },
  },
);
mutation(
  graph,
  { ...setKnowledgeNote, views },
  {
    note: {
      type: 'String',
      description: 'What the book knows now; nothing when it was removed.',
      resolve: async ({ bookId, reason }, context) => {
        const notes = await load.notesByBook(context).load(bookId);
        return notes.find((one) => one.reason === reason)?.note ?? null;
      },
    },
  },
);
