import { on, type Handlers } from '#kernel/subgraph';
import { followReturnedPayments } from './follow-returned-payments.ts';
import { noteExecutedPayments } from './note-executed-payments.ts';
import { noteUndonePayments } from './note-undone-payments.ts';
import { receivePayee } from './receive-payee.ts';
import { receivePayeeAccount } from './receive-payee-account.ts';
import { receivePayer } from './receive-payer.ts';

/** What payments do when something happens here or elsewhere. */
export const handlers: Handlers = {
  'book.opened': [
    on(receivePayer, ({ subjectId, facts: { legalName, country } }) => ({
      bookId: subjectId,
      legalName,
      country,
    })),
  ],
  'vendor.registered': [
    on(receivePayee, ({ subjectId, facts: { name, status, country, address } }) => ({
      vendorId: subjectId,
      name,
      status,
      country,
      address,
    })),
  ],
  'vendor.changed': [
    on(receivePayee, ({ subjectId, facts: { name, status, country, address } }) => ({
      vendorId: subjectId,
      name,
      status,
      country,
      address,
    })),
  ],
  'vendorBankDetail.added': [
    on(receivePayeeAccount, ({ subjectId, facts }) => ({ payeeAccountId: subjectId, ...facts })),
  ],
  'statement.imported': [
    on(followReturnedPayments, ({ bookId, facts }) => (bookId && facts.lines > 0 ? { bookId } : undefined)),
  ],
  'match.accepted': [
    on(noteExecutedPayments, ({ subjectId, bookId }) =>
      bookId ? { matchId: subjectId, bookId } : undefined,
    ),
  ],
  'match.undone': [
    on(noteUndonePayments, ({ subjectId, bookId }) => (bookId ? { matchId: subjectId, bookId } : undefined)),
  ],
};
