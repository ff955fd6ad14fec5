import type { Money } from '#kernel/money';
import type { ReportTable, TableRow } from '#kernel/report-table';
import type { RunQuery } from '../rates/rate-for.ts';
import { closing, total, type AccountSum, type ReportAccount, type ReportDays } from './account-sums.ts';
import { loadSums, type ReportBook } from './load-sums.ts';
import { daysText, subtitle, type TableSubject } from './report-table.ts';
import { compareText } from './statement.ts';

interface LineRow {
  readonly posted_on: string;
  readonly sequence: string;
  readonly position: number;
  readonly number: string;
  readonly description: string;
  readonly side: 'DEBIT' | 'CREDIT';
  readonly minor: string;
  readonly currency: string;
  readonly functional: string | null;
}

const batchSize = 2000;
const linesText = `
  select l.posted_on::text as posted_on, e.sequence::text as sequence, l.position, e.number,
         coalesce(l.memo, e.description) as description, l.side, l.minor::text as minor, l.currency,
         l.functional_minor::text as functional
    from transactions.journal_line l
    join transactions.journal_entry e on e.organisation_id = l.organisation_id and e.id = l.journal_entry_id
   where l.account_id = $1 and l.posted_on between $2 and $3
     and (l.posted_on, e.sequence, l.position) > ($2, $4::bigint, $5::int)
     and ($6::jsonb = '{}' or (l.dimensions <> '{}' and l.dimensions @> $6::jsonb))
   order by l.posted_on, e.sequence, l.position limit ${batchSize}`;

/** The general ledger of some days as a table: every account with its opening balance, its lines and its balance. */
export async function generalLedgerTable(
  run: RunQuery,
  subject: TableSubject,
  options: ReportDays & {
    readonly accounts: ReadonlyMap<string, ReportAccount>;
    readonly accountId?: string | undefined;
  },
): Promise<ReportTable> {
  const { book, dimensions } = subject;
  const { from, to, accounts, accountId } = options;
  const only = accountId === undefined ? undefined : [accountId];
  const sums = await loadSums(run, book, { from, to, accounts, dimensions, ...(only ? { only } : {}) });
  const ofAccount = [...Map.groupBy(sums.rows, ({ account }) => account)].toSorted(([a], [b]) =>
    compareText(a.code, b.code),
  );
  const { currency } = book;
  return {
    name: 'general-ledger',
    title: 'General ledger',
    owner: book.legalName,
    subtitle: subtitle(subject, daysText({ from, to }), currency),
    columns: [
      { label: 'Day', kind: 'TEXT', share: 2 },
      { label: 'Entry', kind: 'TEXT', share: 2.6 },
      { label: 'Text', kind: 'TEXT', share: 7 },
      { label: 'Currency', kind: 'TEXT', share: 1.6 },
      { label: 'Amount', kind: 'MONEY', share: 3 },
      { label: `Debit ${currency}`, kind: 'MONEY', share: 3 },
      { label: `Credit ${currency}`, kind: 'MONEY', share: 3 },
      { label: `Balance ${currency}`, kind: 'MONEY', share: 3 },
    ],
    rows: ledgerRows(ofAccount, (account) => linesOf(run, account, { ...options, ...subject })),
    notes: [],
  };
}

async function* ledgerRows(
  ofAccount: readonly (readonly [ReportAccount, readonly AccountSum[]])[],
  linesOfAccount: (account: ReportAccount) => AsyncIterable<LineRow>,
): AsyncGenerator<TableRow> {
  for (const [account, rows] of ofAccount) {
    const money = (minor: bigint): Money => ({ minor, currency: account.bookCurrency });
    let balance = total(rows, ({ functional }) => functional.opening);
    yield { kind: 'HEADING', depth: 0, cells: [account.code, '', account.name, '', null, null, null, null] };
    yield {
      kind: 'LINE',
      depth: 0,
      cells: ['', '', 'Opening balance', '', null, null, null, money(balance)],
    };
    for await (const line of linesOfAccount(account)) {
      const worth = BigInt(line.functional ?? 0);
      const isDebit = line.side === 'DEBIT';
      balance += isDebit ? worth : -worth;
      const amount = { minor: isDebit ? BigInt(line.minor) : -BigInt(line.minor), currency: line.currency };
      const columns = isDebit ? [money(worth), null] : [null, money(worth)];
      yield {
        kind: 'LINE',
        depth: 0,
        cells: [
          line.posted_on,
          line.number,
          line.description,
          line.currency,
          amount,
          ...columns,
          money(balance),
        ],
      };
    }
    const [debit, credit] = [
      total(rows, ({ functional }) => functional.debit),
      total(rows, ({ functional }) => functional.credit),
    ];
    const end = total(rows, ({ functional }) => closing(functional));
    yield {
      kind: 'TOTAL',
      depth: 0,
      cells: ['', '', 'Closing balance', '', null, money(debit), money(credit), money(end)],
    };
  }
}

async function* linesOf(
  run: RunQuery,
  account: ReportAccount,
  { from, to, dimensions }: ReportDays & { readonly book: ReportBook; readonly dimensions: object },
): AsyncGenerator<LineRow> {
  const filter = JSON.stringify(dimensions);
  for (let place = { day: from, sequence: '0', position: 0 }; ;) {
    const rows = await run<LineRow>(linesText, [
      account.id,
      place.day,
      to,
      place.sequence,
      place.position,
      filter,
    ]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < batchSize) return;
    place = { day: last.posted_on, sequence: last.sequence, position: last.position };
  }
}
