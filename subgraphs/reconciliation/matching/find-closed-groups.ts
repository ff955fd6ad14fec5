import { append } from './append.ts';
import type { LineNode } from './nodes.ts';
import { openItemsOf, sameDirection } from './candidates.ts';
import { search } from './combine.ts';
import type { Combination } from './combine.ts';
import { namedItems } from './find-references.ts';
import type { PartyNode } from './parties.ts';
import type { Run } from './run.ts';

/** Lines that share items come within this many days of each other. */
const longest = 21;
/** More undecided lines of one party than this are no small group any more. */
const mostLines = 8;
/** More items than this make a sum of several lines an accident. */
const mostItems = 6;
/** Less likely than this it is a guess. */
const leastChance = 0.5;

interface Group {
  readonly lines: readonly [LineNode, LineNode];
  readonly found: Combination;
}

function groupsOf(run: Run, party: PartyNode, lines: readonly LineNode[]): Group[] {
  return lines.flatMap((line, index) =>
    lines.slice(index + 1).flatMap((other): Group[] => {
      const near = Math.abs(other.day - line.day) <= longest;
      if (!near || other.currency !== line.currency || !sameDirection(other.minor, line.minor)) return [];
      const target = line.minor + other.minor;
      const found = search(run, openItemsOf(run, line, party), { target });
      // One item that two lines pay is an instalment; what each line pays for itself was found before.
      if (found === undefined || found.nodes.length < 2 || found.nodes.length > mostItems) return [];
      return [{ lines: [line, other], found }];
    }),
  );
}

/** Settles two lines of one party that name nothing with the only items that are together what they are together. */
export function findClosedGroups(run: Run): void {
  const silent = new Map<PartyNode, LineNode[]>();
  for (const line of run.open()) {
    const party = line.parties[0]?.party;
    if (party !== undefined && namedItems(line).length === 0) append(silent, party, line);
  }
  for (const [party, lines] of silent) {
    if (lines.length < 2 || lines.length > mostLines) continue;
    const groups = groupsOf(run, party, lines).sort((a, b) => b.found.chance - a.found.chance);
    const total = groups.reduce((sum, { found }) => sum + found.chance, 0);
    const [best] = groups;
    if (best === undefined) continue;
    const tried = (lines.length * (lines.length - 1)) / 2;
    const doubt = (1 / best.found.chance - 1) * tried;
    const chance = best.found.chance / total / (1 + doubt);
    if (chance < leastChance) continue;
    const detail = `The two payments are together exactly these ${best.found.nodes.length} items; nothing else of the party is.`;
    run.accept({
      lines: best.lines,
      items: best.found.nodes.map((node) => ({ node, applied: node.remaining })),
      method: 'several-lines',
      confidence: 9_600 * chance,
      evidence: [best.found.evidence, { signal: 'combination', score: Math.floor(10_000 * chance), detail }],
      rivals: best.found.rivals,
      mayBeAutomatic: false,
    });
  }
}
