import type { Run } from './run.ts';
import { learnDelays } from './delays.ts';
import { rival } from './explain.ts';

/** Suggests, for lines that tell neither item nor party, an open item that alone has the amount near the day. */
export function findUniqueAmounts(run: Run): void {
  const delayWeight = learnDelays(run.delays);
  for (const line of run.open()) {
    const all = run.book.byAmount.get(line.currency, line.minor);
    const known = line.parties.length > 0;
    if (all.length > 50 || known) continue;
    const fits = all
      .filter((node) => node.remaining === line.minor)
      .map((node) => ({ node, weight: delayWeight(line.day - node.day) }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight);
    const [best, ...others] = fits;
    if (best === undefined) continue;
    const sum = fits.reduce((total, { weight }) => total + weight, 0);
    // Nothing but the amount speaks for it, so a person decides; without any name the bank told nothing to check.
    const base = line.line.counterpartyName === undefined ? 5_500 : 2_500;
    run.accept({
      lines: [line],
      items: [{ node: best.node, applied: best.node.remaining }],
      method: 'unique-amount',
      confidence: (base * best.weight) / sum,
      rivals: others
        .slice(0, 5)
        .map(({ node, weight }) =>
          rival([node], (base * weight) / sum, 'Same amount; its date fits less well.'),
        ),
      mayBeAutomatic: false,
    });
  }
}
