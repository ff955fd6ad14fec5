import { money, subtract, type Money } from '#kernel/money';
import { probabilityOf, type Calibration } from './calibrate.ts';
import type { MatchEvidence, MatchItem, MatchLine, ProposedMatch } from './model.ts';
import { isTolerated, splitDifference, type DifferenceSplit, type Tolerance } from './split-difference.ts';

/** By what a book decides which matches stand without a person. */
export interface Policy {
  /** False: everything is for a person. */
  readonly automatic: boolean;
  readonly calibrationOf: (method: string) => Calibration;
  /** From where the matcher would act alone without any history. */
  readonly shipped: number;
  readonly toleranceOf: (partyId: string | undefined, currency: string) => Tolerance | undefined;
}

/** A match as it is stored: calibrated, its difference explained, and decided who decides. */
export interface JudgedMatch extends ProposedMatch {
  /** What the matcher said itself; `confidence` is the chance by the book's own history. */
  readonly rawConfidence: number;
  readonly differenceSplits: readonly DifferenceSplit[];
}

/** The lines and items a match is made of. */
export interface MatchedRows {
  readonly lines: readonly MatchLine[];
  readonly items: readonly MatchItem[];
}

/** What may differ without anybody being asked. */
const normal: ReadonlySet<string> = new Set(['ROUNDING', 'TOLERANCE']);

/**
 * Judges what the matcher proposes, asked to call everything automatic that it does not want a person to see: by the
 * book's history, its tolerances and its switch. Differences no larger than normal let a named item stand as well.
 */
export function judge(proposed: ProposedMatch, rows: MatchedRows, policy: Policy): JudgedMatch {
  const [first] = rows.items;
  const currency = rows.lines[0]?.amount.currency ?? '';
  const tolerance = policy.toleranceOf(first?.partyId, currency);
  const match = settleTolerated(proposed, rows, tolerance);
  const differenceSplits = splitsOf(match, rows, tolerance);
  const calibration = policy.calibrationOf(match.method);
  const sure = match.confidence >= calibration.automaticFrom;
  const plain = match.automatic || isNormal(match, differenceSplits);
  const held = match.automatic && match.confidence >= policy.shipped && !(sure && policy.automatic);
  return {
    ...match,
    rawConfidence: match.confidence,
    confidence: probabilityOf(calibration, match.confidence),
    automatic: policy.automatic && sure && plain,
    differenceSplits,
    evidence: [
      ...match.evidence,
      ...historyOf(calibration, match.confidence),
      ...(held ? [whyHeld(calibration, policy)] : []),
    ],
  };
}

/** A named item that is paid but for what the book tolerates is settled whole. */
function settleTolerated(
  match: ProposedMatch,
  { lines, items }: MatchedRows,
  tolerance: Tolerance | undefined,
): ProposedMatch {
  const [use, ...more] = match.items;
  const [item] = items;
  if (!tolerance || !use || !item || more.length > 0 || match.method !== 'reference-with-difference')
    return match;
  const paid = total(lines);
  if (paid.currency !== item.open.currency || use.applied.minor === item.open.minor) return match;
  const difference = subtract(paid, item.open);
  if (!isTolerated(difference, item.open, tolerance)) return match;
  return { ...match, items: [{ id: item.id, applied: item.open }], difference };
}

function splitsOf(
  match: ProposedMatch,
  { lines, items }: MatchedRows,
  tolerance: Tolerance | undefined,
): DifferenceSplit[] {
  const known = new Map(items.map((item) => [item.id, item]));
  return splitDifference({
    paid: total(lines),
    // Several lines are one settlement only once the last of them has come.
    bookedOn: lines.map((line) => line.bookedOn).reduce((last, day) => (day > last ? day : last)),
    items: match.items.flatMap(({ id, applied }) => {
      const item = known.get(id);
      return item ? [{ applied, open: item.open, issuedOn: item.issuedOn }] : [];
    }),
    ...(tolerance ? { tolerance } : {}),
  });
}

/** A named item whose difference is wholly what is normal. */
function isNormal(match: ProposedMatch, splits: readonly DifferenceSplit[]): boolean {
  return (
    match.method === 'reference-with-difference' &&
    match.items.length === 1 &&
    splits.length > 0 &&
    splits.every(({ kind }) => normal.has(kind))
  );
}

function historyOf({ bands }: Calibration, confidence: number): MatchEvidence[] {
  const band = bands.findLast((one) => one.band <= confidence);
  if (!band) return [];
  const right = band.confirmed + band.stood;
  const count = right + band.declined + band.undone;
  if (count === 0) return [];
  const detail = `${right} of ${count} earlier matches of this book that were found like this, as surely as this, were right.`;
  return [{ signal: 'history', score: band.probability, detail }];
}

function whyHeld({ reason }: Calibration, { automatic }: Policy): MatchEvidence {
  const detail = automatic
    ? `It waits for a person: ${reason}`
    : 'It waits for a person: this book has nothing matched by itself.';
  return { signal: 'history', score: 0, detail };
}

function total(lines: readonly MatchLine[]): Money {
  const currency = lines[0]?.amount.currency ?? '';
  return money(
    lines.reduce((sum, line) => sum + line.amount.minor, 0n),
    currency,
  );
}
