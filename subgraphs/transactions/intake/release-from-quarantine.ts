import { z } from 'zod';
import { documentReader } from '#connectors/ports';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { currency, date, decimal, id, oneOf, text } from '#kernel/input';
import { analyseCorrected, analysisInput, correctedAnalysis } from './correct-analysis.ts';
import { lockBook } from './books.ts';
import { advanceDocument } from './document-status.ts';
import { documentKinds, type DocumentProblem } from './document.ts';
import { keysOf, KnownDocuments } from './fingerprint.ts';
import { loadDocument, type StoredDocument } from './load-document.ts';
import { correctDocument, type Corrections } from './normalise-corrections.ts';
import { duplicateError, numberReused, tellOf } from './receive-documents.ts';
import {
  asUserError,
  findKnown,
  storeCorrection,
  storedIbanPlace,
  type ReceivedDocument,
} from './store-documents.ts';
import { examined } from './submit-document.ts';

/** Corrects a document in quarantine; when nothing stands in its way any more it goes on as if just handed in. */
export const releaseFromQuarantine = command({
  name: 'releaseFromQuarantine',
  description:
    'Corrects a document in quarantine and lets it go on as if just handed in. Corrections are kept even when ' +
    'something still stands in the way, which is then told.',
  scope: 'transactions:write',
  input: z.object({
    documentId: id(),
    kind: oneOf('DocumentKind', documentKinds).optional(),
    number: text().optional(),
    issuedOn: date().optional(),
    dueOn: date().optional(),
    counterpartyName: text().optional(),
    taxId: text(40).optional().meta({ description: 'VAT or tax number of the counterparty.' }),
    currency: currency().optional(),
    total: decimal().optional().meta({ graphql: 'Decimal', description: 'What it comes to with tax.' }),
    tax: decimal().optional().meta({ graphql: 'Decimal', description: 'The tax in the total.' }),
    ...analysisInput,
  }),
  async run(transaction, { documentId, dimensions, fields, ...given }) {
    const stored = await requireQuarantined(transaction, documentId);
    const corrections = {
      ...given,
      ...correctedAnalysis(stored, { dimensions, fields }),
    };
    const received = await examineAgain(transaction, stored, corrections);
    const known = new KnownDocuments(
      (
        await findKnown(transaction, stored.bookId, [{ ...received.keys, recordHash: received.recordHash }])
      ).filter((one) => one.id !== documentId),
    );
    const recognition = known.recognise(candidateOf(received, stored));
    if (recognition.found === 'same') {
      await transaction.query(
        "update transactions.document set status = 'DUPLICATE', duplicate_of = $2 where id = $1",
        [documentId, recognition.first.id],
      );
      await storeCorrection(transaction, received);
      transaction.report(duplicateError(recognition.first));
      transaction.audit({
        subjectType: 'Document',
        subjectId: documentId,
        before: { status: 'QUARANTINED' },
        after: { status: 'DUPLICATE', duplicateOf: recognition.first.id, ...corrections },
      });
      return { documentId };
    }
    const problems =
      recognition.found === 'other-total'
        ? [...received.problems, numberReused(received.document, recognition.first)]
        : received.problems;
    await settle(transaction, stored, { ...received, problems });
    return { documentId };
  },
});

/** Locks the book before the document, as submissions do. */
async function requireQuarantined(transaction: Transaction, documentId: string): Promise<StoredDocument> {
  const { book_id: bookId } = await transaction.require<{ book_id: string }>(
    `There is no document ${documentId}`,
    'select book_id from transactions.document where id = $1',
    [documentId],
  );
  await lockBook(transaction, bookId);
  const stored = await loadDocument(transaction, documentId);
  if (stored.status !== 'QUARANTINED') {
    const message = `Document ${documentId} is ${stored.status}, not in quarantine`;
    throw new CrossfootError('STATE_CONFLICT', message, { path: ['documentId'] });
  }
  return stored;
}

async function examineAgain(
  transaction: Transaction,
  stored: StoredDocument,
  corrections: Corrections,
): Promise<ReceivedDocument> {
  const reader = transaction.services.port(documentReader);
  const opened = {
    ...stored,
    counterparty: { ...stored.counterparty, iban: openedIban(transaction, stored) },
  };
  const { document, problems } = await analyseCorrected(transaction, stored.bookId, {
    ...examined(correctDocument(opened, corrections), reader),
    raw: stored.raw,
  });
  return {
    id: stored.id,
    status: 'QUARANTINED',
    document,
    problems,
    keys: keysOf(document, stored.ordinal),
    recordHash: stored.recordHash,
    ordinal: stored.ordinal,
    raw: stored.raw,
    fileLine: stored.fileLine,
  };
}

function openedIban({ organisationId, services }: Transaction, stored: StoredDocument): string | undefined {
  return (
    stored.sealedIban && services.vault.open(stored.sealedIban, storedIbanPlace(organisationId, stored.id))
  );
}

function candidateOf(received: ReceivedDocument, stored: StoredDocument) {
  const { document, keys, recordHash } = received;
  return {
    ...keys,
    recordHash,
    kind: document.kind,
    number: document.number,
    fileId: stored.fileId,
    corrected: true,
    totalMinor: document.amounts?.total.minor,
    currency: document.currency,
  };
}

async function settle(
  transaction: Transaction,
  stored: StoredDocument,
  received: ReceivedDocument,
): Promise<void> {
  await storeCorrection(transaction, received);
  const standing = received.problems.filter((problem: DocumentProblem) => problem.blocking);
  for (const problem of standing) transaction.report(asUserError(problem));
  if (standing.length === 0) await advanceDocument(transaction, stored.id, 'RECEIVED');
  tellOf(transaction, stored.bookId, {
    ...received,
    status: standing.length === 0 ? 'RECEIVED' : 'QUARANTINED',
  });
}
