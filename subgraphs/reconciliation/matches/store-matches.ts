import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { Money } from '#kernel/money';
import { contentOfMatch } from './content-of-match.ts';
import type { MatchEvidence, MatchRival } from '../matching/model.ts';
import type { DifferenceSplit, StoredSplit } from '../matching/split-difference.ts';

/** A match that is to be stored; it begins as a suggestion. */
export interface NewMatch {
  readonly bankAccountId: string;
  readonly currency: string;
  readonly lineIds: readonly string[];
  readonly items: readonly { readonly id: string; readonly applied: Money }[];
  readonly method: string;
  readonly confidence: number;
  /** What the matcher said before the book's history was asked; the confidence unless given. */
  readonly rawConfidence?: number;
  readonly automatic: boolean;
  readonly evidence: readonly MatchEvidence[];
  readonly rivals: readonly MatchRival[];
  readonly difference?: Money;
  readonly differenceSplits?: readonly DifferenceSplit[];
}

/** Stores matches with their lines and items in three statements; answers their ids in order. */
export async function storeMatches(
  transaction: Transaction,
  bookId: string,
  matches: readonly NewMatch[],
): Promise<string[]> {
  if (matches.length === 0) return [];
  const rows = matches.map((match) => ({
    id: newId('ma'),
    bank_account_id: match.bankAccountId,
    method: match.method,
    confidence: match.confidence,
    raw_confidence: match.rawConfidence ?? match.confidence,
    automatic: match.automatic,
    evidence: match.evidence,
    rivals: match.rivals,
    difference_minor: match.difference ? String(match.difference.minor) : null,
    difference_splits: (match.differenceSplits ?? []).map(storedSplit),
    currency: match.currency,
    content: contentOfMatch(match),
  }));
  const ids = rows.map((row) => row.id);
  const { organisationId } = transaction;
  await transaction.query(
    `insert into reconciliation.match (organisation_id, book_id, status, created_at, id, bank_account_id, method,
       confidence, raw_confidence, automatic, evidence, rivals, difference_minor, difference_splits, currency, content)
     select $1, $2, 'SUGGESTED', $3, r.*
       from jsonb_to_recordset($4::jsonb) as r (id text, bank_account_id text, method text, confidence int,
         raw_confidence int, automatic boolean, evidence jsonb, rivals jsonb, difference_minor bigint,
         difference_splits jsonb, currency text, content text)`,
    [organisationId, bookId, transaction.now, JSON.stringify(rows)],
  );
  const lines = matches.flatMap((match, at) => match.lineIds.map((lineId) => [ids[at], lineId]));
  await transaction.query(
    `insert into reconciliation.match_line (organisation_id, match_id, line_id, live)
     select $1, r.match_id, r.line_id, true from unnest($2::text[], $3::text[]) as r (match_id, line_id)`,
    [organisationId, lines.map(([matchId]) => matchId), lines.map(([, lineId]) => lineId)],
  );
  const items = matches.flatMap((match, at) => match.items.map((item) => ({ ...item, matchId: ids[at] })));
  await transaction.query(
    `insert into reconciliation.match_item (organisation_id, match_id, open_item_id, applied_minor, currency)
     select $1, r.* from unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) as r (match_id, item_id, minor, currency)`,
    [
      organisationId,
      items.map((item) => item.matchId),
      items.map((item) => item.id),
      items.map((item) => String(item.applied.minor)),
      items.map((item) => item.applied.currency),
    ],
  );
  return ids;
}

function storedSplit({ amount, ...split }: DifferenceSplit): StoredSplit {
  return amount ? { ...split, amount: { minor: String(amount.minor), currency: amount.currency } } : split;
}

/** Takes suggestions back that no longer hold; their lines are unmatched again and the next run looks at them. */
export async function withdrawMatches(
  transaction: Transaction,
  bookId: string,
  matchIds: readonly string[],
): Promise<void> {
  if (matchIds.length === 0) return;
  await transaction.query(
    `update reconciliation.statement_line set status = 'UNMATCHED', looked_at = null
      where status = 'SUGGESTED'
        and id in (select line_id from reconciliation.match_line where match_id = any($1) and live)`,
    [matchIds],
  );
  const gone = await transaction.query<{ id: string }>(
    "delete from reconciliation.match where id = any($1) and status = 'SUGGESTED' returning id",
    [matchIds],
  );
  for (const { id } of gone) transaction.emit({ type: 'match.withdrawn', subjectId: id, bookId, facts: {} });
}

/** Takes the suggestions back in which one of the lines stands, because a person settles it otherwise. */
export async function withdrawMatchesOfLines(
  transaction: Transaction,
  bookId: string,
  lineIds: readonly string[],
): Promise<void> {
  const standing = await transaction.query<{ match_id: string }>(
    'select distinct match_id from reconciliation.match_line where line_id = any($1) and live',
    [lineIds],
  );
  await withdrawMatches(
    transaction,
    bookId,
    standing.map((row) => row.match_id),
  );
}
