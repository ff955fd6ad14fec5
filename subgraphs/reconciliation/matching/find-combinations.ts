import type { LineNode } from './nodes.ts';
import { openItemsOf, partyChance, size } from './candidates.ts';
import { combine, isGuess, isLikely, search } from './combine.ts';
import type { Combination } from './combine.ts';
import { namedItems } from './find-references.ts';
import type { Run } from './run.ts';

/** Completes lines that name some of the items they pay with the one combination of the party that makes up the rest. */
export function findCompletions(run: Run): void {
  for (const line of run.open()) {
    const named = namedItems(line);
    const party = named[0]?.party;
    if (party === undefined || named.some((node) => node.party !== party)) continue;
    const rest = line.minor - named.reduce((sum, node) => sum + node.remaining, 0n);
    if (rest === 0n || rest < 0n !== line.minor < 0n || size(rest) > size(line.minor)) continue;
    const candidates = openItemsOf(run, line, party).filter((node) => !named.includes(node));
    const found = combine(run, candidates, { target: line.minor, named });
    if (found === undefined) continue;
    run.accept({
      lines: [line],
      items: [...named, ...found.nodes].map((node) => ({ node, applied: node.remaining })),
      method: 'references-completed',
      confidence: 9_950 * found.chance * (isRoundRest(rest, found) ? 0.85 : 1),
      evidence: [found.evidence],
      rivals: found.rivals,
      mayBeAutomatic: found.only,
    });
  }
}

/** True for a small round rest that one item happens to be: people who pay too much pay round sums too much. */
function isRoundRest(rest: bigint, { nodes }: Combination): boolean {
  return nodes.length === 1 && rest % 100n === 0n && size(rest) <= 5_000n;
}

interface Best {
  readonly found: Combination;
  readonly chance: number;
}

function bestCombination(run: Run, line: LineNode): Best | undefined {
  for (const { party } of line.parties.slice(0, 2)) {
    const found = search(run, openItemsOf(run, line, party), { target: line.minor });
    if (found === undefined || found.nodes.length < 2) continue;
    if (!isGuess(found)) return { found, chance: partyChance(line, party) };
    const detail = `Several combinations of open items of ${party.label} add up to it, and none is much likelier.`;
    run.ambiguous.set(line, detail);
  }
  return undefined;
}

function settle(run: Run, line: LineNode, { found, chance }: Best): void {
  run.accept({
    lines: [line],
    items: found.nodes.map((node) => ({ node, applied: node.remaining })),
    method: 'combination',
    confidence: 9_690 * found.chance * Math.min(1, 0.5 + chance / 2),
    evidence: [found.evidence],
    rivals: found.rivals,
    mayBeAutomatic: found.only,
  });
}

/** Settles lines that name nothing with the likeliest combination of their party's open items that adds up. */
export function findCombinations(run: Run): void {
  for (const line of run.open()) {
    if (namedItems(line).length > 0) continue;
    const best = bestCombination(run, line);
    if (best !== undefined && isLikely(best.found)) settle(run, line, best);
  }
}

/** Suggests, of what is left, combinations that are seldom right as a whole and mostly right in what they hold. */
export function findRoughCombinations(run: Run): void {
  for (const line of run.open()) {
    const best = namedItems(line).length > 0 ? undefined : bestCombination(run, line);
    if (best !== undefined) settle(run, line, best);
  }
}
