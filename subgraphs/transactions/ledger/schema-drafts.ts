import { fraction } from '#kernel/basis-points';
import { userError, type ErrorCode, type UserError } from '#kernel/errors';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { mappingRuleById } from '../classification/loaders.ts';
import { MappingRuleType } from '../classification/schema.ts';
import { TagType, tagsOf } from '../dimensions/schema.ts';
import { graph } from '../graph.ts';
import { documentById } from '../intake/loaders.ts';
import { BookType, VendorType } from '../intake/references.ts';
import { DocumentType } from '../intake/schema.ts';
import type { Draft, DraftLine } from './entities.ts';
import * as load from './loaders.ts';
import { AccountType } from './schema-accounts.ts';
import { JournalEntryType, SideEnum } from './schema-journal.ts';

const { builder } = graph;
const scope = 'transactions:read';

/** Where a draft stands, in the graph. */
export const DraftStatusEnum = enumeration(graph, 'DraftStatus', {
  description: 'Where a draft stands.',
  values: {
    PENDING_APPROVAL: 'Somebody, or the policy, has to decide.',
    APPROVED: 'Approved, but the books refused it; posted as soon as its day is open.',
    POSTED: 'In the journal.',
    REJECTED: 'Turned down.',
  },
});

/** A line of a draft. */
export const DraftLineType: TypeRef<DraftLine> = record<DraftLine>(graph, 'DraftLine', {
  description: 'One line of a draft.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account it would be posted to.',
      resolve: (row, _args, context) => load.requireAccount(context, row.accountId),
    }),
    side: t.field({ type: SideEnum, description: 'Its column.', resolve: (row) => row.side as 'DEBIT' }),
    money: t.field({
      type: graph.money,
      description: 'Its amount, positive.',
      resolve: ({ minor, currency }) => ({ minor, currency }),
    }),
    memo: t.exposeString('memo', { nullable: true, description: 'A remark.' }),
    dimensions: t.field({
      type: [TagType],
      description: 'What it belongs to, such as a cost centre.',
      resolve: async (row, _args, context) =>
        tagsOf((await load.draftById(context).load(row.draftId))?.bookId ?? '', row.dimensions),
    }),
  }),
});

/** An entry on its way to approval; approvals add the request. */
export const DraftType: TypeRef<Draft> = entity<Draft>(graph, 'Draft', {
  description: 'The entry a document would become, on its way to approval.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.draftById(context).load(id),
  fields: (t) => ({
    status: t.field({
      type: DraftStatusEnum,
      description: 'Where it stands.',
      resolve: (row) => row.status as never,
    }),
    document: t.field({
      type: DocumentType,
      nullable: true,
      description: 'The document it books.',
      resolve: (row, _args, context) => (row.documentId ? documentById(context).load(row.documentId) : null),
    }),
    description: t.exposeString('description', { description: 'What it would say in the journal.' }),
    vendor: t.field({
      type: VendorType,
      nullable: true,
      description: 'The other side.',
      resolve: (row) => (row.vendorId ? { id: row.vendorId } : null),
    }),
    total: t.field({
      type: graph.money,
      description: 'The total of the document.',
      resolve: (row) => ({ minor: row.totalMinor, currency: row.totalCurrency }),
    }),
    postedOn: t.expose('postedOn', { type: 'Date', description: 'The day it would count for.' }),
    confidence: t.field({
      type: 'Decimal',
      description: 'How sure its accounts are, from 0 to 1.',
      resolve: (row) => fraction(row.confidence),
    }),
    reasons: t.field({
      type: ['String'],
      description: 'Why these accounts, the decisive reason first.',
      resolve: (row) => row.reasons,
    }),
    lines: t.field({
      type: [DraftLineType],
      description: 'Its lines, in order.',
      resolve: (row, _args, context) => load.linesByDraft(context).load(row.id),
    }),
    rule: t.field({
      type: MappingRuleType,
      views: ['portal'],
      nullable: true,
      description: 'The rule that decided.',
      resolve: (row, _args, context) => (row.ruleId ? mappingRuleById(context).load(row.ruleId) : null),
    }),
    refusal: t.field({
      type: graph.userError,
      nullable: true,
      description: 'Why the books refused it, while it waits.',
      resolve: refusalOf,
    }),
    journalEntry: t.field({
      type: JournalEntryType,
      nullable: true,
      description: 'What it became.',
      resolve: (row, _args, context) =>
        row.journalEntryId ? load.entryById(context).load(row.journalEntryId) : null,
    }),
    book: t.field({
      type: BookType,
      description: 'The book it is for.',
      resolve: (row) => ({ id: row.bookId }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was drafted.' }),
  }),
});

builder.objectFields(DocumentType, (t) => ({
  draft: t.field({
    type: DraftType,
    nullable: true,
    description: 'The draft of its entry.',
    resolve: (row, _args, context) => load.draftByDocument(context).load(row.id),
  }),
  journalEntry: t.field({
    type: JournalEntryType,
    nullable: true,
    description: 'Its entry in the journal.',
    resolve: async (row, _args, context) => {
      const draft = await load.draftByDocument(context).load(row.id);
      return draft?.journalEntryId ? load.entryById(context).load(draft.journalEntryId) : null;
    },
  }),
}));

function refusalOf(row: Draft): UserError | null {
  return row.refusalCode === null ? null : userError(row.refusalCode as ErrorCode, row.refusalMessage ?? '');
}
