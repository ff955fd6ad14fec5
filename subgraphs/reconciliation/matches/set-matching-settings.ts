import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { amount, decimal, id, text } from '#kernel/input';
import { formatMoney, parseDecimal, type Money } from '#kernel/money';
import { lockBook } from '../lock-book.ts';
import { askOf } from './find-concerned.ts';
import { loadSettings } from './policy.ts';

const tolerance = z.object({
  vendorId: id()
    .optional()
    .meta({ description: 'The vendor it is for; left out, everybody without one of their own.' }),
  most: amount().meta({ description: 'The largest difference that needs nobody.' }),
  mostShare: decimal()
    .optional()
    .meta({ description: 'The largest part of what is open, from 0 to 1; left out, 0.05.' }),
  accountCode: text(20).meta({ description: 'The account the difference books to.' }),
});

/** Sets what a book matches by itself: whether at all, how sure it has to be, and what may differ. */
export const setMatchingSettings = command({
  name: 'setMatchingSettings',
  description:
    'Sets what a book matches by itself: whether at all, how sure it has to be, and what may differ. Needs the right to post, because what it lets pass is posted without being asked about.',
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    automatic: z
      .boolean()
      .optional()
      .meta({ description: 'False: everything is suggested only. Left out, it stays as it is.' }),
    precisionTarget: decimal()
      .optional()
      .meta({ description: 'The share of automatic matches that has to be right, 0.5 to 0.9999.' }),
    differenceTolerances: z
      .array(tolerance)
      .max(500)
      .optional()
      .meta({ description: 'All tolerances there are from now on; left out, they stay as they are.' }),
  }),
  async run(transaction, { bookId, automatic, precisionTarget, differenceTolerances }) {
    await lockBook(transaction, bookId);
    const before = await loadSettings(askOf(transaction), bookId);
    const target =
      precisionTarget === undefined
        ? before.precisionTarget
        : basisPoints(precisionTarget, ['precisionTarget'], [5_000, 9_999]);
    await transaction.query(
      `insert into reconciliation.matching_settings
         (organisation_id, book_id, automatic, precision_target, changed_by, changed_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (organisation_id, book_id) do update
         set automatic = excluded.automatic, precision_target = excluded.precision_target,
             changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
      [
        transaction.organisationId,
        bookId,
        automatic ?? before.automatic,
        target,
        transaction.actor.memberId ?? null,
        transaction.now,
      ],
    );
    if (differenceTolerances) await replaceTolerances(transaction, bookId, differenceTolerances);
    transaction.emit({ type: 'matchingSettings.changed', subjectId: bookId, bookId, facts: {} });
    transaction.audit({
      subjectType: 'Book',
      subjectId: bookId,
      before: shown(before),
      after: shown(await loadSettings(askOf(transaction), bookId)),
    });
    return { bookId };
  },
});

interface NewTolerance {
  readonly vendorId?: string | undefined;
  readonly most: Money;
  readonly mostShare?: string | undefined;
  readonly accountCode: string;
}

async function replaceTolerances(
  transaction: Transaction,
  bookId: string,
  tolerances: readonly NewTolerance[],
): Promise<void> {
  const rows = tolerances.map((one, at) => {
    const path = ['differenceTolerances', String(at)];
    if (one.most.minor < 0n)
      throw new CrossfootError('FIELD_INVALID', 'A tolerance is never less than nothing', {
        path: [...path, 'most'],
      });
    return {
      id: newId('dt'),
      vendor_id: one.vendorId ?? null,
      most_minor: String(one.most.minor),
      currency: one.most.currency,
      most_share: basisPoints(one.mostShare ?? '0.05', [...path, 'mostShare'], [0, 10_000]),
      account_code: one.accountCode,
    };
  });
  const keys = rows.map((row) => `${row.vendor_id} ${row.currency}`);
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
  if (twice >= 0)
    throw new CrossfootError('FIELD_INVALID', 'There is one tolerance for each vendor and currency', {
      path: ['differenceTolerances', String(twice)],
    });
  await transaction.query('delete from reconciliation.difference_tolerance where book_id = $1', [bookId]);
  await transaction.query(
    `insert into reconciliation.difference_tolerance (organisation_id, book_id, id, vendor_id, most_minor, currency,
       most_share, account_code)
     select $1, $2, r.* from jsonb_to_recordset($3::jsonb) as r (id text, vendor_id text, most_minor bigint,
       currency text, most_share int, account_code text)`,
    [transaction.organisationId, bookId, JSON.stringify(rows)],
  );
}

/** A share from 0 to 1 in basis points; throws FIELD_INVALID when it is none or finer than that. */
function basisPoints(
  share: string,
  path: readonly string[],
  [least, most]: readonly [number, number],
): number {
  const { digits, scale } = parseDecimal(share);
  const points = digits * 10_000n;
  const unit = 10n ** BigInt(scale);
  if (points % unit === 0n && points / unit >= BigInt(least) && points / unit <= BigInt(most))
    return Number(points / unit);
  throw new CrossfootError(
    'FIELD_INVALID',
    `${share} is no share from ${least / 10_000} to ${most / 10_000} with four decimals at most`,
    { path },
  );
}

function shown({ automatic, precisionTarget, tolerances }: Awaited<ReturnType<typeof loadSettings>>) {
  return {
    automatic,
    precisionTarget,
    differenceTolerances: tolerances.map(({ vendorId, mostMinor, currency, mostShare, accountCode }) => ({
      ...(vendorId === undefined ? {} : { vendorId }),
      most: `${formatMoney({ minor: mostMinor, currency })} ${currency}`,
      mostShare,
      accountCode,
    })),
  };
}
