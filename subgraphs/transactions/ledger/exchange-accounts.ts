import type { Transaction } from '#kernel/command';
import { accountOf, chartOfAccounts } from './chart-of-accounts.ts';
import type { NewLine } from './entry.ts';
import { installAccounts } from './install-chart-of-accounts.ts';

const own: ReadonlySet<string> = new Set([
  accountOf.CURRENCY_EXCHANGE,
  accountOf.REALISED_GAIN,
  accountOf.REALISED_LOSS,
  accountOf.UNREALISED_GAIN,
  accountOf.UNREALISED_LOSS,
  accountOf.ROUNDING,
  '1090',
  '1290',
  '2090',
]);

/** Gives a book the accounts of exchange its lines go to, where it was opened before there were any. */
export async function ensureExchangeAccounts(
  transaction: Transaction,
  bookId: string,
  lines: readonly NewLine[],
): Promise<void> {
  const codes = new Set(lines.map((line) => line.accountCode).filter((code) => own.has(code)));
  if (codes.size === 0) return;
  await installAccounts(
    transaction,
    bookId,
    chartOfAccounts.filter((account) => codes.has(account.code)),
  );
}
