import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import { approvePaymentOrder } from './approve-payment-order.ts';
import { cancelPaymentOrder } from './cancel-payment-order.ts';
import { createPaymentOrder } from './create-payment-order.ts';
import { markPaymentOrderSent } from './mark-payment-order-sent.ts';
import { paymentOrderById } from './payment-loaders.ts';
import { PaymentOrderType } from './schema-payments.ts';

const orderPayload = {
  paymentOrder: {
    type: PaymentOrderType,
    description: 'The order.',
    resolve: ({ paymentOrderId }: { paymentOrderId: string }, context: Context) =>
      paymentOrderById(context).load(paymentOrderId),
  },
};

mutation(graph, { ...createPaymentOrder, views: ['partner', 'portal'] }, orderPayload);
mutation(graph, { ...approvePaymentOrder, views: ['partner', 'portal'] }, orderPayload);
mutation(graph, { ...cancelPaymentOrder, views: ['partner', 'portal'] }, orderPayload);
mutation(graph, { ...markPaymentOrderSent, views: ['partner', 'portal'] }, orderPayload);
