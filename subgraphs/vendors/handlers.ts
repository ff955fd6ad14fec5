import { on, type Handlers } from '#kernel/subgraph';
import { identifyDocumentVendor } from './identify-document-vendor.ts';

/** What vendors do when something happens elsewhere. */
export const handlers: Handlers = {
  'document.submitted': [
    on(identifyDocumentVendor, ({ subjectId, bookId, facts }) => ({
      documentId: subjectId,
      bookId,
      name: facts.counterpartyName,
      taxId: facts.taxId,
      sealedIban: facts.sealedIban,
      country: facts.country,
      email: facts.email,
    })),
  ],
};
