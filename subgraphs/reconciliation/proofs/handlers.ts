import { on, type Handlers } from '#kernel/subgraph';
import { keepAccountPostings } from './keep-account-postings.ts';
import { recordBankPostings } from './record-bank-postings.ts';
import { stateBankFacts } from './state-bank-facts.ts';

/** What proofs do when something happens in the ledger. */
export const handlers: Handlers = {
  'book.validated': [on(stateBankFacts, ({ subjectId }) => ({ bookId: subjectId }))],
  'accountPostings.stated': [
    on(keepAccountPostings, ({ subjectId, bookId = '', facts: { accountCode, postings, next } }) => ({
      bankAccountId: subjectId,
      bookId,
      accountCode,
      postings: [...postings],
      complete: next === undefined,
    })),
  ],
  'journalEntry.posted': [
    on(recordBankPostings, ({ subjectId, bookId, occurredAt, facts }) =>
      // An approved document is owed before it is paid: it touches no bank account.
      bookId && !(facts.openItem && facts.cause?.draftId)
        ? {
            journalEntryId: subjectId,
            bookId,
            number: facts.number,
            kind: facts.kind,
            postedOn: facts.postedOn,
            description: facts.description,
            reversalOf: facts.reversalOf,
            documentId: facts.documentId,
            vendorId: facts.vendorId,
            postedAt: occurredAt.toISOString(),
            lines: facts.lines.map(({ accountCode, side, money: { minor, currency } }) => ({
              code: accountCode,
              minor: side === 'DEBIT' ? minor : `-${minor}`,
              currency,
            })),
          }
        : undefined,
    ),
  ],
};
