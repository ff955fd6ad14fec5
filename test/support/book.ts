import { newId } from '#kernel/ids';
import type { Workbench } from './workbench.ts';
import { receiveBook } from '../../subgraphs/transactions/intake/receive-book.ts';
import { installChartOfAccounts } from '../../subgraphs/transactions/ledger/install-chart-of-accounts.ts';
import { systemActor } from '#kernel/actor';

/** Opens a book of the workbench's organisation with its chart of accounts; for tests. */
export async function openTestBook(bench: Workbench): Promise<string> {
  const bookId = newId('bk');
  const actor = systemActor('transactions', bench.actor().organisationId);
  const book = {
    bookId,
    name: 'Main',
    legalName: 'Acme GmbH',
    country: 'DE',
    baseCurrency: 'EUR',
    fiscalYearStartMonth: 1,
  };
  await bench.door('transactions').run(receiveBook, book, { actor });
  await bench.door('transactions').run(installChartOfAccounts, { bookId }, { actor });
  return bookId;
}
