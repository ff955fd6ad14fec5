import { minorOf } from '../base/amounts.ts';
import type { BoardItem, BoardLine } from './board.operations.ts';

/** An open item a line may settle, and what speaks for it. */
export interface Candidate {
  readonly item: BoardItem;
  readonly score: string;
  readonly reason: string;
}

const wordsOf = (text: string | null): Set<string> =>
  new Set(text?.toLowerCase().match(/[\p{L}\d]{3,}/gu) ?? []);

/** The open items of the currency and sign of a line, those with most in common with it first. */
export function rankItems(line: BoardLine, items: readonly BoardItem[], most: number): readonly Candidate[] {
  const amount = minorOf(line.amount);
  const said = wordsOf([line.counterpartyName, line.reference, line.remittance].join(' '));
  const ranked = items.flatMap((item) => {
    const open = minorOf(item.open);
    if (item.open.currency !== line.amount.currency || open < 0n !== amount < 0n) return [];
    const number = item.reference ?? item.label;
    const named = [...wordsOf(item.counterpartyName)].some((word) => said.has(word));
    const reasons = [
      open === amount ? 'Same amount' : '',
      number && line.remittance.includes(number) ? 'Its number stands in the text' : '',
      named ? 'Same name' : '',
    ].filter(Boolean);
    const score = (open === amount ? 45 : 0) + (reasons.length - (open === amount ? 1 : 0)) * 20;
    return [{ item, score, reason: reasons.join(', ') || 'Same direction' }];
  });
  return ranked
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item, score, reason }) => ({ item, score: (score / 100).toString(), reason }));
}
