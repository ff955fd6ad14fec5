import type { FilterQuery } from '@mikro-orm/core';
import type { Context } from '#kernel/context';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { mutation } from '#kernel/graphql-command';
import { liveField } from '#kernel/graphql-live';
import { entity, enumeration, extension, personal, record, stub, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { decideApproval } from './decide-approval.ts';
import {
  ApprovalPolicyEntity,
  ApprovalRequestEntity,
  type ApprovalDecision,
  type ApprovalPolicy,
  type ApprovalRequest,
} from './entities.ts';
import { graph } from './graph.ts';
import * as load from './loaders.ts';
import { levelOf } from './policy-in-force.ts';
import type { PolicyLevel } from './policy-rule.ts';
import { setApprovalPolicy } from './set-approval-policy.ts';
import { blockedReason } from './viewer-decision.ts';

const { builder } = graph;
const scope = 'approvals:read';

const BookType = stub(graph, 'Book');
const MemberType = stub(graph, 'Member');

const ApprovalStatusType = enumeration(graph, 'ApprovalStatus', {
  description: 'Where a request stands.',
  values: {
    PENDING: 'Somebody must decide.',
    APPROVED: 'Every level approved.',
    REJECTED: 'Somebody said no, and why.',
    AUTO_APPROVED: 'Within the amount the policy approves by itself.',
    CANCELLED: 'The draft was given up before a decision.',
  },
});

const ApprovalVerdictType = enumeration(graph, 'ApprovalVerdict', {
  description: 'What a person decides.',
  values: { APPROVE: 'Yes.', REJECT: 'No; needs a comment.' },
});

const ApprovalLevelType: TypeRef<PolicyLevel> = record<PolicyLevel>(graph, 'ApprovalLevel', {
  description: 'A level of a policy.',
  scope,
  views: ['portal'],
  fields: (t) => ({
    level: t.exposeInt('level', { description: '1 decides first.' }),
    above: t.field({
      type: [graph.money],
      description: 'The amounts, one a currency, above which this level must approve.',
      resolve: (level) => [...level.above],
    }),
  }),
});

const ApprovalPolicyType: TypeRef<ApprovalPolicy> = entity<ApprovalPolicy>(graph, 'ApprovalPolicy', {
  description: 'Who must approve what in a book.',
  scope,
  views: ['portal'],
  load: (id, context) => load.policyById(context).load(id),
  fields: (t) => ({
    book: t.field({
      type: BookType,
      nullable: true,
      description: 'Its book.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    levels: t.field({
      type: [ApprovalLevelType],
      description: 'Its levels, first to last.',
      resolve: (row) => row.levels.map(levelOf),
    }),
    fourEyes: t.exposeBoolean('fourEyes', { description: 'Whether each level needs another person.' }),
    dueHours: t.exposeInt('dueHours', { description: 'Hours in which a request should be decided.' }),
    active: t.exposeBoolean('active', { description: 'Whether new requests follow it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was set.' }),
  }),
});

const ApprovalDecisionType: TypeRef<ApprovalDecision> = record<ApprovalDecision>(graph, 'ApprovalDecision', {
  description: 'What one person decided at one level.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    level: t.exposeInt('level', { description: 'The level.' }),
    verdict: t.field({
      type: ApprovalVerdictType,
      description: 'What was decided.',
      resolve: (row) => row.verdict as 'APPROVE',
    }),
    comment: t.exposeString('comment', { nullable: true, description: 'What the person said.' }),
    version: t.exposeInt('version', { description: 'The version of the request it was decided on.' }),
    decidedBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'Who decided.',
      resolve: (row) => ({ id: row.memberId }),
    }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When.' }),
  }),
});

/** Whether and why not the viewer may decide. */
async function viewerBlocked(row: ApprovalRequest, context: Context): Promise<string | undefined> {
  const decisions = await load.decisionsByRequest(context).load(row.id);
  const deciders = decisions.filter((one) => one.version === row.version).map((one) => one.memberId);
  return blockedReason(context.actor, { ...row, deciders });
}

