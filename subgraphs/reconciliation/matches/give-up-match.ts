import type { Transaction } from '#kernel/command';
import { forgetAliasesOf } from './learn-aliases.ts';
import type { LockedMatch } from './load-match.ts';
import { recordDecisions, type Decision } from './record-decisions.ts';

/**
 * Ends a match as DECLINED or UNDONE: its lines are unmatched again, and what it brought together is remembered, so
 * that no run brings it together again. Counts as a mistake of the matcher unless `wrong` says it was none.
 */
export async function giveUpMatch(
  transaction: Transaction,
  match: LockedMatch,
  { status, reason, wrong = true }: { status: 'DECLINED' | 'UNDONE'; reason?: string; wrong?: boolean },
): Promise<void> {
  await transaction.query(
    'update reconciliation.match set status = $2, decided_by = $3, decided_at = $4, reason = $5 where id = $1',
    [match.id, status, transaction.actor.memberId ?? null, transaction.now, reason ?? null],
  );
  await transaction.query('update reconciliation.match_line set live = false where match_id = $1', [
    match.id,
  ]);
  await transaction.query(
    "update reconciliation.statement_line set status = 'UNMATCHED', looked_at = null where id = any($1)",
    [match.lineIds],
  );
  await transaction.query(
    `insert into reconciliation.declined_pair (organisation_id, book_id, line_id, open_item_id, match_id, declined_by,
       declined_at)
     select $1, $3, l.line_id, i.open_item_id, l.match_id, $4, $5
       from reconciliation.match_line l join reconciliation.match_item i on i.match_id = l.match_id
      where l.match_id = $2
     on conflict do nothing`,
    [transaction.organisationId, match.id, match.bookId, transaction.actor.memberId ?? null, transaction.now],
  );
  await recordDecisions(transaction, match.bookId, decisionsOf(match, { status, wrong }));
  await forgetAliasesOf(transaction, match.id);
  transaction.audit({
    subjectType: 'Match',
    subjectId: match.id,
    before: { status: match.status },
    after: { status, reason },
  });
}

/** An accepted match no longer counts as right; what was wrong counts as that. */
function decisionsOf(
  { method, rawConfidence, automatic, status: before }: LockedMatch,
  { status, wrong }: { status: 'DECLINED' | 'UNDONE'; wrong: boolean },
): Decision[] {
  const of = { method, rawConfidence };
  return [
    ...(before === 'ACCEPTED'
      ? [{ ...of, outcome: automatic ? ('stood' as const) : ('confirmed' as const), taken: true }]
      : []),
    ...(wrong
      ? [{ ...of, outcome: status === 'DECLINED' ? ('declined' as const) : ('undone' as const) }]
      : []),
  ];
}

/** Gives the items of a match back what it had taken from them; what the ledger has reversed stays closed. */
export async function restoreItems(transaction: Transaction, matchId: string): Promise<void> {
  await transaction.query(
    `with restored as (
       update reconciliation.open_item o set open_minor = o.open_minor + i.applied_minor
         from reconciliation.match_item i
        where i.match_id = $1 and o.id = i.open_item_id and not o.reversed
       returning o.organisation_id, o.book_id, o.id
     )
     insert into reconciliation.due_item (organisation_id, book_id, open_item_id)
     select organisation_id, book_id, id from restored on conflict do nothing`,
    [matchId],
  );
}
