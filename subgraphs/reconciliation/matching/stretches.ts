import { compareText } from './date-order.ts';
import type { ItemNode } from './nodes.ts';

/** A part of a sequence without gaps: from the first index up to, not including, the second. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What is looked for: how much, how exactly, and how long a stretch may be; amounts in minor units. */
export interface StretchAim {
  readonly target: number;
  /** The sum may be off by so much, because a fee was rounded; 0 for an exact sum. */
  readonly slack: number;
  readonly shortest: number;
  readonly longest: number;
}

/** The stretches of a sequence of amounts that add up, by one lookup for each element; in order of their beginning. */
export function findStretches(amounts: readonly number[], aim: StretchAim): Stretch[] {
  const width = Math.max(1, 2 * aim.slack);
  const begun = new Map<number, { at: number; sum: number }[]>([[0, [{ at: 0, sum: 0 }]]]);
  const found: Stretch[] = [];
  let sum = 0;
  amounts.forEach((amount, index) => {
    sum += amount;
    const to = index + 1;
    const bucket = Math.floor((sum - aim.target) / width);
    for (const near of [bucket - 1, bucket, bucket + 1]) {
      for (const start of begun.get(near) ?? []) {
        const length = to - start.at;
        const off = Math.abs(sum - aim.target - start.sum);
        if (off > aim.slack + 1e-6 || length < aim.shortest || length > aim.longest) continue;
        found.push({ from: start.at, to });
      }
    }
    const own = Math.floor(sum / width);
    const list = begun.get(own);
    if (list === undefined) begun.set(own, [{ at: to, sum }]);
    else list.push({ at: to, sum });
  });
  return found.sort((a, b) => a.from - b.from || a.to - b.to);
}

/** How many stretches of the lengths allowed would add up by accident: how densely their sums lie around the target. */
export function expectStretches(amounts: readonly number[], aim: StretchAim): number {
  const reach = Math.max(Math.abs(aim.target) / 10, aim.slack, 1);
  const sums = [0];
  for (const amount of amounts) sums.push(sums.at(-1)! + amount);
  let near = 0;
  for (let from = 0; from < amounts.length; from += 1) {
    for (let to = from + aim.shortest; to <= Math.min(amounts.length, from + aim.longest); to += 1) {
      if (Math.abs(sums[to]! - sums[from]! - aim.target) <= reach) near += 1;
    }
  }
  return (Math.max(0, near - 1) * (2 * aim.slack + 1)) / (2 * reach);
}

/** The ways in which a ledger puts items in order. */
export type Order = 'number' | 'date';

/** The items that have a place in the order, in that order. */
export function inOrder(nodes: readonly ItemNode[], order: Order): ItemNode[] {
  if (order === 'date') return [...nodes].sort(byDay);
  return nodes.filter((node) => node.number !== undefined).sort(byNumber);
}

/** Orders items by day. */
export function byDay(a: ItemNode, b: ItemNode): number {
  return a.day - b.day || compareText(a.item.id, b.item.id);
}

/** Orders items that have numbers by them. */
export function byNumber(a: ItemNode, b: ItemNode): number {
  return (a.number ?? 0) - (b.number ?? 0) || byDay(a, b);
}
