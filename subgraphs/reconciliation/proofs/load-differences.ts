import type { CalendarDate } from '#kernel/calendar';
import type { Ask } from '../matches/find-concerned.ts';
import type { ProofItem } from './prove.ts';

interface DifferenceRow {
  readonly id: string;
  readonly day: CalendarDate;
  readonly label: string | null;
  readonly journal_entry_id: string | null;
  readonly line_ids: readonly string[];
  readonly splits: readonly {
    readonly kind: string;
    readonly detail: string;
    readonly amount?: { readonly minor: string; readonly currency: string };
  }[];
}

const matches = `
  select m.id, l.day, l.label, l.line_ids, m.journal_entry_id, m.difference_splits as splits
    from reconciliation.match m
   cross join lateral (
     select max(s.booked_on) as day, min(s.counterparty_name) as label, array_agg(s.id order by s.id) as line_ids
       from reconciliation.match_line ml
       join reconciliation.statement_line s on s.organisation_id = ml.organisation_id and s.id = ml.line_id
      where ml.organisation_id = m.organisation_id and ml.match_id = m.id) l
   where m.bank_account_id = any ($1) and m.status = 'ACCEPTED' and m.difference_splits <> '[]'
     and l.day between $2 and $3
   order by l.day, m.id`;

/** What matches of these days booked as differences: charges, discounts, roundings, rates. They keep nothing apart. */
export async function loadDifferences(
  ask: Ask,
  { accountIds, from, asOf }: { accountIds: readonly string[]; from: CalendarDate; asOf: CalendarDate },
): Promise<ProofItem[]> {
  const rows = await ask<DifferenceRow>(matches, [accountIds, from, asOf]);
  return rows.flatMap((row) =>
    row.splits.flatMap((split): ProofItem[] =>
      split.amount && split.kind !== 'PARTIAL_PAYMENT'
        ? [
            {
              kind: 'DIFFERENCE_BOOKED',
              day: row.day,
              currency: split.amount.currency,
              effect: 0n,
              booked: BigInt(split.amount.minor),
              label: row.label ?? '',
              reference: split.kind,
              detail: split.detail,
              lineIds: [...row.line_ids],
              journalEntryIds: row.journal_entry_id === null ? [] : [row.journal_entry_id],
            },
          ]
        : [],
    ),
  );
}
