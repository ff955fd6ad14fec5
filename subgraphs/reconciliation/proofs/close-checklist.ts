import {
  checklistDays,
  checklistItemType,
  countedItem,
  mostTargets,
  type ChecklistItem,
} from '#kernel/close-checklist';
import { extension } from '#kernel/graphql-types';
import type { Context } from '#kernel/context';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';

interface Counted {
  readonly key: string;
  readonly count: number;
  readonly targets: readonly string[] | null;
}

const list = `(array_agg(x.id order by x.id))[1:${mostTargets}] as targets`;

/** A bank account whose statements do not reach the last day may still hide lines of these days. */
const counts = `
  select 'UNMATCHED_LINES' as key, count(*)::int as count, ${list} from reconciliation.statement_line x
   where x.book_id = $1 and x.booked_on between $2 and $3 and x.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION')
   union all
  select 'STATEMENTS_HELD', count(*)::int, ${list} from reconciliation.bank_statement x
   where x.book_id = $1 and x.status = 'QUARANTINED' and coalesce(x.starts_on, $2) <= $3
   union all
  select 'STATEMENTS_COMPLETE', count(*)::int, ${list} from reconciliation.bank_account x
   where x.book_id = $1 and not exists (
     select 1 from reconciliation.bank_statement s
      where s.organisation_id = x.organisation_id and s.bank_account_id = x.id and s.status = 'IMPORTED'
        and s.ends_on >= $3)`;

async function bankItems(id: string, context: Context): Promise<ChecklistItem[]> {
  const days = checklistDays(id);
  if (!days) return [];
  const rows = await context.sql<Counted>(counts, [days.bookId, days.startsOn, days.endsOn]);
  const of = (key: string, type: string) => {
    const row = rows.find((one) => one.key === key);
    const targets = (row?.targets ?? []).map((target) => ({ type, id: target }));
    return { key, count: row?.count ?? 0, targets };
  };
  return [
    countedItem({
      ...of('UNMATCHED_LINES', 'StatementLine'),
      title: 'Match or book the bank lines',
      severity: 'HIGH',
      left: 'bank lines of these days are neither matched nor booked',
      nothing: 'Every bank line is matched or booked.',
    }),
    countedItem({
      ...of('STATEMENTS_HELD', 'BankStatement'),
      title: 'Put right the statements that were held back',
      severity: 'HIGH',
      left: 'statements do not add up or do not go on',
      nothing: 'No statement is held back.',
    }),
    countedItem({
      ...of('STATEMENTS_COMPLETE', 'BankAccount'),
      title: 'Import the statements up to the last day',
      severity: 'MEDIUM',
      left: `bank accounts have no statement that reaches ${days.endsOn}`,
      nothing: 'The statements of every bank account reach the last day.',
    }),
  ];
}

const ChecklistItemType = checklistItemType(graph, scope);

extension(graph, 'CloseChecklist', {
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    bankItems: t.field({
      type: [ChecklistItemType],
      nullable: true,
      description: 'The points of bank accounts and statements.',
      resolve: (checklist, _args, context) => bankItems(checklist.id, context),
    }),
  }),
});
