import type { FilterQuery } from '@mikro-orm/core';
import { connectionOf, pageArgs, pageOf } from '#kernel/graphql-connection';
import { liveField } from '#kernel/graphql-live';
import { findById } from '../find-by-id.ts';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { PaymentOrderEntity, type PaymentOrder } from './payment-entities.ts';
import * as load from './payment-loaders.ts';
import { PaymentLineType, PaymentOrderStatusType, PaymentOrderType } from './schema-payments.ts';
import './mutations.ts';
import './schema-payment-files.ts';

findById('paymentOrder', PaymentOrderType, load.paymentOrderById);
findById('paymentLine', PaymentLineType, load.paymentLineById);

graph.builder.queryFields((t) => ({
  paymentOrders: t.field({
    type: connectionOf(graph, PaymentOrderType),
    description: 'The payment orders of a book, the newest first.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      ...pageArgs(t),
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      status: t.arg({ type: PaymentOrderStatusType, description: 'Only those in this state.' }),
    },
    resolve: (_root, args, context) => {
      const where: FilterQuery<PaymentOrder> = {
        bookId: args.bookId,
        ...(args.status ? { status: args.status } : {}),
      };
      return pageOf(context, PaymentOrderEntity, { args, where });
    },
  }),
}));

liveField(graph, {
  subject: 'paymentOrder',
  type: PaymentOrderType,
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.paymentOrderById(context).load(id),
});
