import { money } from '#kernel/money';
import { calibrate, type Calibration, type Decided } from '../matching/calibrate.ts';
import type { Policy } from '../matching/act-alone.ts';
import { shippedThreshold } from '../matching/match.ts';
import type { Ask } from './find-concerned.ts';

/** How many of ten thousand automatic matches have to be right, unless a book says otherwise. */
export const usualTarget = 9_950;

/** What a book has set about matching; amounts in minor units, shares in basis points. */
export interface MatchingSettings {
  readonly bookId: string;
  readonly automatic: boolean;
  readonly precisionTarget: number;
  readonly changedBy: string | undefined;
  readonly changedAt: Date | undefined;
  readonly tolerances: readonly DifferenceTolerance[];
}

/** What a payment may differ from what is open, of the whole book or of one vendor. */
export interface DifferenceTolerance {
  readonly id: string;
  readonly vendorId: string | undefined;
  readonly mostMinor: bigint;
  readonly currency: string;
  readonly mostShare: number;
  readonly accountCode: string;
}

/** The settings of a book; what is usual where nobody has set any. */
export async function loadSettings(ask: Ask, bookId: string): Promise<MatchingSettings> {
  const [row] = await ask<{
    automatic: boolean;
    precision_target: number;
    changed_by: string | null;
    changed_at: Date | string;
  }>(
    `select automatic, precision_target, changed_by, changed_at from reconciliation.matching_settings where book_id = $1`,
    [bookId],
  );
  const tolerances = await ask<{
    id: string;
    vendor_id: string | null;
    most_minor: string;
    currency: string;
    most_share: number;
    account_code: string;
  }>(
    `select id, vendor_id, most_minor::text as most_minor, currency, most_share, account_code
       from reconciliation.difference_tolerance where book_id = $1 order by vendor_id nulls first, currency`,
    [bookId],
  );
  return {
    bookId,
    automatic: row?.automatic ?? true,
    precisionTarget: row?.precision_target ?? usualTarget,
    changedBy: row?.changed_by ?? undefined,
    changedAt: row ? new Date(row.changed_at) : undefined,
    tolerances: tolerances.map((one) => ({
      id: one.id,
      vendorId: one.vendor_id ?? undefined,
      mostMinor: BigInt(one.most_minor),
      currency: one.currency,
      mostShare: one.most_share,
      accountCode: one.account_code,
    })),
  };
}

/** What became of the matches of a book, by method. */
export async function loadHistory(ask: Ask, bookId: string): Promise<Map<string, Decided[]>> {
  const rows = await ask<Decided & { method: string }>(
    `select method, band, confirmed, stood, declined, undone from reconciliation.matching_history
      where book_id = $1 order by method, band`,
    [bookId],
  );
  return Map.groupBy(rows, (row) => row.method);
}

/** What a book goes by when it decides which matches stand without a person. */
export async function loadPolicy(ask: Ask, bookId: string): Promise<Policy> {
  const settings = await loadSettings(ask, bookId);
  const history = await loadHistory(ask, bookId);
  const goal = { target: settings.precisionTarget, shipped: shippedThreshold };
  const known = new Map<string, Calibration>();
  return {
    automatic: settings.automatic,
    shipped: shippedThreshold,
    calibrationOf(method) {
      const calibration = known.get(method) ?? calibrate(history.get(method) ?? [], goal);
      known.set(method, calibration);
      return calibration;
    },
    toleranceOf: (partyId, currency) => toleranceOf(settings, partyId, currency),
  };
}

/** The tolerance of a vendor in a currency, or else that of the book. */
export function toleranceOf(
  { tolerances }: Pick<MatchingSettings, 'tolerances'>,
  vendorId: string | undefined,
  currency: string,
) {
  const fitting = tolerances.filter((one) => one.currency === currency);
  const found =
    fitting.find((one) => one.vendorId !== undefined && one.vendorId === vendorId) ??
    fitting.find((one) => one.vendorId === undefined);
  return (
    found && {
      most: money(found.mostMinor, currency),
      mostShare: found.mostShare,
      accountCode: found.accountCode,
    }
  );
}
