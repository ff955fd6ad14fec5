import { z } from 'zod';
import { isIban } from '#kernel/account-number';
import { command, type Transaction } from '#kernel/command';
import { sealedIbanPlace } from '#kernel/events';
import { newId } from '#kernel/ids';
import { id, text } from '#kernel/input';
import { matchVendorName, type VendorQuery } from './match-vendor-name.ts';
import { storeBankDetail } from './store-vendor.ts';
import { vendorCandidates } from './vendor-candidates.ts';

/** Below this the best vendor is a guess, and a new one is proposed instead. */
const leastConfidence = 8_500;

/** Finds the vendor of a document, or proposes a new one for somebody to confirm. */
export const identifyDocumentVendor = command({
  name: 'identifyDocumentVendor',
  description: 'Finds the vendor of a document, or proposes a new one for somebody to confirm.',
  scope: 'vendors:write',
  input: z.object({
    documentId: id(),
    bookId: id().optional(),
    name: text(),
    taxId: text(40).optional(),
    sealedIban: text(500).optional(),
    country: text(2).optional(),
    email: text().optional(),
  }),
  async run(transaction, { sealedIban, ...input }) {
    const query = { ...input, iban: openedIban(transaction, input.documentId, sealedIban) };
    const matches = await bestMatches(transaction, query);
    const [best, next] = matches;
    const certain = best && best.confidence >= leastConfidence && best.confidence > (next?.confidence ?? 0);
    const vendorId = certain ? best.vendorId : await proposeVendor(transaction, query);
    const vendor = await transaction.require<{
      name: string;
      status: string;
      default_account_code: string | null;
    }>(
      `There is no vendor ${vendorId}`,
      'select name, status, default_account_code from vendors.vendor where id = $1',
      [vendorId],
    );
    const confidence = certain ? best.confidence : 0;
    transaction.emit({
      type: 'documentVendor.identified',
      subjectId: input.documentId,
      bookId: input.bookId,
      facts: {
        vendorId,
        vendorName: vendor.name,
        confidence,
        proposed: vendor.status === 'PROPOSED',
        defaultAccountCode: vendor.default_account_code ?? undefined,
      },
    });
    transaction.audit({
      subjectType: 'Document',
      subjectId: input.documentId,
      after: {
        vendorId,
        confidence,
        reason: certain ? best.reason : 'No known vendor is like enough; a new one is proposed.',
      },
    });
    return { vendorId };
  },
});

/** An account comes sealed, because events are kept for ever and read by many. */
function openedIban(
  { organisationId, services }: Transaction,
  documentId: string,
  sealed: string | undefined,
): string | undefined {
  return sealed === undefined
    ? undefined
    : services.vault.open(sealed, sealedIbanPlace(organisationId, documentId));
}

function bestMatches(transaction: Transaction, query: VendorQuery) {
  const { services, organisationId } = transaction;
  return vendorCandidates(
    query,
    (sql, values) => transaction.query(sql, values),
    (account) => services.vault.blindIndex(account, organisationId),
  ).then((candidates) => matchVendorName(query, candidates));
}

interface ProposedVendor extends VendorQuery {
  readonly email?: string;
}

async function proposeVendor(transaction: Transaction, query: ProposedVendor): Promise<string> {
  const vendorId = newId('ven');
  const country = /^[A-Z]{2}$/.test(query.country ?? '') ? query.country : undefined;
  await transaction.insert('vendors.vendor', {
    id: vendorId,
    name: query.name,
    status: 'PROPOSED',
    tax_id: query.taxId ?? null,
    country: country ?? null,
    payment_terms_days: 30,
    email: query.email ?? null,
    created_at: transaction.now,
    updated_at: transaction.now,
  });
  if (query.iban && isIban(query.iban))
    await storeBankDetail(transaction, vendorId, { iban: query.iban, holder: query.name });
  transaction.emit({
    type: 'vendor.registered',
    subjectId: vendorId,
    facts: { name: query.name, status: 'PROPOSED', country },
  });
  return vendorId;
}
