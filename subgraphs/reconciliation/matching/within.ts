interface Dated {
  readonly day: number;
}

/** Where in a list in date order the first element of a day or later stands. */
function placeOf(list: readonly Dated[], day: number): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle]!.day < day) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The elements of a list in date order from one day to another, both included. */
export function within<Element extends Dated>(list: readonly Element[], from: number, to: number): Element[] {
  return list.slice(placeOf(list, from), placeOf(list, to + 1));
}
