import { connectionOf, pageArgs } from '#kernel/graphql-connection';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { pageOfParent } from '#kernel/pages-of-parents';
import { graph } from '../graph.ts';
import { bankAccountById, lineById, matchById, openItemById } from '../loaders.ts';
import { MatchType } from '../matches/schema-matches.ts';
import { BookStub, MemberStub } from '../references.ts';
import { scope } from '../schema-values.ts';
import { BankAccountType } from '../statements/schema-accounts.ts';
import { OpenItemType, StatementLineType } from '../statements/schema-lines.ts';
import { PaymentLineEntity, type PaymentLine, type PaymentOrder } from './payment-entities.ts';
import * as load from './payment-loaders.ts';

const views = ['partner', 'portal'] as const;

export const PaymentOrderStatusType = enumeration(graph, 'PaymentOrderStatus', {
  description: 'How far a payment order is.',
  values: {
    DRAFT: 'It waits for approval.',
    APPROVED: 'It may go to the bank.',
    SENT: 'The bank has it.',
    ACCEPTED: 'The bank will execute all of it.',
    PART_ACCEPTED: 'The bank will execute some of it, or has refused some of it.',
    REJECTED: 'The bank has refused all of it.',
    EXECUTED: 'All that the bank has not refused is paid.',
    RETURNED: 'Nothing of it is paid any more: what was not refused came back.',
    CANCELLED: 'It was never sent.',
  },
});

const PaymentStatusType = enumeration(graph, 'PaymentStatus', {
  description: 'How far a payment is.',
  values: {
    PENDING: 'Its order was not sent yet.',
    SENT: 'The bank has it.',
    ACCEPTED: 'The bank will execute it.',
    EXECUTED: 'It is paid, as the bank says or its statement shows.',
    REJECTED: 'The bank refused it; the bill is open.',
    RETURNED: 'It came back; the bill is open again.',
    CANCELLED: 'It was never sent.',
  },
});

export const PaymentOrderType: TypeRef<PaymentOrder> = entity<PaymentOrder>(graph, 'PaymentOrder', {
  description: 'Payments of bills that go to the bank together.',
  scope,
  views: [...views],
  load: (id, context) => load.paymentOrderById(context).load(id),
  fields: (t) => ({
    book: t.field({ type: BookStub, description: 'The book.', resolve: (row) => ({ id: row.bookId }) }),
    status: t.field({
      type: PaymentOrderStatusType,
      description: 'How far it is.',
      resolve: (row) => row.status as 'DRAFT',
    }),
    bankAccount: t.field({
      type: BankAccountType,
      nullable: true,
      description: 'The account that pays.',
      resolve: (row, _args, context) => bankAccountById(context).load(row.bankAccountId),
    }),
    executionOn: t.expose('executionOn', { type: 'Date', description: 'The first day of payment.' }),
    payments: t.field({
      type: connectionOf(graph, PaymentLineType),
      description: 'Its payments.',
      args: pageArgs(t),
      resolve: (row, args, context) =>
        pageOfParent(context, PaymentLineEntity, {
          args,
          column: 'orderId',
          parent: row.id,
          direction: 'asc',
        }),
    }),
    totals: t.field({
      type: [graph.money],
      description: 'What its payments come to, in each currency.',
      resolve: async (row, _args, context) =>
        (await load.totalsByOrder(context).load(row.id)).map(({ minor, currency }) => money(minor, currency)),
    }),
    messageId: t.exposeString('messageId', { description: 'The id of the message to the bank.' }),
    createdBy: t.field({
      type: MemberStub,
      nullable: true,
      description: 'Who made it; cannot approve it. Nobody where a system did.',
      resolve: (row) => (row.createdBy.startsWith('mem_') ? { id: row.createdBy } : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    approvals: t.field({
      type: [PaymentApprovalType],
      description: 'Who has approved it.',
      resolve: (row, _args, context) => load.approvalsByOrder(context).load(row.id),
    }),
    approvalsNeeded: t.int({
      description: 'How many other people have to.',
      resolve: (row, _args, context) => load.approvalsNeededByBook(context).load(row.bookId),
    }),
    approvedAt: t.expose('approvedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When enough people had approved it.',
    }),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true, description: 'When the bank got it.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was cancelled.' }),
  }),
});

