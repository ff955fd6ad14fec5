import { byBatch, byColumn, byId, byParent, type Loader } from '#kernel/loaders';
import {
  BankAccountEntity,
  BankStatementEntity,
  ExceptionEntity,
  MatchEntity,
  OpenItemEntity,
  StatementLineEntity,
  type Match,
  type StatementLine,
} from './entities.ts';

export const bankAccountById = byId(BankAccountEntity);
export const statementById = byId(BankStatementEntity);
export const lineById = byId(StatementLineEntity);
export const openItemById = byId(OpenItemEntity);
export const openItemByEntry = byColumn(OpenItemEntity, 'journalEntryId');
export const matchById = byId(MatchEntity);
export const exceptionById = byId(ExceptionEntity);
const exceptionsByLine = byParent(ExceptionEntity, 'lineId', { id: 'desc' });

/** What is open of a line's exceptions, or else the last of them. */
export const exceptionByLine: Loader<Awaited<ReturnType<typeof latestException>>> = byBatch(
  (lineIds, context) => Promise.all(lineIds.map((lineId) => latestException(lineId, context))),
);

async function latestException(lineId: string, context: Parameters<typeof exceptionsByLine>[0]) {
  const all = await exceptionsByLine(context).load(lineId);
  return all.find((one) => one.status === 'OPEN') ?? all[0] ?? null;
}

/** An item of a match with what the match takes of it. */
export interface AppliedItem {
  readonly openItemId: string;
  readonly minor: bigint;
  readonly currency: string;
}

export const itemsByMatch = byBatch<AppliedItem[]>(async (matchIds, context) => {
  const rows = await context.sql<{ match_id: string; open_item_id: string; minor: string; currency: string }>(
    `select match_id, open_item_id, applied_minor::text as minor, currency from reconciliation.match_item
      where match_id = any($1) order by match_id, open_item_id`,
    [matchIds],
  );
  const groups = Map.groupBy(rows, (row) => row.match_id);
  return matchIds.map((id) =>
    (groups.get(id) ?? []).map((row) => ({
      openItemId: row.open_item_id,
      minor: BigInt(row.minor),
      currency: row.currency,
    })),
  );
});

export const linesByMatch = byBatch<StatementLine[]>(async (matchIds, context) => {
  const rows = await context.sql<{ match_id: string; line_id: string }>(
    `select m.match_id, m.line_id from reconciliation.match_line m
       join reconciliation.statement_line l on l.id = m.line_id
      where m.match_id = any($1) order by l.booked_on, l.id`,
    [matchIds],
  );
  const lines = await lineById(context).loadMany(rows.map((row) => row.line_id));
  const groups = Map.groupBy(
    rows.map((row, at) => ({ matchId: row.match_id, line: lines[at] })),
    (one) => one.matchId,
  );
  return matchIds.map((id) =>
    (groups.get(id) ?? []).flatMap(({ line }) => (line && 'id' in line ? [line] : [])),
  );
});

/** The match in which a line stands, suggested or accepted. */
export const matchByLine = byBatch<Match | null>(async (lineIds, context) => {
  const rows = await context.sql<{ match_id: string; line_id: string }>(
    'select match_id, line_id from reconciliation.match_line where live and line_id = any($1)',
    [lineIds],
  );
  const found = new Map(rows.map((row) => [row.line_id, row.match_id]));
  return Promise.all(
    lineIds.map(async (lineId) => {
      const matchId = found.get(lineId);
      return matchId === undefined ? null : matchById(context).load(matchId);
    }),
  );
});

/** The last closing balance of each account, in minor units. */
export const balanceByAccount = byBatch<bigint | null>(async (accountIds, context) => {
  const rows = await context.sql<{ bank_account_id: string; minor: string }>(
    `select distinct on (bank_account_id) bank_account_id, closing_minor::text as minor
       from reconciliation.bank_statement
      where bank_account_id = any($1) and closing_minor is not null and status = 'IMPORTED'
      order by bank_account_id, ends_on desc nulls last, id desc`,
    [accountIds],
  );
  const found = new Map(rows.map((row) => [row.bank_account_id, BigInt(row.minor)]));
  return accountIds.map((id) => found.get(id) ?? null);
});

/** How the lines of an account stand, by state, with what they come to in minor units. */
export interface LineCount {
  readonly status: string;
  readonly count: number;
  readonly minor: bigint;
  readonly currency: string;
}

export const countsByAccount = byBatch<LineCount[]>(async (accountIds, context) => {
  const rows = await context.sql<{
    account: string;
    status: string;
    count: number;
    minor: string;
    currency: string;
  }>(
    `select bank_account_id as account, status, currency, count(*)::int as count, sum(minor)::text as minor
       from reconciliation.statement_line where bank_account_id = any($1)
      group by bank_account_id, status, currency order by currency`,
    [accountIds],
  );
  const groups = Map.groupBy(rows, (row) => row.account);
  return accountIds.map((id) => (groups.get(id) ?? []).map((row) => ({ ...row, minor: BigInt(row.minor) })));
});
