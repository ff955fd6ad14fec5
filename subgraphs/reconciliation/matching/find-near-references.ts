import { sentence } from './explain.ts';
import type { ItemNode, LineNode } from './nodes.ts';
import { nearReference } from './candidates.ts';
import { openMentions } from './find-references.ts';
import type { MatchEvidence } from './model.ts';
import type { Run } from './run.ts';

/** An amount that more items than this have in common proves nothing together with half a number. */
const mostEqual = 60;

function fits(run: Run, line: LineNode): ItemNode[] {
  const equal = run.book.byAmount.get(line.currency, line.minor);
  if (equal.length > mostEqual) return [];
  return equal.filter(
    (node) =>
      node.remaining === line.minor &&
      line.day - node.day <= run.settings.daysBefore &&
      node.day - line.day <= run.settings.daysAfter &&
      (line.parties.length === 0 || line.parties.some((hit) => hit.party === node.party)) &&
      nearReference(line, node) !== undefined,
  );
}

function hasEqual(run: Run, line: LineNode, node: ItemNode): boolean {
  return run.items.equal(node.party, line.currency, line.minor).some((other) => other !== node);
}

/**
 * Settles lines with a number that is an item's number cut short or mistyped, when the amount is the item's and no
 * other item comes as near. A number that happens to be another item's gives way unless that item's party has paid.
 */
export function findNearReferences(run: Run): void {
  for (const line of run.open()) {
    if (line.numbers.length === 0) continue;
    const mentions = openMentions(line);
    if (mentions.some(({ node }) => line.parties.some((hit) => hit.party === node.party))) continue;
    const [node, second] = fits(run, line);
    if (node === undefined || second !== undefined) continue;
    const detail = sentence`The number ${nearReference(line, node)!} in the payment is the item's number ${node.serial} cut short or mistyped.`;
    const evidence: MatchEvidence = { signal: 'reference', score: 8_000, detail };
    const doubt = mentions.length > 0 ? 300 : 0;
    run.accept({
      lines: [line],
      items: [{ node, applied: node.remaining }],
      method: 'amount-and-party',
      confidence: (line.parties.length > 0 ? 9_900 : 9_700) - doubt,
      evidence: [evidence],
      // Other items of the party with the amount make it a choice, and choices are for a person.
      mayBeAutomatic: line.parties.length > 0 && mentions.length === 0 && !hasEqual(run, line, node),
    });
  }
}
