import { byBatch, byId, byParent } from '#kernel/loaders';
import { defaultPolicy, policyOf, type ExceptionPolicy, type StoredPolicy } from '../triage/policy.ts';
import {
  AssignmentRuleEntity,
  BookingRuleEntity,
  ExceptionCommentEntity,
  type BookingRule,
} from './entities.ts';
import type { History } from './history.ts';
import { loadHistory } from './load-history.ts';
import { loadSituations, type LoadedSituation } from './load-situations.ts';

export const assignmentRuleById = byId(AssignmentRuleEntity);
export const bookingRuleById = byId(BookingRuleEntity);
export const commentsByException = byParent(ExceptionCommentEntity, 'exceptionId', { id: 'asc' });

/** What each book has learned from its past. */
export const historyByBook = byBatch<History>((bookIds, context) =>
  Promise.all(bookIds.map((bookId) => loadHistory(context.sql, bookId))),
);

/** What the ways out of exceptions depend on. */
export const situationById = byBatch<LoadedSituation | undefined>(async (ids, context) => {
  const historyOf = (bookId: string) => historyByBook(context).load(bookId);
  const loaded = await loadSituations(context.sql, ids, { now: new Date(), historyOf });
  return ids.map((id) => loaded.get(id));
});

/** How a book deals with exceptions, with who hears of what is overdue, named or not. */
export const policyByBook = byBatch<ExceptionPolicy>(async (bookIds, context) => {
  const rows = await context.sql<{
    book_id: string;
    settings: StoredPolicy;
    version: number;
    escalates: boolean;
    escalateTo: string | null;
  }>(
    `select book_id, settings, version, escalates, escalate_to as "escalateTo"
       from reconciliation.exception_policy where book_id = any($1)`,
    [bookIds],
  );
  const [owner] = await context.sql<{ member: string | null }>(
    'select reconciliation.first_owner(kernel.organisation()) as member',
  );
  const found = new Map(rows.map((row) => [row.book_id, row]));
  return bookIds.map((bookId) => {
    const row = found.get(bookId);
    const policy = row ? policyOf(row.settings, row) : defaultPolicy;
    const hears = policy.escalates ? (policy.escalateTo ?? owner?.member ?? undefined) : undefined;
    return { ...policy, ...(hears === undefined ? {} : { escalateTo: hears }) };
  });
});

/** What a book knows about a reason. */
export interface KnowledgeNote {
  readonly reason: string;
  readonly note: string;
  readonly writtenAt: Date;
}

/** The notes of each book, by the names of their reasons. */
export const notesByBook = byBatch<KnowledgeNote[]>(async (bookIds, context) => {
  const rows = await context.sql<{
    book_id: string;
    reason: string;
    note: string;
    written_at: Date | string;
  }>(
    `select book_id, reason, note, written_at from reconciliation.reason_note
      where book_id = any($1) order by reason`,
    [bookIds],
  );
  const groups = Map.groupBy(rows, (row) => row.book_id);
  return bookIds.map((bookId) =>
    (groups.get(bookId) ?? []).map(({ reason, note, written_at: writtenAt }) => ({
      reason,
      note,
      writtenAt: new Date(writtenAt),
    })),
  );
});

/** The rule that booked a line, while it is booked so. */
export const bookingRuleByLine = byBatch<BookingRule | null>(async (lineIds, context) => {
  const rows = await context.sql<{ line_id: string; booking_rule_id: string }>(
    `select line_id, booking_rule_id from reconciliation.rule_booking
      where line_id = any($1) and undone_at is null`,
    [lineIds],
  );
  const found = new Map(rows.map((row) => [row.line_id, row.booking_rule_id]));
  return Promise.all(
    lineIds.map(async (lineId) => {
      const ruleId = found.get(lineId);
      return ruleId === undefined ? null : bookingRuleById(context).load(ruleId);
    }),
  );
});

/** How many lines a rule has booked, and how many of those bookings were taken back. */
export interface RuleBookings {
  readonly booked: number;
  readonly undone: number;
}

export const bookingsByRule = byBatch<RuleBookings>(async (ruleIds, context) => {
  const rows = await context.sql<RuleBookings & { rule: string }>(
    `select booking_rule_id as rule, count(*)::int as booked, count(undone_at)::int as undone
       from reconciliation.rule_booking where booking_rule_id = any($1) group by booking_rule_id`,
    [ruleIds],
  );
  const found = new Map(rows.map((row) => [row.rule, row]));
  return ruleIds.map((id) => found.get(id) ?? { booked: 0, undone: 0 });
});

/** How many exceptions of a reason are open. */
export interface ReasonCount {
  readonly reason: string;
  readonly open: number;
  readonly overdue: number;
  readonly escalated: number;
  readonly unassigned: number;
}

/** The open exceptions of each book by reason, the most frequent first. */
export const countsByBook = byBatch<ReasonCount[]>(async (bookIds, context) => {
  const rows = await context.sql<ReasonCount & { book_id: string }>(
    `select book_id, reason, count(*)::int as open, count(*) filter (where due_at <= now())::int as overdue,
            count(escalated_at)::int as escalated, count(*) filter (where owner_id is null)::int as unassigned
       from reconciliation.exception where book_id = any($1) and status = 'OPEN'
      group by book_id, reason order by open desc, reason`,
    [bookIds],
  );
  const groups = Map.groupBy(rows, (row) => row.book_id);
  return bookIds.map((bookId) => groups.get(bookId) ?? []);
});
