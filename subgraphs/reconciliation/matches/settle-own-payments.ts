import type { Transaction } from '#kernel/command';
import { money, type Money } from '#kernel/money';
import { matchOwnPayments, type OwnPayment, type PaymentSighting } from '../matching/own-payments.ts';
import type { DifferenceSplit } from '../matching/split-difference.ts';
import { settleMatches } from './settle-matches.ts';
import { storeMatches, withdrawMatchesOfLines } from './store-matches.ts';

/** What the ids of payments look like in the texts of banks; the matching itself looks closer. */
const ours = '[EP][0-7][0-9A-HJKMNP-TV-Z]{25}';

interface PaymentRow {
  readonly end_to_end_id: string;
  readonly batch_id: string;
  readonly open_item_id: string;
  readonly minor: bigint;
  readonly settles_minor: bigint;
  readonly currency: string;
  readonly return_line_id: string | null;
}

interface LineRow {
  readonly id: string;
  readonly bank_account_id: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly refs: string[];
  readonly remittance: string;
}

/**
 * Settles what open lines show of payments that were ordered here, before any run of the matcher looks at them. People
 * have approved these payments, so nobody is asked once more; what a person took apart stays apart. Answers the number
 * of matches.
 */
export async function settleOwnPayments(transaction: Transaction, bookId: string): Promise<number> {
  const payments = await transaction.query<PaymentRow>(
    `select p.end_to_end_id, p.batch_id, p.open_item_id, p.minor, p.settles_minor, p.currency, p.return_line_id
       from reconciliation.payment_line p join reconciliation.open_item o on o.id = p.open_item_id
      where p.book_id = $1 and p.batch_id is not null
        and ((p.live and -o.open_minor >= p.settles_minor)
             or (p.return_line_id is not null
                 and exists (select 1 from reconciliation.payment_line other where other.batch_id = p.batch_id and other.live)))
      order by p.id`,
    [bookId],
  );
  if (payments.length === 0) return 0;
  const lines = await transaction.query<LineRow>(
    `select id, bank_account_id, minor, currency, refs, remittance
       from reconciliation.statement_line
      where book_id = $1 and status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION') and not held
        and (upper(array_to_string(refs, ' ')) ~ $2 or upper(regexp_replace(remittance, '\\s', '', 'g')) ~ $2)
        and not exists (select 1 from reconciliation.exception e where e.line_id = statement_line.id and e.status = 'OPEN'
                           and e.reason in ('CLOSED_PERIOD', 'POSTING_REFUSED'))
      order by booked_on, id`,
    [bookId, ours],
  );
  const found = matchOwnPayments(lines.map(sightingOf), payments.map(paymentOf));
  const apart = await takenApart(
    transaction,
    found.flatMap((match) => match.lineIds),
  );
  const matches = found.filter(
    (match) => !match.lineIds.some((line) => match.items.some(({ id }) => apart.has(`${line} ${id}`))),
  );
  if (matches.length === 0) return 0;
  await withdrawMatchesOfLines(
    transaction,
    bookId,
    matches.flatMap((match) => match.lineIds),
  );
  const ids = await storeMatches(
    transaction,
    bookId,
    matches.map((match) => ({
      ...match,
      method: 'own-payment',
      confidence: 10_000,
      rawConfidence: 10_000,
      automatic: true,
      rivals: [],
      differenceSplits: splitsOf(match.difference),
    })),
  );
  await settleMatches(transaction, bookId, ids);
  return ids.length;
}

/** More is settled than was paid where a discount is taken, less where the bank kept a fee of what it sent back. */
function splitsOf(difference: Money | undefined): DifferenceSplit[] {
  if (difference === undefined) return [];
  return difference.minor > 0n
    ? [{ kind: 'EARLY_PAYMENT_DISCOUNT', amount: difference, detail: 'Discount taken for paying early' }]
    : [{ kind: 'BANK_CHARGE', amount: difference, detail: 'Charges the bank kept of what it returned' }];
}

function sightingOf(row: LineRow): PaymentSighting {
  return {
    id: row.id,
    bankAccountId: row.bank_account_id,
    amount: money(row.minor, row.currency),
    texts: [...row.refs, row.remittance],
  };
}

function paymentOf(row: PaymentRow): OwnPayment {
  return {
    endToEndId: row.end_to_end_id,
    batchId: row.batch_id,
    openItemId: row.open_item_id,
    pays: money(-row.minor, row.currency),
    settles: money(-row.settles_minor, row.currency),
    returnedBy: row.return_line_id ?? undefined,
  };
}

/** Lines and items that a person has declined or taken apart, each pair as one text. */
async function takenApart(transaction: Transaction, lineIds: readonly string[]): Promise<Set<string>> {
  const pairs = await transaction.query<{ pair: string }>(
    `select line_id || ' ' || open_item_id as pair from reconciliation.declined_pair where line_id = any($1)`,
    [lineIds],
  );
  return new Set(pairs.map(({ pair }) => pair));
}