const ApprovalRequestType: TypeRef<ApprovalRequest> = entity<ApprovalRequest>(graph, 'ApprovalRequest', {
  description: 'The question whether a draft may be posted.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.requestById(context).load(id),
  fields: (t) => ({
    book: t.field({
      type: BookType,
      nullable: true,
      description: 'Its book.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    status: t.field({
      type: ApprovalStatusType,
      description: 'Where it stands.',
      resolve: (row) => row.status as 'PENDING',
    }),
    draft: t.field({
      type: DraftType,
      nullable: true,
      description: 'What would be posted.',
      resolve: (row) => ({ id: row.draftId }),
    }),
    total: t.field({
      type: graph.money,
      description: 'The amount in question.',
      resolve: (row) => money(row.totalMinor, row.totalCurrency),
    }),
    summary: t.exposeString('summary', { description: 'What it is about, in a line.' }),
    submittedBy: t.field({
      type: MemberType,
      nullable: true,
      description: 'Who handed the document in; nobody for what came by machine.',
      resolve: (row) => (row.submittedBy ? { id: row.submittedBy } : null),
    }),
    level: t.exposeInt('level', { description: 'The level that decides next; 0 when none is needed.' }),
    levels: t.exposeInt('levels', { description: 'How many levels must approve.' }),
    reason: t.exposeString('reason', { description: 'Why it needs approval, or why not.' }),
    version: t.exposeInt('version', { description: 'Counts changes; give it with the decision.' }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked.' }),
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'When it should be decided.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    decisions: t.field({
      type: [ApprovalDecisionType],
      description: 'What was decided so far, first to last.',
      resolve: (row, _args, context) => load.decisionsByRequest(context).load(row.id),
    }),
    policy: t.field({
      type: ApprovalPolicyType,
      views: ['portal'],
      nullable: true,
      description: 'The policy it follows; none where no policy was set.',
      resolve: (row, _args, context) => (row.policyId ? load.policyById(context).load(row.policyId) : null),
    }),
    viewerCanDecide: t.boolean({
      description: 'Whether you may decide it now.',
      tag: personal,
      resolve: async (row, _args, context) => (await viewerBlocked(row, context)) === undefined,
    }),
    viewerBlockedReason: t.string({
      nullable: true,
      description: 'Why you may not, in a sentence.',
      tag: personal,
      resolve: async (row, _args, context) => (await viewerBlocked(row, context)) ?? null,
    }),
  }),
});

const DraftType = extension(graph, 'Draft', {
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    approvalRequest: t.field({
      type: ApprovalRequestType,
      nullable: true,
      description: 'The approval it waits for or got.',
      resolve: (draft, _args, context) => load.requestByDraft(context).load(draft.id),
    }),
  }),
});

builder.queryFields((t) => ({
  approvalRequest: t.field({
    type: ApprovalRequestType,
    nullable: true,
    description: 'One approval request.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.requestById(context).load(args.id),
  }),
  approvalRequests: t.field({
    type: connectionOf(graph, ApprovalRequestType),
    description: 'The approval requests of a book, newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: ApprovalStatusType, description: 'Only those that stand so.' }),
      ...pageArgs(t),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<ApprovalRequest> = {
        bookId: args.bookId,
        ...(args.status ? { status: args.status } : {}),
      };
      return pageOf(context, ApprovalRequestEntity, { args, where });
    },
  }),
  approvalPolicies: t.field({
    type: [ApprovalPolicyType],
    description: 'The policies of a book, the one in force first.',
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: async (_root, args, context) =>
      (await context.read()).find(ApprovalPolicyEntity, { bookId: args.bookId }, { orderBy: { id: 'desc' } }),
  }),
}));

mutation(graph, setApprovalPolicy, {
  approvalPolicy: {
    type: ApprovalPolicyType,
    description: 'The policy in force.',
    resolve: (result, context) => load.policyById(context).load(result.policyId),
  },
});
mutation(
  graph,
  { ...decideApproval, views: ['partner', 'portal'] },
  {
    approvalRequest: {
      type: ApprovalRequestType,
      description: 'The request as it stands now.',
      resolve: (result, context) => load.requestById(context).load(result.approvalRequestId),
    },
  },
);

liveField(graph, {
  subject: 'approvalRequest',
  type: ApprovalRequestType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.requestById(context).load(id),
});
