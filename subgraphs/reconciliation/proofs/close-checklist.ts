import { calendarDate, endOfMonth, startOfMonth } from '#kernel/calendar';
import {
  checklistDays,
  checklistId,
  checklistItemType,
  countedItem,
  mostTargets,
  type ChecklistItem,
} from '#kernel/close-checklist';
import { extension } from '#kernel/graphql-types';
import type { Context } from '#kernel/context';
import { money } from '#kernel/money';
import { graph } from '../graph.ts';
import { scope } from '../schema-values.ts';
import { monthOfAccounts, type AccountMonth } from './account-months.ts';
import { AccountMonthType } from './schema-account-months.ts';

interface Counted {
  readonly key: string;
  readonly currency: string | null;
  readonly count: number;
  readonly minor: string | null;
  readonly targets: readonly string[] | null;
}

const list = `(array_agg(x.id order by x.id))[1:${mostTargets}] as targets`;
const bare = `null::text as currency, count(*)::int as count, null::text as minor, ${list}`;
const summed = `x.currency, count(*)::int as count, sum(x.minor)::text as minor, ${list}`;

/** A bank account whose statements do not reach the last day may still hide lines of these days. */
const counts = `
  select 'UNMATCHED_LINES' as key, ${summed} from reconciliation.statement_line x
   where x.book_id = $1 and x.booked_on between $2 and $3 and x.status in ('UNMATCHED', 'SUGGESTED', 'EXCEPTION')
   group by x.currency
   union all
  select 'STATEMENTS_HELD', ${bare} from reconciliation.bank_statement x
   where x.book_id = $1 and x.status = 'QUARANTINED' and coalesce(x.starts_on, $2) <= $3
   union all
  select 'STATEMENTS_COMPLETE', ${bare} from reconciliation.bank_account x
   where x.book_id = $1 and not exists (
     select 1 from reconciliation.bank_statement s
      where s.organisation_id = x.organisation_id and s.bank_account_id = x.id and s.status = 'IMPORTED'
        and s.ends_on >= $3)
   union all
  select 'EXCEPTIONS_' || x.severity, ${bare} from reconciliation.exception x
    left join reconciliation.statement_line l on l.organisation_id = x.organisation_id and l.id = x.line_id
   where x.book_id = $1 and x.status = 'OPEN' and x.reason <> 'FEE_DIFFERS'
     and coalesce(l.booked_on, x.raised_at::date) <= $3
   group by x.severity
   union all
  select 'FEES_AGREE', ${bare} from reconciliation.exception x
   where x.book_id = $1 and x.status = 'OPEN' and x.reason = 'FEE_DIFFERS' and x.raised_at::date >= $2
   union all
  select 'PAYOUTS_SETTLED', ${summed} from reconciliation.payout x
   where x.book_id = $1 and not x.failed and x.minor <> 0
     and coalesce(x.arrives_on, x.initiated_on) between $2 and $3
     and not exists (select 1 from reconciliation.match m
                      where m.organisation_id = x.organisation_id and m.payout_id = x.id and m.status = 'ACCEPTED')
   group by x.currency`;

/** What is said of a point when something is left and when nothing is. */
type Words = Pick<Parameters<typeof countedItem>[0], 'title' | 'severity' | 'left' | 'nothing'>;

