import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { transactions } from '../subgraph.ts';
import { startImport } from './start-import.ts';

let bench: Workbench;
let bookId: string;

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
});
afterAll(() => bench.close());

interface Ended {
  readonly id: string;
  readonly status: string;
  readonly rowsRead: number;
  readonly rowsApplied: number;
  readonly rowsRefused: number;
  readonly recordsMade: number;
  readonly recordsKnown: number;
  readonly problemCount: number;
  readonly problems: readonly {
    row: number;
    column: string | null;
    entry: string | null;
    error: { code: string; message: string };
  }[];
  readonly failure: { code: string; message: string } | null;
  readonly errorFile: { id: string } | null;
}

const shown =
  'id status rowsRead rowsApplied rowsRefused recordsMade recordsKnown problemCount ' +
  'problems { row column entry error { code message } } failure { code message } errorFile { id }';

/** Imports a content and answers how it ended. */
async function importing(
  content: string | Uint8Array,
  input: Readonly<Record<string, unknown>>,
  name = 'file.csv',
): Promise<Ended> {
  const fileId = await upload(bench, content, { name });
  const { result, errors } = await bench.door('transactions').run(startImport, { bookId, fileId, ...input });
  expect(errors).toEqual([]);
  return ended(result?.importId ?? '');
}

function ended(id: string): Promise<Ended> {
  return eventually(async () => {
    const answer = await bench.query<{ import: Ended & { finishedAt: string | null } }>(
      'transactions',
      `query ($id: ID!) { import(id: $id) { ${shown} finishedAt } }`,
      { variables: { id } },
    );
    const { finishedAt, ...rest } = answer.import;
    return finishedAt === null ? undefined : rest;
  }) as Promise<Ended>;
}

/** Debits less credits by account, of the book. */
async function balances(): Promise<Record<string, string>> {
  const { trialBalance } = await bench.query<{
    trialBalance: {
      balanced: boolean;
      rows: { account: { code: string }; balance: { amount: string; currency: string } }[];
    };
  }>(
    'transactions',
    `{ trialBalance(bookId: "${bookId}", on: "2099-12-31") { balanced rows { account { code } balance { amount currency } } } }`,
  );
  expect(trialBalance.balanced).toBe(true);
  return Object.fromEntries(
    trialBalance.rows.map(({ account, balance }) => [`${account.code} ${balance.currency}`, balance.amount]),
  );
}

describe('a journal', () => {
  test('is posted entry by entry, and what cannot be is named row by row while the rest goes on', async () => {
    bookId = await openTestBook(bench);
    const content = [
      'Belegnummer;Datum;Konto;Soll;Haben;Buchungstext',
      'A1;31.01.2026;6850;1.234,50;;Büromaterial',
      'A1;31.01.2026;1000;;1.234,50;Büromaterial',
      'A2;31.01.2026;6850;10,00;;Unbalanced',
      'A2;31.01.2026;1000;;9,99;Unbalanced',
      'A3;31.02.2026;6850;10,00;;No such day',
      'A3;28.02.2026;1000;;10,00;No such day',
      'A4;01.03.2026;7777;5,00;;No such account',
      'A4;01.03.2026;1000;;5,00;No such account',
      'A5;02.03.2026;6850;7,00;;Last',
      'A5;02.03.2026;1000;;7,00;Last',
    ].join('\r\n');
    const result = await importing(content, { kind: 'JOURNAL' });
    expect(result).toMatchObject({
      status: 'PARTLY_SUCCEEDED',
      rowsRead: 10,
      rowsApplied: 4,
      recordsMade: 2,
      recordsKnown: 0,
    });
    expect(result.problems.map(({ row, column, entry, error }) => [row, column, entry, error.code])).toEqual([
      [6, 'Datum', 'A3', 'DATE_INVALID'],
      [4, null, 'A2', 'ENTRY_UNBALANCED'],
      [7, null, 'A3', 'ENTRY_INCOMPLETE'],
      [8, null, 'A4', 'ACCOUNT_UNKNOWN'],
    ]);
    expect(await balances()).toEqual({ '6850 EUR': '1241.50', '1000 EUR': '-1241.50' });
    const file = await bench.services.files.read(bench.actor().organisationId, result.errorFile?.id ?? '');
    expect(Buffer.from(file).toString('utf8').split('\r\n')[1]).toContain('6,Datum,A3,DATE_INVALID,');
  });
});
