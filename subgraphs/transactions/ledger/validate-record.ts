import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import { id } from '#kernel/input';
import type { Discrepancy } from './cross-foot.ts';
import { mostFound } from './validate-invariant.ts';

const discrepancy = z.object({
  invariant: z.string(),
  severity: z.enum(['LOW', 'MEDIUM', 'HIGH']),
  subjectType: z.string(),
  subjectId: z.string(),
  part: z.string(),
  detail: z.string(),
  expected: z.string(),
  found: z.string(),
  difference: z.object({ minor: z.string(), currency: z.string() }).optional(),
  evidence: z.array(
    z.object({
      type: z.string(),
      id: z.string(),
      label: z.string(),
      minor: z.string().nullish(),
      currency: z.string().nullish(),
    }),
  ),
});

/** Keeps what a pass over a book found, opens what is new and resolves what is gone. */
export const recordValidation = command({
  name: 'recordValidation',
  description: 'Keeps what a pass over a book found, opens what is new and resolves what is gone.',
  scope: 'platform:internal',
  input: z.object({
    bookId: id(),
    /** Whether the whole book was looked at. */
    sweep: z.boolean(),
    checkedThrough: z.string(),
    /** The invariants that were asked. */
    asked: z.array(z.string()),
    found: z.array(discrepancy),
  }),
  async run(transaction, { bookId, sweep, checkedThrough, asked, found }) {
    await transaction.query(
      `insert into transactions.validation_state (organisation_id, book_id, checked_through, checked_at, swept_at)
       values ($1, $2, $3, $4, case when $5 then $4::timestamptz end)
       on conflict (organisation_id, book_id) do update set checked_through = excluded.checked_through, checked_at = excluded.checked_at,
         swept_at = coalesce(excluded.swept_at, validation_state.swept_at), due = false`,
      [transaction.organisationId, bookId, checkedThrough, transaction.now, sweep],
    );
    const changed = await recordFindings(transaction, bookId, { asked, found });
    transaction.emit({ type: 'book.validated', subjectId: bookId, bookId, facts: { sweep } });
    transaction.audit({ subjectType: 'Book', subjectId: bookId, after: { sweep, ...changed } });
    return changed;
  },
});

interface OpenFinding {
  readonly id: string;
  readonly invariant: string;
  readonly subject_id: string;
  readonly part: string;
  readonly detail: string;
}

const keyOf = (invariant: string, subjectId: string, part: string): string =>
  JSON.stringify([invariant, subjectId, part]);

/** Opens what is new and resolves what is gone of the invariants that were asked; answers how many of each. */
export async function recordFindings(
  transaction: Transaction,
  bookId: string,
  { asked, found }: { readonly asked: readonly string[]; readonly found: readonly Discrepancy[] },
): Promise<{ opened: number; resolved: number }> {
  const open = await transaction.query<OpenFinding>(
    `select id, invariant, subject_id, part, detail from transactions.validation_finding
      where book_id = $1 and status = 'OPEN' and invariant = any ($2) for update`,
    [bookId, asked],
  );
  const known = new Map(open.map((one) => [keyOf(one.invariant, one.subject_id, one.part), one]));
  let opened = 0;
  for (const one of found) {
    const key = keyOf(one.invariant, one.subjectId, one.part);
    const standing = known.get(key);
    known.delete(key);
    if (standing) await seeAgain(transaction, standing, one);
    else {
      await openFinding(transaction, bookId, one);
      opened += 1;
    }
  }
  // A list that is full may have cut off what is still there.
  const counts = Map.groupBy(found, (one) => one.invariant);
  const gone = [...known.values()].filter((one) => (counts.get(one.invariant)?.length ?? 0) < mostFound);
  for (const one of gone) await resolveFinding(transaction, bookId, one);
  return { opened, resolved: gone.length };
}

async function seeAgain(transaction: Transaction, standing: OpenFinding, now: Discrepancy): Promise<void> {
  await transaction.query(
    `update transactions.validation_finding set seen_at = $2, detail = $3, expected = $4, found = $5,
       difference_minor = $6, difference_currency = $7, evidence = $8 where id = $1`,
    [standing.id, transaction.now, ...figuresOf(now)],
  );
  if (standing.detail === now.detail) return;
  transaction.audit({
    subjectType: 'ValidationFinding',
    subjectId: standing.id,
    before: { detail: standing.detail },
    after: now,
  });
}

function figuresOf(one: Discrepancy): unknown[] {
  const { minor = null, currency = null } = one.difference ?? {};
  return [one.detail, one.expected, one.found, minor, currency, JSON.stringify(one.evidence)];
}

async function openFinding(transaction: Transaction, bookId: string, one: Discrepancy): Promise<void> {
  const findingId = newId('vf');
  await transaction.query(
    `insert into transactions.validation_finding (organisation_id, id, book_id, invariant, severity, status,
       subject_type, subject_id, part, opened_at, seen_at, detail, expected, found, difference_minor,
       difference_currency, evidence)
     values ($1, $2, $3, $4, $5, 'OPEN', $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15)`,
    [
      transaction.organisationId,
      findingId,
      bookId,
      one.invariant,
      one.severity,
      one.subjectType,
      one.subjectId,
      one.part,
      transaction.now,
      ...figuresOf(one),
    ],
  );
  const { invariant, severity } = one;
  transaction.emit({
    type: 'validationFinding.opened',
    subjectId: findingId,
    bookId,
    facts: { invariant, severity },
  });
  transaction.audit({ subjectType: 'ValidationFinding', subjectId: findingId, after: one });
}

async function resolveFinding(transaction: Transaction, bookId: string, gone: OpenFinding): Promise<void> {
  await transaction.query(
    "update transactions.validation_finding set status = 'RESOLVED', resolved_at = $2 where id = $1",
    [gone.id, transaction.now],
  );
  transaction.emit({
    type: 'validationFinding.resolved',
    subjectId: gone.id,
    bookId,
    facts: { invariant: gone.invariant },
  });
  transaction.audit({
    subjectType: 'ValidationFinding',
    subjectId: gone.id,
    before: { status: 'OPEN', detail: gone.detail },
    after: { status: 'RESOLVED' },
  });
}
