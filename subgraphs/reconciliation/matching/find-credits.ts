import type { ItemNode, LineNode } from './nodes.ts';
import { partyChance, sameDirection, size } from './candidates.ts';
import { rival, spell } from './explain.ts';
import { explainDifference } from './find-differences.ts';
import { namedItems } from './find-references.ts';
import type { MatchEvidence } from './model.ts';
import type { PartyNode } from './parties.ts';
import type { Run } from './run.ts';
import { findSubsetSums } from './subset-sum.ts';

/** Payers take off a few credit notes at a time. */
const mostCredits = 3;
const mostSearched = 12;
const mostFee = 5_000n;
const accidentOdds = 3;

/** Open items of the party against the direction of the line: credit notes to a customer, or of a supplier. */
function creditsOf(run: Run, line: LineNode, party: PartyNode): ItemNode[] {
  return run.items
    .between(party, line.day - run.settings.daysBefore, line.day + run.settings.daysAfter)
    .filter((node) => node.currency === line.currency && !sameDirection(node.remaining, line.minor))
    .sort((a, b) => Math.abs(line.day - a.day) - Math.abs(line.day - b.day));
}

function evidenceOf(line: LineNode, credits: readonly ItemNode[], chance: number): MatchEvidence {
  const total = credits.reduce((sum, node) => sum + size(node.remaining), 0n);
  const detail = `What is missing is exactly ${credits.length === 1 ? 'an open credit' : `${credits.length} open credits`} of the party, ${spell(total, line.currency)}.`;
  return { signal: 'combination', score: Math.floor(10_000 * chance), detail };
}

/** Settles lines that pay what they name less credit notes of the same party, when one choice of credits is the gap. */
export function findNamedCredits(run: Run): void {
  for (const line of run.open()) {
    const named = namedItems(line);
    const party = named[0]?.party;
    if (party === undefined || named.some((node) => node.party !== party)) continue;
    const gap = line.minor - named.reduce((sum, node) => sum + node.remaining, 0n);
    if (gap === 0n || sameDirection(gap, line.minor)) continue;
    // An exact discount is the plainer reading of what is missing.
    if (named.length === 1 && explainDifference(run, line, named[0]!).kind === 'discount') continue;
    const credits = creditsOf(run, line, party)
      .filter((node) => !named.includes(node) && size(node.remaining) <= size(gap))
      .slice(0, mostSearched);
    const amounts = credits.map((node) => node.remaining);
    const { solutions, accidental } = findSubsetSums(amounts, gap);
    const [best, ...others] = solutions.filter(({ members }) => members.length <= mostCredits);
    if (best === undefined) continue;
    // Several credits that are together as little as a fee are more likely a fee.
    if (best.members.length > 1 && size(gap) <= mostFee) continue;
    const chance = (0.995 * best.share) / (1 + accidentOdds * accidental);
    if (chance < 0.5) continue;
    const chosen = best.members.map((index) => credits[index]!);
    run.accept({
      lines: [line],
      items: [...named, ...chosen].map((node) => ({ node, applied: node.remaining })),
      method: 'references-completed',
      confidence: 9_950 * chance,
      evidence: [evidenceOf(line, chosen, chance)],
      rivals: others.slice(0, 3).map(({ members, share }) =>
        rival(
          members.map((index) => credits[index]!),
          10_000 * share,
          'These credits are what is missing as well.',
        ),
      ),
      mayBeAutomatic: others.length === 0,
    });
  }
}

/** Suggests, for lines that name nothing, the one item of the party that less one of its credits is the amount. */
export function findSilentCredits(run: Run): void {
  for (const line of run.open()) {
    const [hit] = line.parties;
    if (hit === undefined || line.mentions.some(({ node }) => node.remaining !== 0n)) continue;
    const credits = creditsOf(run, line, hit.party);
    if (credits.length === 0) continue;
    const pairs = credits.flatMap((credit) =>
      run.items
        .equal(hit.party, line.currency, line.minor - credit.remaining)
        .filter(
          (node) =>
            line.day - node.day <= run.settings.daysBefore && node.day - line.day <= run.settings.daysAfter,
        )
        .map((node) => ({ node, credit })),
    );
    const [pair, ...others] = pairs;
    if (pair === undefined || others.length > 0) continue;
    const chance = 0.9 / (1 + 0.02 * credits.length);
    run.accept({
      lines: [line],
      items: [pair.node, pair.credit].map((node) => ({ node, applied: node.remaining })),
      method: 'combination',
      confidence: 10_000 * chance * partyChance(line, hit.party),
      evidence: [evidenceOf(line, [pair.credit], chance)],
      mayBeAutomatic: false,
    });
  }
}
