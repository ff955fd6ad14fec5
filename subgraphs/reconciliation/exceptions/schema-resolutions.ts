import { fraction } from '#kernel/basis-points';
import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { fromWire } from '#kernel/wire-money';
import { graph } from '../graph.ts';
import { lineById, openItemById } from '../loaders.ts';
import { VendorStub } from '../references.ts';
import { scope } from '../schema-values.ts';
import { OpenItemType, StatementLineType } from '../statements/schema-lines.ts';
import type { EvidenceCandidate, ExceptionEvidence } from '../triage/evidence.ts';
import type { ExceptionComment } from './entities.ts';
import type { RuleProposal } from './find-recurrence.ts';
import { resolutionKinds, type ResolutionProposal } from './propose-resolutions.ts';
import { RuleProposalType } from './schema-booking-rules.ts';

const ResolutionKindType = enumeration(graph, 'ResolutionKind', {
  description: 'Ways out of an exception.',
  values: resolutionKinds,
});

/** Those of them that can be taken for many exceptions at once. */
export const BulkResolutionKindType = enumeration(graph, 'BulkResolutionKind', {
  description: 'Ways out that can be taken for many exceptions at once.',
  values: {
    BOOK: resolutionKinds.BOOK,
    MATCH: resolutionKinds.MATCH,
    SPLIT: resolutionKinds.SPLIT,
    RESOLVE: resolutionKinds.RESOLVE,
    RELEASE: resolutionKinds.RELEASE,
  },
});

interface Share {
  readonly openItemId: string;
  readonly appliedMinor: bigint;
  readonly currency: string;
}

const ShareType: TypeRef<Share> = record<Share>(graph, 'ResolutionItem', {
  description: 'What a proposal takes of an open item.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'The item.',
      resolve: (row, _args, context) => openItemById(context).load(row.openItemId),
    }),
    applied: t.field({
      type: graph.money,
      description: 'What is paid of it, signed as the line.',
      resolve: (row) => money(row.appliedMinor, row.currency),
    }),
  }),
});

/** A way out with all that is shown of it. */
export interface ShownProposal extends ResolutionProposal {
  /** The rule it would make. */
  readonly rule: RuleProposal | undefined;
}

export const ResolutionProposalType: TypeRef<ShownProposal> = record<ShownProposal>(
  graph,
  'ResolutionProposal',
  {
    description: 'A way out of an exception, which applyResolution carries out.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Pass it to applyResolution.' }),
      kind: t.expose('kind', { type: ResolutionKindType, description: 'What it does.' }),
      label: t.exposeString('label', { description: 'What it does, in a sentence.' }),
      accountCode: t.string({
        nullable: true,
        description: 'The account it books to; for bookings without one, applyResolution must name it.',
        resolve: (row) => row.accountCode,
      }),
      memo: t.string({ nullable: true, description: 'The memo of the booking.', resolve: (row) => row.memo }),
      items: t.field({
        type: [ShareType],
        description: 'The open items it settles.',
        resolve: (row) => (row.items ?? []).map((item) => ({ ...item, currency: row.currency ?? '' })),
      }),
      rule: t.field({
        type: RuleProposalType,
        nullable: true,
        description: 'The rule it makes, with its back-test.',
        resolve: (row) => row.rule,
      }),
      message: t.string({
        nullable: true,
        description: 'The draft of what is to be asked.',
        resolve: (row) => row.message,
      }),
      vendor: t.field({
        type: VendorStub,
        nullable: true,
        description: 'Whom to ask, as far as known.',
        resolve: (row) => (row.vendorId ? { id: row.vendorId } : null),
      }),
      followUpOn: t.field({
        type: 'Date',
        nullable: true,
        description: 'When to come back to it.',
        resolve: (row) => row.followUpOn,
      }),
      resolution: t.string({
        nullable: true,
        description: 'The words it is closed with.',
        resolve: (row) => row.resolution,
      }),
    }),
  },
);

const EvidenceCandidateType: TypeRef<EvidenceCandidate> = record<EvidenceCandidate>(
  graph,
  'EvidenceCandidate',
  {
    description: 'An open item that was looked at, as it stood then.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      openItem: t.field({
        type: OpenItemType,
        nullable: true,
        description: 'The item as it is now.',
        resolve: (row, _args, context) => openItemById(context).load(row.openItemId),
      }),
      label: t.exposeString('label', { description: 'What people call it.' }),
      open: t.field({
        type: graph.money,
        nullable: true,
        description: 'What was open of it.',
        resolve: (row) => (row.open ? fromWire(row.open) : null),
      }),
      score: t.field({
        type: 'Decimal',
        description: 'How well it fitted, from 0 to 1.',
        resolve: (row) => fraction(row.score),
      }),
      reason: t.exposeString('reason', { description: 'Why it was not taken.' }),
    }),
  },
);

export const ExceptionEvidenceType: TypeRef<ExceptionEvidence> = record<ExceptionEvidence>(
  graph,
  'ExceptionEvidence',
  {
    description: 'What was known when an exception was raised.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      difference: t.field({
        type: graph.money,
        nullable: true,
        description: 'What was paid less what was expected.',
        resolve: (row) => (row.difference ? fromWire(row.difference) : null),
      }),
      candidates: t.field({
        type: [EvidenceCandidateType],
        description: 'The open items that were looked at.',
        resolve: (row) => [...(row.candidates ?? [])],
      }),
      relatedLines: t.field({
        type: [StatementLineType],
        description: 'Other lines the reason speaks of.',
        resolve: async (row, _args, context) => {
          const lines = await lineById(context).loadMany([...(row.relatedLineIds ?? [])]);
          return lines.flatMap((line) => (line && 'id' in line ? [line] : []));
        },
      }),
    }),
  },
);

const CommentKindType = enumeration(graph, 'ExceptionCommentKind', {
  description: 'What a comment is.',
  values: { COMMENT: 'Something to know.', QUESTION: 'What the other side was asked.' },
});

export const ExceptionCommentType: TypeRef<ExceptionComment> = record<ExceptionComment>(
  graph,
  'ExceptionComment',
  {
    description: 'What somebody said about an exception; never changed.',
    scope,
    views: ['partner', 'portal'],
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Opaque, unique.' }),
      kind: t.field({
        type: CommentKindType,
        description: 'What it is.',
        resolve: (row) => row.kind as 'COMMENT',
      }),
      text: t.exposeString('body', { description: 'What was said.' }),
      authorName: t.exposeString('authorName', { description: 'Who said it.' }),
      writtenAt: t.expose('writtenAt', { type: 'DateTime', description: 'When.' }),
    }),
  },
);
