import { on, type Handlers } from '#kernel/subgraph';
import { installTaxCodesOfCountry } from './install-tax-codes.ts';

/** What the tax stage does when something happened elsewhere. */
export const taxHandlers: Handlers = {
  'book.opened': [
    on(installTaxCodesOfCountry, ({ subjectId, facts }) => ({ bookId: subjectId, country: facts.country })),
  ],
};
