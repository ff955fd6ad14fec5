import { z } from 'zod';
import { Decimal } from '#kernel/decimal';
import { currency, date, decimal, oneOf, text } from '#kernel/input';
import type { Subject } from '../classification/evaluate-template.ts';
import { transactionKinds } from '../classification/template.ts';
import { withDerivedAmounts } from '../classification/test-template.ts';
import { dimensionList, dimensionsOf, fieldList } from '../dimensions/dimension-input.ts';

const mostTransactions = 500;

const part = (description: string) => decimal().optional().meta({ graphql: 'Decimal', description });
const said = (description: string, longest = 200) => text(longest).optional().meta({ description });

const transactionInput = z.object({
  externalId: text(100).meta({
    description: 'What the source calls it; recorded once in its book and source.',
  }),
  kind: oneOf('TransactionKind', transactionKinds),
  occurredOn: date(),
  currency: currency(),
  gross: decimal().meta({
    graphql: 'Decimal',
    description: 'What changed hands, tax included; tips are beside it.',
  }),
  net: part('Without tax; the gross less the tax when left out.'),
  tax: part('The tax in the gross.'),
  taxRate: part('Per cent.'),
  tip: part('The tip, beside the gross.'),
  fee: part('What the processor or marketplace keeps of it.'),
  discount: part('What the price was lowered by.'),
  shipping: part('Shipping charged, in the gross.'),
  giftCard: part('What of it was paid by gift card.'),
  category: said('The category of the source.'),
  counterparty: said('The customer or supplier.'),
  country: said('The country of the counterparty, ISO 3166 alpha-2.', 2),
  description: said('What it was.', 500),
  note: said('Anything else.', 500),
  number: said('The number of the receipt or order.', 100),
  reference: said('The reference of the payment or payout.', 100),
  channel: said('Where it was sold: a shop, a till, a marketplace.', 100),
  method: said('How it was paid: cash, card, and so on.', 50),
  employee: said('Who paid, when an employee did.'),
  dimensions: dimensionList('What it belongs to, such as a cost centre.').optional(),
  fields: fieldList("Values of the book's custom fields.").optional(),
});

/** The transactions of a call, for the input of a command. */
export const transactionList = () => z.array(transactionInput).min(1).max(mostTransactions);

/** One transaction as its source says it. */
export type TransactionInput = z.output<typeof transactionInput>;

/** A transaction as templates see it; throws FIELD_INVALID for dimensions that stand there twice. */
export function subjectOfTransaction(input: TransactionInput, source: string): Subject {
  const amount = (value: string | undefined) => (value === undefined ? undefined : Decimal.parse(value));
  return withDerivedAmounts({
    kinds: [input.kind],
    source,
    date: input.occurredOn,
    currency: input.currency,
    gross: Decimal.parse(input.gross),
    net: amount(input.net),
    tax: amount(input.tax),
    taxRate: amount(input.taxRate),
    tip: amount(input.tip),
    fee: amount(input.fee),
    discount: amount(input.discount),
    shipping: amount(input.shipping),
    giftCard: amount(input.giftCard),
    category: input.category,
    counterparty: input.counterparty,
    country: input.country,
    description: input.description,
    note: input.note,
    number: input.number,
    reference: input.reference,
    channel: input.channel,
    method: input.method,
    employee: input.employee,
    dimensions: dimensionsOf(input.dimensions),
  });
}
