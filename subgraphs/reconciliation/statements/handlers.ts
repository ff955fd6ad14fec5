import { payoutProviders, type PayoutProvider } from '#connectors/payout-ports';
import { on, type Handlers } from '#kernel/subgraph';
import { checkPayoutFees } from './check-payout-fees.ts';

const providerOf = (text: string): PayoutProvider | undefined => payoutProviders.find((one) => one === text);

/** What follows when a provider has reported, or when something else was agreed with it. */
export const handlers: Handlers = {
  'payout.reported': [
    on(checkPayoutFees, ({ subjectId, bookId, facts }) => {
      const provider = providerOf(facts.provider);
      return bookId && provider ? { bookId, provider, payoutId: subjectId } : undefined;
    }),
  ],
  'processorTariff.changed': [
    on(checkPayoutFees, ({ bookId, facts }) => {
      const provider = providerOf(facts.provider);
      return bookId && provider ? { bookId, provider } : undefined;
    }),
  ],
};
