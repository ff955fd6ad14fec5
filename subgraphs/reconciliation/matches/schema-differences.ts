import { record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { graph } from '../graph.ts';
import type { StoredSplit } from '../matching/split-difference.ts';
import { scope } from '../schema-values.ts';

export const DifferenceSplitType: TypeRef<StoredSplit> = record<StoredSplit>(graph, 'DifferenceSplit', {
  description: 'One part of what bank lines and open items differ by.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    kind: t.exposeString('kind', {
      description:
        'What it is: ROUNDING, TOLERANCE, EARLY_PAYMENT_DISCOUNT, BANK_CHARGE, OVERPAYMENT, PARTIAL_PAYMENT, CURRENCY, CHOSEN by a person, or PAYOUT_ with what a provider calls it.',
    }),
    amount: t.field({
      type: graph.money,
      nullable: true,
      description:
        'Lines less items; of a partial payment what stays open. Null where the rates of the ledger decide.',
      resolve: ({ amount }) => (amount ? money(BigInt(amount.minor), amount.currency) : null),
    }),
    accountCode: t.exposeString('accountCode', {
      nullable: true,
      description:
        "The account it books to, where settings or a person name one; else the ledger's own of the kind.",
    }),
    detail: t.exposeString('detail', { nullable: true, description: 'Why it is that, in a sentence.' }),
  }),
});
