import type { Page, PageArgs } from '#kernel/graphql-connection';
import type { ReportTable, TableRow } from '#kernel/report-table';
import { accountOf } from '../ledger/chart-of-accounts.ts';
import { withoutReceipt } from '../ledger/close-checklist.ts';
import type { RunQuery } from '../rates/rate-for.ts';
import { ledgerPage, type LedgerLine, type LineSelection } from './ledger-lines.ts';
import { daysText } from './report-table.ts';
import { accountsOf, columnsOf } from './reports.ts';

/** What of the books somebody has still to complete. */
export type OpenPoints = 'MISSING_RECEIPTS' | 'UNMAPPED_LINES';

/** The days of a book; the last fiscal year up to today when left out. */
export interface OpenPointsRequest {
  readonly bookId: string;
  readonly from?: string | undefined;
  readonly to: string;
}

const pageLength = 500;

/** Lines that lack something: a receipt, or an account of their own. Throws NOT_FOUND. */
export async function openPoints(
  run: RunQuery,
  what: OpenPoints,
  request: OpenPointsRequest,
): Promise<{ owner: string; days: string; page: (args: PageArgs) => Promise<Page<LedgerLine>> }> {
  const { book, accounts } = await accountsOf(run, request.bookId);
  const [days] = columnsOf(book, { bookId: book.id, from: request.from, to: request.to });
  if (!days) throw new Error('A report has at least one column');
  const unmapped: readonly string[] = [accountOf.SUSPENSE, accountOf.DEFAULT_EXPENSE];
  const accountIds = [...accounts.values()]
    .filter(({ type, code }) =>
      what === 'MISSING_RECEIPTS'
        ? type === 'EXPENSE' && !withoutReceipt.includes(code)
        : unmapped.includes(code),
    )
    .map(({ id }) => id);
  const selection: LineSelection = {
    book,
    accountIds,
    ...days,
    ...(what === 'MISSING_RECEIPTS' ? { withoutDocument: true } : {}),
  };
  return {
    owner: book.legalName,
    days: daysText(days),
    page: (args) => ledgerPage(run, { ...selection, carried: false }, args),
  };
}

const titles: Readonly<Record<OpenPoints, { name: string; title: string }>> = {
  MISSING_RECEIPTS: { name: 'missing-receipts', title: 'Missing receipts' },
  UNMAPPED_LINES: { name: 'unmapped-lines', title: 'Lines without an account of their own' },
};

/** The same lines as a table. Throws NOT_FOUND. */
export async function openPointsTable(
  run: RunQuery,
  what: OpenPoints,
  request: OpenPointsRequest,
): Promise<ReportTable> {
  const { owner, days, page } = await openPoints(run, what, request);
  return {
    ...titles[what],
    owner,
    subtitle: days,
    columns: [
      { label: 'Day', kind: 'TEXT', share: 2 },
      { label: 'Entry', kind: 'TEXT', share: 3 },
      { label: 'Text', kind: 'TEXT', share: 8 },
      { label: 'Account', kind: 'TEXT', share: 2 },
      { label: 'Currency', kind: 'TEXT', share: 2 },
      { label: 'Amount', kind: 'MONEY', share: 3 },
    ],
    rows: rowsOf(run, page),
    notes: [],
  };
}

interface LineText {
  readonly entry: string;
  readonly position: number;
  readonly number: string;
  readonly text: string;
  readonly code: string;
}

const lineTexts = `
  select e.id as entry, l.position, e.number, coalesce(l.memo, e.description) as text, a.code
    from transactions.journal_entry e
    join transactions.journal_line l on l.organisation_id = e.organisation_id and l.journal_entry_id = e.id
    join transactions.account a on a.organisation_id = l.organisation_id and a.id = l.account_id
   where e.id = any ($1::text[])`;

async function* rowsOf(
  run: RunQuery,
  page: (args: PageArgs) => Promise<Page<LedgerLine>>,
): AsyncGenerator<TableRow> {
  for (let after: string | null = null; ;) {
    const { edges, pageInfo }: Page<LedgerLine> = await page({ first: pageLength, after });
    const texts = await run<LineText>(lineTexts, [[...new Set(edges.map(({ node }) => node.entryId))]]);
    const known = new Map(texts.map((row) => [`${row.entry} ${row.position}`, row]));
    for (const { node } of edges) {
      const row = known.get(`${node.entryId} ${node.position}`);
      const { amount } = node;
      const cells = [
        node.postedOn,
        row?.number ?? '',
        row?.text ?? '',
        row?.code ?? '',
        amount.currency,
        amount,
      ];
      yield { kind: 'LINE', depth: 0, cells };
    }
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}
