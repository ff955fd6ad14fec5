import type { Transaction } from '#kernel/command';
import { calendarDate } from '#kernel/calendar';
import { CrossfootError, type ErrorCode } from '#kernel/errors';
import { absolute, formatMoney } from '#kernel/money';
import { balances, signedLine, type NewEntry, type NewLine } from '../ledger/entry.ts';
import { tryPostEntries } from '../ledger/post-entry.ts';
import type { Applied } from './applied.ts';
import type { LockedImport } from './import-status.ts';
import type { ImportProblem } from './store-problems.ts';

interface Balance {
  readonly account_code: string;
  readonly currency: string;
  readonly minor: bigint;
  readonly memo: string | null;
  readonly row_number: number;
  readonly rows: bigint;
}

/**
 * Posts all balances on the stage as one opening entry for each currency, all or none; rows of the same account and
 * currency are added up. A difference goes to the account that was named for it, and is refused otherwise.
 */
export async function applyOpening(transaction: Transaction, locked: LockedImport): Promise<Applied> {
  const found = await transaction.query<Balance>(
    `with taken as (
       delete from transactions.import_row where organisation_id = $2 and import_id = $1
       returning account_code, currency, side, minor, memo, row_number
     )
     select account_code, currency, sum(case side when 'DEBIT' then minor else -minor end)::bigint as minor,
            case when count(*) = 1 then min(memo) end as memo, min(row_number) as row_number, count(*) as rows
       from taken group by account_code, currency order by currency, account_code`,
    [locked.id, transaction.organisationId],
  );
  const rows = found.reduce((sum, one) => sum + Number(one.rows), 0);
  const refused = (problems: readonly ImportProblem[]): Applied => ({
    entry: locked.last_entry,
    rowsApplied: 0,
    rowsRefused: rows,
    made: 0,
    known: 0,
    problems,
  });
  const unknown = await unknownAccounts(transaction, locked, found);
  if (unknown.length > 0) return refused(unknown);
  try {
    const entries = openingEntries(locked, found);
    const outcome = await tryPostEntries(transaction, entries);
    if ('refused' in outcome)
      throw new CrossfootError(outcome.refused.code as ErrorCode, outcome.refused.message);
    const known = outcome.posted.filter(({ earlier }) => earlier).length;
    return { ...refused([]), rowsApplied: rows, rowsRefused: 0, made: outcome.posted.length - known, known };
  } catch (error) {
    if (!(error instanceof CrossfootError)) throw error;
    return refused([{ rowNumber: found[0]?.row_number ?? 1, code: error.code, message: error.message }]);
  }
}

function openingEntries(locked: LockedImport, found: readonly Balance[]): NewEntry[] {
  const { settings, book_id: bookId, file_id: fileId, started_by: postedBy } = locked;
  const byCurrency = Map.groupBy(found, ({ currency }) => currency);
  return [...byCurrency].flatMap(([currency, all]) => {
    const lines: NewLine[] = all.flatMap(({ account_code: code, minor, memo }) =>
      signedLine(code, { minor, currency }, memo ?? undefined),
    );
    const difference = balances(lines).get(currency) ?? 0n;
    if (difference !== 0n) {
      if (settings.differenceAccount === undefined) {
        const more = difference > 0n ? 'debits exceed credits' : 'credits exceed debits';
        const message = `Opening balances in ${currency}: ${more} by ${formatMoney(absolute({ minor: difference, currency }))}`;
        throw new CrossfootError('ENTRY_UNBALANCED', message);
      }
      lines.push(
        ...signedLine(
          settings.differenceAccount,
          { minor: -difference, currency },
          'Difference of the opening balances',
        ),
      );
    }
    if (lines.length === 0) return [];
    return [
      {
        bookId,
        kind: 'OPENING' as const,
        postedOn: calendarDate(settings.postedOn ?? ''),
        description: `Opening balances in ${currency}`,
        idempotencyKey: `import ${settings.series ?? ''} opening ${fileId} ${currency}`,
        ...(postedBy === null ? {} : { postedBy }),
        lines,
      },
    ];
  });
}

async function unknownAccounts(
  transaction: Transaction,
  locked: LockedImport,
  found: readonly Balance[],
): Promise<ImportProblem[]> {
  const known = await transaction.query<{ code: string }>(
    'select code from transactions.account where book_id = $1 and code = any($2::text[])',
    [locked.book_id, found.map((one) => one.account_code)],
  );
  const codes = new Set(known.map(({ code }) => code));
  return found
    .filter((one) => !codes.has(one.account_code))
    .map((one) => ({
      rowNumber: one.row_number,
      column: locked.settings.mapping.ACCOUNT,
      code: 'ACCOUNT_UNKNOWN' as const,
      message: `The book has no account ${one.account_code}`,
    }));
}
