import { z } from 'zod';
import { command } from '#kernel/command';
import { date, id, instant, text } from '#kernel/input';
import { storePostings } from './store-postings.ts';

/** Keeps what an entry of the ledger posted to accounts that stand for bank accounts. */
export const recordBankPostings = command({
  name: 'recordBankPostings',
  description: 'Keeps what a journal entry posted to accounts that stand for bank accounts.',
  scope: 'platform:internal',
  input: z.object({
    journalEntryId: id(),
    bookId: id(),
    number: z.string(),
    kind: text(40),
    postedOn: date(),
    description: z.string(),
    reversalOf: id().optional(),
    documentId: id().optional(),
    vendorId: id().optional(),
    postedAt: instant(),
    lines: z.array(z.object({ code: z.string(), minor: z.string(), currency: z.string() })),
  }),
  async run(transaction, { bookId, lines, ...entry }) {
    const banks = await transaction.query<{ code: string }>(
      `select distinct ledger_account_code as code from reconciliation.bank_account
        where book_id = $1 and ledger_account_code = any($2)`,
      [bookId, lines.map(({ code }) => code)],
    );
    const codes = new Set(banks.map(({ code }) => code));
    const sums = new Map<string, { accountCode: string; currency: string; minor: bigint }>();
    for (const { code, currency, minor } of lines) {
      if (!codes.has(code)) continue;
      const key = `${code} ${currency}`;
      const before = sums.get(key)?.minor ?? 0n;
      sums.set(key, { accountCode: code, currency, minor: before + BigInt(minor) });
    }
    await storePostings(
      transaction,
      bookId,
      [...sums.values()].map((sum) => ({ ...entry, ...sum, minor: String(sum.minor) })),
    );
    return { journalEntryId: entry.journalEntryId };
  },
});
