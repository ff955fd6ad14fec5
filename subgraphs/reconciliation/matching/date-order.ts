/** Compares texts by code unit, which is the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The places of a list in order of their days, and of their ids within a day. */
export function dateOrder(days: Int32Array, idAt: (place: number) => string): Int32Array {
  const byDay = new Map<number, number>();
  let isById = true;
  for (let place = 0; place < days.length; place += 1) {
    const day = days[place]!;
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
    isById &&= place === 0 || idAt(place - 1) <= idAt(place);
  }
  const next = new Map<number, number>();
  let begin = 0;
  for (const [day, count] of [...byDay].sort(([a], [b]) => a - b)) {
    next.set(day, begin);
    begin += count;
  }
  const order = new Int32Array(days.length);
  for (let place = 0; place < days.length; place += 1) {
    const day = days[place]!;
    const at = next.get(day)!;
    order[at] = place;
    next.set(day, at + 1);
  }
  // What is given by id keeps its order within a day.
  if (isById) return order;
  for (const [day, count] of byDay) {
    const end = next.get(day)!;
    const own = Array.from(order.subarray(end - count, end));
    order.set(
      own.sort((a, b) => compareText(idAt(a), idAt(b))),
      end - count,
    );
  }
  return order;
}
