import { mutation } from '#kernel/graphql-command';
import { record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { VendorStub } from '../references.ts';
import { importPaymentStatus } from './import-payment-status.ts';
import { paymentFile } from './payment-file.ts';
import * as load from './payment-loaders.ts';
import { PaymentOrderType } from './schema-payments.ts';
import { setDiscountTerms } from './set-discount-terms.ts';
import { setPaymentApprovals } from './set-payment-approvals.ts';
import { setPaymentConfirmation } from './set-payment-confirmation.ts';

interface PaymentFile {
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
}

const PaymentFileType: TypeRef<PaymentFile> = record<PaymentFile>(graph, 'PaymentFile', {
  description: 'A file of payments for the bank; its content never changes.',
  scope: 'reconciliation:write',
  views: ['partner', 'portal'],
  fields: (t) => ({
    path: t.string({
      description: 'Where to fetch it from, below the address of the gateway, with the same token.',
      resolve: ({ fileId }) => `/files/${fileId}`,
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    mediaType: t.exposeString('mediaType', { description: 'What it is.' }),
    size: t.field({ type: 'Decimal', description: 'In bytes.', resolve: ({ size }) => String(size) }),
  }),
});

mutation(
  graph,
  { ...paymentFile, views: ['partner', 'portal'] },
  {
    file: {
      type: PaymentFileType,
      description: 'The file.',
      resolve: ({ fileId, name, mediaType, size }): PaymentFile => ({ fileId, name, mediaType, size }),
    },
    paymentOrder: {
      type: PaymentOrderType,
      description: 'The order.',
      resolve: ({ paymentOrderId }, context) => load.paymentOrderById(context).load(paymentOrderId),
    },
  },
);

mutation(
  graph,
  { ...importPaymentStatus, views: ['partner', 'portal'] },
  {
    paymentOrders: {
      type: [PaymentOrderType],
      description: 'The orders the report is about.',
      resolve: async ({ paymentOrderIds }, context) => {
        const orders = await load.paymentOrderById(context).loadMany(paymentOrderIds);
        return orders.flatMap((order) => (order && 'id' in order ? [order] : []));
      },
    },
    accepted: {
      type: 'Int',
      description: 'How many payments the bank will now execute.',
      resolve: ({ accepted }) => accepted,
    },
    executed: {
      type: 'Int',
      description: 'How many payments the bank now has executed.',
      resolve: ({ executed }) => executed,
    },
    rejected: {
      type: 'Int',
      description: 'How many payments the bank refused; their bills are open again.',
      resolve: ({ rejected }) => rejected,
    },
  },
);

mutation(
  graph,
  { ...setPaymentApprovals, views: ['partner'] },
  {
    approvals: {
      type: 'Int',
      description: 'How many other people have to approve from now on.',
      resolve: ({ approvals }) => approvals,
    },
  },
);

mutation(
  graph,
  { ...setPaymentConfirmation, views: ['partner', 'portal'] },
  {
    workingDays: {
      type: 'Int',
      description: 'How many working days the bank may take from now on.',
      resolve: ({ workingDays }) => workingDays,
    },
  },
);

mutation(
  graph,
  { ...setDiscountTerms, views: ['partner', 'portal'] },
  {
    vendor: {
      type: VendorStub,
      description: 'The vendor.',
      resolve: ({ vendorId }) => ({ id: vendorId }),
    },
  },
);
