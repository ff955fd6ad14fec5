import { invariants } from './cross-foot.ts';

const remedies = new Map([
  ...invariants.map(({ code, remedy }) => [code, remedy] as const),
  [
    'BANK_LINES_POSTED',
    'Undo the match or booking of the lines that are not in the journal, and do it anew.',
  ],
  [
    'BANK_ENTRIES_KNOWN',
    'Wait until all events are handled; if it stays, reconciliation statements of the account lack these entries.',
  ],
  [
    'BANK_BALANCE',
    'Post the opening balance, import the statement that is missing, or reverse what no bank line shows.',
  ],
  [
    'OPEN_ITEMS_AGREE',
    'Look at the items of this counterparty: one of both copies lacks a document or a payment.',
  ],
]);

/** What to do where an invariant does not hold. */
export function remedyOf(code: string): string {
  return remedies.get(code) ?? 'Look at the evidence and correct the book that is wrong.';
}
