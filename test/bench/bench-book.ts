import { z } from 'zod';
import { roles, scopesOf, systemActor, type Actor } from '#kernel/actor';
import { calendarDate } from '#kernel/calendar';
import { command } from '#kernel/command';
import { resultOf, type CommandDoor } from '#kernel/command-door';
import { newId } from '#kernel/ids';
import { money } from '#kernel/money';
import { receiveBook } from '../../subgraphs/transactions/intake/receive-book.ts';
import { installChartOfAccounts } from '../../subgraphs/transactions/ledger/install-chart-of-accounts.ts';
import { postEntries } from '../../subgraphs/transactions/ledger/post-entry.ts';

/** Somebody with every role, in an organisation of the bench. */
export const benchActor: Actor = {
  kind: 'member',
  id: 'mem_bench',
  memberId: 'mem_bench',
  name: 'Bench',
  organisationId: newId('org'),
  scopes: scopesOf(roles),
  source: 'api',
};

/** Opens a book with its chart of accounts, as the events of a new book would. */
export async function openBenchBook(door: CommandDoor): Promise<string> {
  const bookId = newId('bk');
  const actor = systemActor('transactions', benchActor.organisationId);
  const names = { name: bookId, legalName: 'Bench GmbH', country: 'DE' };
  resultOf(
    await door.run(
      receiveBook,
      { bookId, ...names, baseCurrency: 'EUR', fiscalYearStartMonth: 1 },
      { actor },
    ),
  );
  resultOf(await door.run(installChartOfAccounts, { bookId }, { actor }));
  return bookId;
}

/** Posts many entries as reactions to events do: in one command, through the one way into the journal. */
export const postBatch = command({
  name: 'postBatch',
  description: 'Posts many two-line entries at once.',
  scope: 'transactions:post',
  input: z.object({ bookId: z.string(), entries: z.int(), vendorIds: z.array(z.string()).default([]) }),
  async run(transaction, { bookId, entries, vendorIds }) {
    const amount = money(12_345n, 'EUR');
    const posted = await postEntries(
      transaction,
      Array.from({ length: entries }, (_, index) => ({
        bookId,
        kind: 'MANUAL' as const,
        postedOn: calendarDate('2026-03-31'),
        description: `Entry ${index}`,
        vendorId: vendorIds.length > 0 ? vendorIds[index % vendorIds.length] : undefined,
        lines: [
          { accountCode: '1000', side: 'DEBIT' as const, money: amount },
          { accountCode: '3000', side: 'CREDIT' as const, money: amount },
        ],
      })),
    );
    return { posted: posted.length };
  },
});
