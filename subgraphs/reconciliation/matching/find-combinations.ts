import type { ItemNode, LineNode } from './book.ts';
import { openItemsOf, partyChance, size } from './candidates.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence } from './model.ts';
import type { Run } from './run.ts';
import { findSubsetSum } from './subset-sum.ts';

interface Combination {
  readonly nodes: readonly ItemNode[];
  /** Accidental solutions expected, in millionths. */
  readonly accidental: number;
  readonly searched: number;
  /** True when the whole window was searched, not only the nearest items. */
  readonly complete: boolean;
}

/** Above twenty candidates sums coincide by accident, so more are not searched. */
const most = 20;

/** The one combination of a party's items that adds up; the search widens until it finds one, and refuses two. */
function combine(candidates: readonly ItemNode[], target: bigint): Combination | undefined {
  const wanted = size(target);
  const fitting = candidates.filter((node) => size(node.remaining) <= wanted);
  const near = fitting.slice(0, most);
  for (const count of [8, 12, 16, most]) {
    const searched = near.slice(0, count);
    const found = findSubsetSum(
      searched.map((node) => node.remaining),
      target,
    );
    if (found.count > 1) return undefined;
    const complete = searched.length === fitting.length;
    if (found.count === 1) {
      const nodes = found.solution.map((index) => searched[index]!);
      if (count >= near.length)
        return { nodes, accidental: found.accidental, searched: searched.length, complete };
      const wider = findSubsetSum(
        near.map((node) => node.remaining),
        target,
      );
      return wider.count === 1
        ? {
            nodes,
            accidental: found.accidental,
            searched: near.length,
            complete: near.length === fitting.length,
          }
        : { nodes, accidental: 600_000, searched: searched.length, complete: false };
    }
    if (count >= near.length) return undefined;
  }
  return undefined;
}

function evidenceOf(found: Combination): MatchEvidence {
  const score = Math.max(0, 10_000 - Math.floor(found.accidental / 100));
  const detail =
    score > 9_000
      ? `It is the only combination of ${found.searched} open items of the party that adds up.`
      : `It adds up among ${found.searched} open items of the party, but other combinations do or may as well.`;
  return { signal: 'combination', score, detail };
}

/** The chance, 0 to 1, that the combination is meant: accidents compete with it, unseen items a little. */
function trust(found: Combination): number {
  return (found.complete ? 1 : 0.97) / (1 + (3 * found.accidental) / 1_000_000);
}

/** Completes lines that name some of the items they pay with the one combination of the party that makes up the rest. */
export function findCompletions(run: Run): void {
  for (const line of run.open()) {
    const named = namedItems(line);
    const party = named[0]?.party;
    if (party === undefined || named.some((node) => node.party !== party)) continue;
    const rest = line.minor - named.reduce((sum, node) => sum + node.remaining, 0n);
    if (rest === 0n || rest < 0n !== line.minor < 0n || size(rest) > size(line.minor)) continue;
    const candidates = openItemsOf(run, line, party).filter((node) => !named.includes(node));
    const found = combine(candidates, rest);
    if (found === undefined) continue;
    run.accept({
      lines: [line],
      items: [...named, ...found.nodes].map((node) => ({ node, applied: node.remaining })),
      method: 'references-completed',
      confidence: 9_900 * trust(found),
      evidence: [evidenceOf(found)],
    });
  }
}

function bestCombination(run: Run, line: LineNode): { found: Combination; chance: number } | undefined {
  for (const { party } of line.parties.slice(0, 2)) {
    const found = combine(openItemsOf(run, line, party), line.minor);
    if (found !== undefined && found.nodes.length > 1) return { found, chance: partyChance(line, party) };
  }
  return undefined;
}

/** Settles lines that name nothing with the one combination of their party's open items that adds up. */
export function findCombinations(run: Run): void {
  for (const line of run.open()) {
    if (namedItems(line).length > 0) continue;
    const best = bestCombination(run, line);
    if (best === undefined) continue;
    run.accept({
      lines: [line],
      items: best.found.nodes.map((node) => ({ node, applied: node.remaining })),
      method: 'combination',
      confidence: 9_900 * trust(best.found) * Math.min(1, 0.5 + best.chance / 2),
      evidence: [evidenceOf(best.found)],
    });
  }
}
