/** What became of the matches of one method within one band of confidence. */
export interface Decided {
  /** The lower end of the band, in basis points, one of `bandEdges`. */
  readonly band: number;
  /** A person agreed. */
  readonly confirmed: number;
  /** It was accepted without a person, and nobody has taken it back. */
  readonly stood: number;
  readonly declined: number;
  readonly undone: number;
}

/** A band with what is thought of it. */
export interface CalibratedBand extends Decided {
  readonly to: number;
  /** The chance that a match of the band is right, in basis points: never less than that of the band below. */
  readonly probability: number;
}

/** What a book has learned about one method. */
export interface Calibration {
  readonly bands: readonly CalibratedBand[];
  /** Least confidence of the matcher with which a match stands alone; 10001 when none does. */
  readonly automaticFrom: number;
  /** Why it is there, in a sentence. */
  readonly reason: string;
}

/** What is asked of a calibration, in basis points. */
export interface CalibrationGoal {
  /** How many of ten thousand matches that stand alone have to be right. */
  readonly target: number;
  /** From where the matcher stands alone where a book has no history: proven on data it was not made with. */
  readonly shipped: number;
}

/** The lower ends of the bands of confidence, narrow where it is decided who acts. */
export const bandEdges = [0, 2500, 5000, 7000, 8000, 9000, 9300, 9500, 9600, 9700, 9800, 9900, 9950] as const;

/** From which confidence no match stands alone. */
export const never = 10_001;

/** One-sided, 95 %. */
const z = 1.645;
/** A prior counts for so many times the matches that would prove the target: one mistake is chance, two are not. */
const priorStrength = 2.2;
/** For how many matches of its own the matcher's word counts in a band. */
const priorOfBand = 40;

/** The band a confidence lies in, by its lower end. */
export function bandOf(confidence: number): number {
  return bandEdges.findLast((edge) => edge <= confidence) ?? 0;
}

/** The share, 0 to 1, that so many right ones of all prove with 95 % (the lower end of Wilson's interval). */
export function provenShare(right: number, all: number): number {
  if (all <= 0) return 0;
  const share = right / all;
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  // Rounding may not prove more than was seen.
  return Math.min(share, Math.max(0, (share + (z * z) / (2 * all) - spread) / (1 + (z * z) / all)));
}

/** How many matches, all of them right, prove a share. */
function provingCount(share: number): number {
  return Math.ceil((z * z * share) / (1 - share));
}

/** The values nearest to the means by weight that never fall: neighbours that do are put together at their mean. */
export function risingMeans(points: readonly { readonly mean: number; readonly weight: number }[]): number[] {
  const blocks: { mean: number; weight: number; count: number }[] = [];
  for (const point of points) {
    let block = { ...point, count: 1 };
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      const mean = (last.mean * last.weight + block.mean * block.weight) / weight;
      block = { mean, weight, count: last.count + block.count };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean));
}

function right(decided: Decided): number {
  return decided.confirmed + decided.stood;
}

function all(decided: Decided): number {
  return right(decided) + decided.declined + decided.undone;
}

function middle(band: number, to: number): number {
  return (band + to) / 2;
}

/**
 * Calibrates one method on a book's own history. Probabilities are an isotonic regression in which the matcher's own
 * word counts for a few matches of each band. The threshold is the lowest that history proves with 95 % to meet the
 * target; down to the shipped one the prior helps, below it the book's own matches have to prove it by themselves.
 */
export function calibrate(history: readonly Decided[], goal: CalibrationGoal): Calibration {
  const found = new Map(history.map((decided) => [decided.band, decided]));
  const counted = bandEdges.map((band, at): Decided & { readonly to: number } => ({
    ...(found.get(band) ?? { confirmed: 0, stood: 0, declined: 0, undone: 0 }),
    band,
    to: bandEdges[at + 1] ?? 10_000,
  }));
  const means = risingMeans(
    counted.map((one) => ({
      weight: priorOfBand + all(one),
      mean: (middle(one.band, one.to) * priorOfBand + 10_000 * right(one)) / (priorOfBand + all(one)),
    })),
  );
  const bands = counted.map((one, at) => ({ ...one, probability: Math.round(means[at] ?? 0) }));
  return { bands, ...threshold(counted, goal) };
}

function threshold(
  bands: readonly Decided[],
  goal: CalibrationGoal,
): Pick<Calibration, 'automaticFrom' | 'reason'> {
  const target = goal.target / 10_000;
  const tail = (from: number, below = never) => {
    const within = bands.filter(({ band }) => band >= from && band < below);
    const count = (of: (one: Decided) => number) => within.reduce((sum, one) => sum + of(one), 0);
    return { right: count(right), all: count(all) };
  };
  const prior = Math.ceil(provingCount(target) * priorStrength);
  const trusted = [goal.shipped, ...bandEdges.filter((edge) => edge > goal.shipped)];
  const standing = trusted.find((from) => {
    const own = tail(bandOf(from));
    return provenShare(own.right + prior, own.all + prior) >= target;
  });
  const own = tail(bandOf(goal.shipped));
  const said = `${own.right} of ${own.all} matches of this confidence were right`;
  if (standing === undefined) {
    return { automaticFrom: never, reason: `${said}, which does not prove the target; a person decides.` };
  }
  if (standing > goal.shipped) {
    return { automaticFrom: standing, reason: `${said}; the target is only proven from here on.` };
  }
  return proveLower(tail, goal) ?? unmoved(own.all, said, goal.shipped);
}

function unmoved(
  count: number,
  said: string,
  shipped: number,
): Pick<Calibration, 'automaticFrom' | 'reason'> {
  const reason =
    count === 0
      ? 'The book has no history of its own yet, so the threshold is the one the matcher comes with.'
      : `${said}, which bears out the threshold the matcher comes with.`;
  return { automaticFrom: shipped, reason };
}

type Tail = (from: number, below?: number) => { readonly right: number; readonly all: number };

function proveLower(
  tail: Tail,
  { target, shipped }: CalibrationGoal,
): Pick<Calibration, 'automaticFrom' | 'reason'> | undefined {
  let proven: { from: number; right: number; all: number } | undefined;
  let below = shipped;
  for (const from of bandEdges.filter((edge) => edge < shipped).toReversed()) {
    // Each band by itself: many right ones above do not make up for wrong ones below.
    const own = tail(from, below);
    if (provenShare(own.right, own.all) * 10_000 < target) break;
    proven = { from, ...tail(from, shipped) };
    below = from;
  }
  if (proven === undefined) return undefined;
  const { from, right: good, all: count } = proven;
  const reason = `${good} of ${count} matches between here and the shipped threshold were right, which proves the target.`;
  return { automaticFrom: from, reason };
}

/** The chance that a match is right by the book's history, in basis points; rises with the matcher's confidence. */
export function probabilityOf({ bands }: Calibration, confidence: number): number {
  let [x, y] = [0, 0];
  for (const { band, to, probability } of bands) {
    const at = middle(band, to);
    if (confidence <= at) return Math.round(y + ((probability - y) * (confidence - x)) / (at - x));
    [x, y] = [at, probability];
  }
  const end = Math.min(10_000, y + 10_000 - x);
  return Math.round(y + ((end - y) * (confidence - x)) / (10_000 - x));
}