const PaymentApprovalType: TypeRef<load.OrderApproval> = record<load.OrderApproval>(
  graph,
  'PaymentApproval',
  {
    description: 'The approval of a payment order by one person.',
    scope,
    views: [...views],
    fields: (t) => ({
      member: t.field({
        type: MemberStub,
        nullable: true,
        description: 'Who approved.',
        resolve: (row) => ({ id: row.memberId }),
      }),
      approvedAt: t.expose('approvedAt', { type: 'DateTime', description: 'When.' }),
    }),
  },
);

const PayeeAccountType: TypeRef<load.ShownAccount> = record<load.ShownAccount>(graph, 'PayeeAccount', {
  description: 'The account a payment goes to, as far as it is shown.',
  scope,
  views: [...views],
  fields: (t) => ({
    lastFour: t.exposeString('lastFour', { description: 'The last four characters of the account.' }),
    bic: t.exposeString('bic', { nullable: true, description: 'The bank.' }),
    addedAt: t.expose('addedAt', { type: 'DateTime', description: 'When it became known here.' }),
    unused: t.exposeBoolean('unused', {
      description: 'Whether nothing was paid to it before: look twice before you approve.',
    }),
  }),
});

export const PaymentLineType: TypeRef<PaymentLine> = entity<PaymentLine>(graph, 'PaymentLine', {
  description: 'The payment of a bill in an order.',
  scope,
  views: [...views],
  load: (id, context) => load.paymentLineById(context).load(id),
  fields: (t) => ({
    order: t.field({
      type: PaymentOrderType,
      nullable: true,
      description: 'The order.',
      resolve: (row, _args, context) => load.paymentOrderById(context).load(row.orderId),
    }),
    status: t.field({
      type: PaymentStatusType,
      description: 'How far it is.',
      resolve: (row) => row.status as 'PENDING',
    }),
    openItem: t.field({
      type: OpenItemType,
      nullable: true,
      description: 'The bill.',
      resolve: (row, _args, context) => openItemById(context).load(row.openItemId),
    }),
    amount: t.field({
      type: graph.money,
      description: 'What the creditor gets.',
      resolve: (row) => money(row.minor, row.currency),
    }),
    discount: t.field({
      type: graph.money,
      description: 'What is kept for paying early.',
      resolve: (row) => money(row.settlesMinor - row.minor, row.currency),
    }),
    creditorName: t.exposeString('creditorName', { description: 'Who is paid.' }),
    creditorAccount: t.field({
      type: PayeeAccountType,
      nullable: true,
      description: 'The account it goes to.',
      resolve: (row, _args, context) => load.payeeAccountById(context).load(row.payeeAccountId),
    }),
    executionOn: t.expose('executionOn', { type: 'Date', description: 'The day of payment.' }),
    endToEndId: t.exposeString('endToEndId', {
      description: 'The id that everybody up to the creditor sees.',
    }),
    remittance: t.exposeString('remittance', { description: 'What the creditor reads.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why the bank refused it or sent it back.',
    }),
    match: t.field({
      type: MatchType,
      nullable: true,
      description: 'The match that shows it on the account.',
      resolve: (row, _args, context) => (row.matchId ? matchById(context).load(row.matchId) : null),
    }),
    returnLine: t.field({
      type: StatementLineType,
      nullable: true,
      description: 'The bank line that brought it back.',
      resolve: (row, _args, context) => (row.returnLineId ? lineById(context).load(row.returnLineId) : null),
    }),
  }),
});

graph.builder.objectFields(OpenItemType, (t) => ({
  payment: t.field({
    type: PaymentLineType,
    nullable: true,
    description: 'The payment that is about to pay it, or else the last one that was to.',
    resolve: (row, _args, context) => load.paymentByItem(context).load(row.id),
  }),
}));
