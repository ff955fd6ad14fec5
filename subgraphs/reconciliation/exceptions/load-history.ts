import type { Ask } from '../matches/find-concerned.ts';
import type { DecidedLine } from './back-test.ts';
import { groupOf } from './find-recurrence.ts';
import { historyOf, type History } from './history.ts';

/** As much of the past as is looked at, the newest first. */
const mostDecided = 5_000;
const mostClosed = 1_000;

interface DecidedRow {
  readonly id: string;
  readonly booked_on: string;
  readonly minor: string;
  readonly currency: string;
  readonly counterparty_name: string | null;
  readonly text: string;
  readonly account_code: string | null;
  readonly memo: string | null;
}

/**
 * What people of a book have done with its lines. Bookings of rules are left out, so that no rule confirms itself;
 * lines matched by hand stand for a decision not to book.
 */
async function loadDecided(ask: Ask, bookId: string): Promise<DecidedLine[]> {
  const rows = await ask<DecidedRow>(
    `select l.id, l.booked_on::text as booked_on, l.minor::text as minor, l.currency, l.counterparty_name,
            left(l.remittance, 1000) as text, l.booked_account_code as account_code, l.booked_memo as memo
       from reconciliation.statement_line l
      where l.book_id = $1 and l.status in ('BOOKED', 'MATCHED')
        and case l.status
              when 'BOOKED' then not exists (select 1 from reconciliation.rule_booking b
                where b.line_id = l.id and b.undone_at is null)
              else exists (select 1 from reconciliation.match_line j join reconciliation.match m on m.id = j.match_id
                where j.line_id = l.id and j.live and m.method = 'manual') end
      order by l.booked_on desc, l.id desc limit $2`,
    [bookId, mostDecided],
  );
  return rows.map((row) => ({
    id: row.id,
    bookedOn: row.booked_on,
    minor: BigInt(row.minor),
    currency: row.currency,
    counterpartyName: row.counterparty_name,
    text: row.text,
    accountCode: row.account_code,
    memo: row.memo,
  }));
}

interface ClosedRow {
  readonly minor: string;
  readonly currency: string;
  readonly counterparty_name: string | null;
  readonly text: string;
  readonly resolution: string;
}

/** What a book has learned from its past. */
export async function loadHistory(ask: Ask, bookId: string): Promise<History> {
  const decided = await loadDecided(ask, bookId);
  const closed = await ask<ClosedRow>(
    `select l.minor::text as minor, l.currency, l.counterparty_name, left(l.remittance, 1000) as text, e.resolution
       from reconciliation.exception e join reconciliation.statement_line l on l.id = e.line_id
      where e.book_id = $1 and e.status = 'RESOLVED' and e.resolved_by is not null and l.status = 'UNMATCHED'
      order by e.id desc limit $2`,
    [bookId, mostClosed],
  );
  const inForce = await ask<{ key: string; currency: string }>(
    'select key, currency from reconciliation.booking_rule where book_id = $1 and retired_at is null',
    [bookId],
  );
  const declined = await ask<{ proposal_id: string }>(
    'select proposal_id from reconciliation.declined_rule_proposal where book_id = $1',
    [bookId],
  );
  return historyOf({
    decided,
    closed: closed.map((row) => ({
      minor: BigInt(row.minor),
      currency: row.currency,
      counterpartyName: row.counterparty_name,
      text: row.text,
      resolution: row.resolution,
    })),
    inForce: new Set(inForce.map((row) => groupOf(row.currency, row.key))),
    declinedProposals: new Set(declined.map((row) => row.proposal_id)),
  });
}
