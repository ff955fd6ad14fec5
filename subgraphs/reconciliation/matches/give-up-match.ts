import type { Transaction } from '#kernel/command';
import type { LockedMatch } from './load-match.ts';

/**
 * Ends a match as DECLINED or UNDONE: its lines are unmatched again, and what it brought together is remembered, so
 * that no run brings it together again.
 */
export async function giveUpMatch(
  transaction: Transaction,
  match: LockedMatch,
  { status, reason }: { status: 'DECLINED' | 'UNDONE'; reason?: string },
): Promise<void> {
  await transaction.query(
    'update reconciliation.match set status = $2, decided_by = $3, decided_at = $4, reason = $5 where id = $1',
    [match.id, status, transaction.actor.memberId ?? null, transaction.now, reason ?? null],
  );
  await transaction.query('update reconciliation.match_line set live = false where match_id = $1', [
    match.id,
  ]);
  await transaction.query(
    "update reconciliation.statement_line set status = 'UNMATCHED' where id = any($1)",
    [match.lineIds],
  );
  await transaction.query(
    `insert into reconciliation.declined_pair (organisation_id, line_id, open_item_id, match_id)
     select $1, l.line_id, i.open_item_id, l.match_id
       from reconciliation.match_line l join reconciliation.match_item i on i.match_id = l.match_id
      where l.match_id = $2
     on conflict do nothing`,
    [transaction.organisationId, match.id],
  );
  transaction.audit({
    subjectType: 'Match',
    subjectId: match.id,
    before: { status: match.status },
    after: { status, reason },
  });
}

/** Gives the items of a match back what it had taken from them; what the ledger has reversed stays closed. */
export async function restoreItems(transaction: Transaction, matchId: string): Promise<void> {
  await transaction.query(
    `update reconciliation.open_item o set open_minor = o.open_minor + i.applied_minor
       from reconciliation.match_item i
      where i.match_id = $1 and o.id = i.open_item_id and not o.reversed`,
    [matchId],
  );
}
