/** So many columns are weighed exactly; the work doubles with each. */
const mostExact = 12;

/**
 * The chance of each pairing of rows and columns among all ways to pair them, given how likely each pairing is by
 * itself and that a row belongs to none of the columns. Exact up to twelve columns; undefined above.
 */
export function pairingChances(
  weights: readonly (readonly number[])[],
  alone: readonly number[],
): number[][] | undefined {
  const columns = weights[0]?.length ?? 0;
  if (columns > mostExact) return undefined;
  const masks = 1 << columns;
  const before: Float64Array[] = [new Float64Array(masks)];
  before[0]![0] = 1;
  for (const [row, own] of weights.entries()) before.push(step(before[row]!, own, alone[row]!));
  let after: Float64Array = new Float64Array(masks).fill(1);
  const total = before.at(-1)!.reduce((sum, value) => sum + value, 0);
  const chances: number[][] = [];
  for (let row = weights.length - 1; row >= 0; row -= 1) {
    const own = weights[row]!;
    const reached = before[row]!;
    const next = new Float64Array(masks);
    const chance = own.map(() => 0);
    for (let mask = 0; mask < masks; mask += 1) {
      next[mask] = alone[row]! * after[mask]!;
      for (let column = 0; column < columns; column += 1) {
        const bit = 1 << column;
        if ((mask & bit) !== 0 || own[column] === 0) continue;
        const rest = own[column]! * after[mask | bit]!;
        next[mask]! += rest;
        chance[column]! += reached[mask]! * rest;
      }
    }
    chances[row] = chance.map((value) => value / total);
    after = next;
  }
  return chances;
}

/** The ways to have used each set of columns once one more row is placed. */
function step(reached: Float64Array, own: readonly number[], alone: number): Float64Array {
  const next = new Float64Array(reached.length);
  for (let mask = 0; mask < reached.length; mask += 1) {
    if (reached[mask] === 0) continue;
    next[mask]! += reached[mask]! * alone;
    for (const [column, weight] of own.entries()) {
      if ((mask & (1 << column)) === 0) next[mask | (1 << column)]! += reached[mask]! * weight;
    }
  }
  return next;
}

/**
 * Pairs rows with columns so that the gains add up to the most, by shortest augmenting paths; the column of each row,
 * -1 for none. Pairs without gain are not made.
 */
export function assign(gains: readonly (readonly number[])[]): number[] {
  const rows = gains.length;
  const real = gains[0]?.length ?? 0;
  // Each row may stay alone: a column of its own without gain.
  const columns = real + rows;
  const cost = (row: number, column: number): number => (column < real ? -gains[row]![column]! : 0);
  const rowPrice = new Float64Array(rows + 1);
  const columnPrice = new Float64Array(columns + 1);
  const owner = new Int32Array(columns + 1).fill(-1);
  for (let row = 0; row < rows; row += 1) augment({ row, columns, cost, rowPrice, columnPrice, owner });
  const result = gains.map(() => -1);
  for (let column = 0; column < real; column += 1) {
    const row = owner[column]!;
    if (row >= 0 && gains[row]![column]! > 0) result[row] = column;
  }
  return result;
}

interface Augmenting {
  readonly row: number;
  readonly columns: number;
  readonly cost: (row: number, column: number) => number;
  readonly rowPrice: Float64Array;
  readonly columnPrice: Float64Array;
  /** The row of each column; the last place holds the row that is being placed. */
  readonly owner: Int32Array;
}

function augment({ row, columns, cost, rowPrice, columnPrice, owner }: Augmenting): void {
  const distance = new Float64Array(columns + 1).fill(Infinity);
  const from = new Int32Array(columns + 1).fill(-1);
  const seen = new Uint8Array(columns + 1);
  let at = columns;
  owner[at] = row;
  while (owner[at] !== -1) {
    seen[at] = 1;
    const current = owner[at]!;
    let [least, nearest] = [Infinity, -1];
    for (let column = 0; column < columns; column += 1) {
      if (seen[column] === 1) continue;
      const reduced = cost(current, column) - rowPrice[current]! - columnPrice[column]!;
      if (reduced < distance[column]!) [distance[column], from[column]] = [reduced, at];
      if (distance[column]! < least) [least, nearest] = [distance[column]!, column];
    }
    for (let column = 0; column <= columns; column += 1) {
      if (seen[column] === 1) {
        rowPrice[owner[column]!]! += least;
        columnPrice[column]! -= least;
      } else distance[column]! -= least;
    }
    at = nearest;
  }
  while (at !== columns) {
    const previous = from[at]!;
    owner[at] = owner[previous]!;
    at = previous;
  }
}
