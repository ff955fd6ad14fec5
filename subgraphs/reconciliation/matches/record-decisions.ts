import type { Transaction } from '#kernel/command';
import { bandOf } from '../matching/calibrate.ts';

/** What became of a match, or of what was counted before. */
export type Outcome = 'confirmed' | 'stood' | 'declined' | 'undone';

/** A decision, or with `taken` the end of an earlier one. */
export interface Decision {
  readonly method: string;
  /** What the matcher said, in basis points. */
  readonly rawConfidence: number;
  readonly outcome: Outcome;
  readonly taken?: boolean;
}

/** Older decisions of a band fade once there are more than this many, so that a book notices when things change. */
const mostRemembered = 2_000;

/** Counts what became of matches, for the book to calibrate itself on; matches by hand were nobody's guess. */
export async function recordDecisions(
  transaction: Transaction,
  bookId: string,
  decisions: readonly Decision[],
): Promise<void> {
  const counted = decisions.filter(({ method }) => method !== 'manual');
  const added = counts(counted.filter((one) => !one.taken));
  const removed = counts(counted.filter((one) => one.taken));
  if (removed.length > 0) {
    await transaction.query(
      `update reconciliation.matching_history h
          set confirmed = greatest(0, h.confirmed - r.confirmed), stood = greatest(0, h.stood - r.stood),
              declined = greatest(0, h.declined - r.declined), undone = greatest(0, h.undone - r.undone)
         from jsonb_to_recordset($2::jsonb) as r (method text, band int, confirmed int, stood int, declined int, undone int)
        where h.book_id = $1 and h.method = r.method and h.band = r.band`,
      [bookId, JSON.stringify(removed)],
    );
  }
  if (added.length === 0) return;
  await transaction.query(
    `insert into reconciliation.matching_history as h
       (organisation_id, book_id, method, band, confirmed, stood, declined, undone)
     select $1, $2, r.* from jsonb_to_recordset($3::jsonb)
       as r (method text, band int, confirmed int, stood int, declined int, undone int)
     on conflict (organisation_id, book_id, method, band) do update
       set (confirmed, stood, declined, undone) = (
         select (h.confirmed::bigint * kept / seen)::int + excluded.confirmed, (h.stood::bigint * kept / seen)::int + excluded.stood,
                (h.declined::bigint * kept / seen)::int + excluded.declined, (h.undone::bigint * kept / seen)::int + excluded.undone
           from (select seen, least(seen, $4) as kept
                   from (select greatest(1, h.confirmed + h.stood + h.declined + h.undone) as seen) s) f)`,
    [transaction.organisationId, bookId, JSON.stringify(added), mostRemembered],
  );
}

function counts(decisions: readonly Decision[]) {
  const groups = Map.groupBy(decisions, ({ method, rawConfidence }) => `${method} ${bandOf(rawConfidence)}`);
  return [...groups.values()].map((group) => {
    const of = (outcome: Outcome) => group.filter((one) => one.outcome === outcome).length;
    return {
      method: group[0]?.method ?? '',
      band: bandOf(group[0]?.rawConfidence ?? 0),
      confirmed: of('confirmed'),
      stood: of('stood'),
      declined: of('declined'),
      undone: of('undone'),
    };
  });
}