const points: readonly (Words & { readonly key: string; readonly type: string })[] = [
  {
    key: 'UNMATCHED_LINES',
    type: 'StatementLine',
    title: 'Match or book the bank lines',
    severity: 'HIGH',
    left: 'bank lines of these days are neither matched nor booked',
    nothing: 'Every bank line is matched or booked.',
  },
  {
    key: 'STATEMENTS_HELD',
    type: 'BankStatement',
    title: 'Put right the statements that were held back',
    severity: 'HIGH',
    left: 'statements do not add up or do not go on',
    nothing: 'No statement is held back.',
  },
  {
    key: 'STATEMENTS_COMPLETE',
    type: 'BankAccount',
    title: 'Import the statements up to the last day',
    severity: 'MEDIUM',
    left: 'bank accounts have no statement that reaches the last day',
    nothing: 'The statements of every bank account reach the last day.',
  },
  ...(['HIGH', 'MEDIUM', 'LOW'] as const).map((severity) => ({
    key: `EXCEPTIONS_${severity}`,
    type: 'Exception',
    title: `Deal with the exceptions of severity ${severity}`,
    severity,
    left: `exceptions of severity ${severity} are open`,
    nothing: `No exception of severity ${severity} is open.`,
  })),
  {
    key: 'PAYOUTS_SETTLED',
    type: 'Payout',
    title: 'Find the payouts of payment providers at the bank',
    severity: 'MEDIUM',
    left: 'payouts of these days are settled by no bank line',
    nothing: 'Every payout has come to the bank.',
  },
  {
    key: 'FEES_AGREE',
    type: 'Exception',
    title: 'Clear the fees that are not as agreed',
    severity: 'LOW',
    left: 'fees of payment providers are not what was agreed',
    nothing: 'No fee of a payment provider is other than agreed.',
  },
];

async function bankItems(id: string, context: Context): Promise<ChecklistItem[]> {
  const days = checklistDays(id);
  if (!days) return [];
  const rows = await context.sql<Counted>(counts, [days.bookId, days.startsOn, days.endsOn]);
  const accounts = await monthOfAccounts(context, days);
  return [
    ...points.map(({ type, ...words }) => {
      const own = rows.filter((row) => row.key === words.key);
      const amounts = own.flatMap(({ minor, currency }) =>
        minor === null || currency === null ? [] : [money(BigInt(minor), currency)],
      );
      return countedItem({
        ...words,
        count: own.reduce((sum, row) => sum + row.count, 0),
        targets: targetsOf(
          type,
          own.flatMap(({ targets }) => targets ?? []),
        ),
        ...(amounts.length > 0 ? { amounts } : {}),
      });
    }),
    provenItem(accounts),
  ];
}

function targetsOf(type: string, ids: readonly string[]): { type: string; id: string }[] {
  return ids.slice(0, mostTargets).map((id) => ({ type, id }));
}

function provenItem(accounts: readonly AccountMonth[]): ChecklistItem {
  const open = accounts.filter(({ verdict }) => verdict !== 'PROVEN');
  const amounts = open.flatMap(({ remainder }) => (remainder.minor === 0n ? [] : [remainder]));
  return countedItem({
    key: 'BALANCES_PROVEN',
    title: 'Prove the balance of every bank account',
    severity: 'HIGH',
    count: open.length,
    left: 'bank accounts have a balance at the last day that is not proven',
    nothing: 'The balance of every bank account is proven at the last day.',
    targets: targetsOf(
      'BankAccount',
      open.map((account) => account.id),
    ),
    ...(amounts.length > 0 ? { amounts } : {}),
  });
}

const ChecklistItemType = checklistItemType(graph, scope);

const CloseChecklistType = extension(graph, 'CloseChecklist', {
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    bankItems: t.field({
      type: [ChecklistItemType],
      nullable: true,
      description: 'The points of bank accounts and statements.',
      resolve: (checklist, _args, context) => bankItems(checklist.id, context),
    }),
    bankAccounts: t.field({
      type: [AccountMonthType],
      nullable: true,
      description: 'How far the statements of each bank account reach, and whether its balance is proven.',
      resolve: (checklist, _args, context) => {
        const days = checklistDays(checklist.id);
        return days ? monthOfAccounts(context, days) : [];
      },
    }),
  }),
});

graph.builder.queryField('monthlyChecklist', (t) =>
  t.field({
    type: CloseChecklistType,
    nullable: true,
    description:
      'What is to be done before a month is closed: documents, ledger, bank, approvals, connected systems.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: {
      bookId: t.arg.id({ required: true, description: 'The book.' }),
      month: t.arg({ type: 'Date', required: true, description: 'Any day of the month.' }),
    },
    resolve: (_root, { bookId, month }) => {
      const day = calendarDate(month);
      return { id: checklistId({ bookId, startsOn: startOfMonth(day), endsOn: endOfMonth(day) }) };
    },
  }),
);
