import type { ItemKind } from './prove.ts';

/** What the kinds of items are called where people read them. */
export const kindTitles: Readonly<Record<ItemKind, string>> = {
  OPENING_DIFFERS: 'Opening balance not alike',
  LINE_UNMATCHED: 'Bank lines not in the books: unmatched',
  LINE_SUGGESTED: 'Bank lines not in the books: a match is suggested',
  LINE_EXCEPTION: 'Bank lines not in the books: exceptions',
  LINE_HELD: 'Bank lines not in the books: statements held back',
  LINE_BEING_POSTED: 'Bank lines not in the books: being posted',
  OUTSTANDING_PAYMENT: 'Booked, not at the bank: outstanding payments',
  DEPOSIT_IN_TRANSIT: 'Booked, not at the bank: deposits in transit',
  OTHER_DAY: 'Matched, on different days',
  AMOUNT_DIFFERS: 'Matched, amounts not alike',
  DIFFERENCE_BOOKED: 'Differences booked with matches (no effect)',
};
