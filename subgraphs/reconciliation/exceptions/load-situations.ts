import { addDays, dateOf } from '#kernel/calendar';
import type { Ask } from '../matches/find-concerned.ts';
import type { ExceptionEvidence } from '../triage/evidence.ts';
import { defaultPolicy, type StoredPolicy } from '../triage/policy.ts';
import type { ExceptionReason } from '../triage/reasons.ts';
import { earlierOf, type History } from './history.ts';
import { loadCandidates } from './load-candidates.ts';
import type { Situation } from './propose-resolutions.ts';

interface SituationRow {
  readonly id: string;
  readonly book_id: string;
  readonly status: string;
  readonly reason: string;
  readonly detail: string;
  readonly evidence: ExceptionEvidence;
  readonly statement_status: string | null;
  readonly subject_id: string | null;
  readonly line_id: string | null;
  readonly minor: string;
  readonly currency: string;
  readonly booked_on: string;
  readonly counterparty_name: string | null;
  readonly text: string;
  readonly settings: StoredPolicy | null;
}

/** An exception with what its ways out depend on, and how many earlier lines were like its own. */
export interface LoadedSituation {
  readonly situation: Situation;
  readonly open: boolean;
  readonly sameAs: number;
}

/** In so many days an answer can be hoped for. */
const daysToAnswer = 7;

/** Loads what the ways out of exceptions depend on, many at once; `historyOf` answers what a book has learned. */
export async function loadSituations(
  ask: Ask,
  exceptionIds: readonly string[],
  { now, historyOf }: { readonly now: Date; readonly historyOf: (bookId: string) => Promise<History> },
): Promise<Map<string, LoadedSituation>> {
  const rows = await ask<SituationRow>(
    `select e.id, e.book_id, e.status, e.reason, e.detail, e.evidence, e.line_id, e.subject_id,
            s.status as statement_status, l.minor::text as minor, l.currency, l.booked_on::text as booked_on,
            l.counterparty_name, left(l.remittance, 1000) as text, p.settings
       from reconciliation.exception e
       left join reconciliation.statement_line l on l.id = e.line_id
       left join reconciliation.bank_statement s on s.id = e.statement_id
       left join reconciliation.exception_policy p on p.book_id = e.book_id
      where e.id = any($1)`,
    [exceptionIds],
  );
  const loaded = new Map<string, LoadedSituation>();
  for (const [bookId, ofBook] of Map.groupBy(rows, (row) => row.book_id)) {
    const history = await historyOf(bookId);
    const candidates = await loadCandidates(ask, bookId, seenByLine(ofBook));
    for (const row of ofBook) {
      const { times, ...earlier } = row.line_id ? earlierOf(history, keyed(row, row.line_id)) : { times: 0 };
      loaded.set(row.id, {
        open: row.status === 'OPEN',
        sameAs: times,
        situation: {
          reason: row.reason as ExceptionReason,
          detail: row.detail,
          ...(row.line_id ? { line: keyed(row, row.line_id) } : {}),
          heldStatement: row.statement_status === 'QUARANTINED',
          candidates: candidates.get(row.line_id ?? '') ?? [],
          earlier,
          chargesAccountCode:
            (row.settings ?? defaultPolicy).chargesAccountCode ?? history.chargesAccountCode,
          followUpOn: addDays(dateOf(now), daysToAnswer),
        },
      });
    }
  }
  return loaded;
}

function keyed(row: SituationRow, id: string) {
  return {
    id,
    minor: BigInt(row.minor),
    currency: row.currency,
    bookedOn: row.booked_on,
    counterpartyName: row.counterparty_name,
    text: row.text,
  };
}

/** What the matcher saw for each line of an open exception. */
function seenByLine(rows: readonly SituationRow[]): Map<string, readonly string[]> {
  return new Map(
    rows.flatMap(({ status, line_id: lineId, evidence }) =>
      lineId && status === 'OPEN'
        ? [[lineId, (evidence.candidates ?? []).map(({ openItemId }) => openItemId)] as const]
        : [],
    ),
  );
}
