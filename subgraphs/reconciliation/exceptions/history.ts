import { isBankCharge } from '../matches/bank-charge.ts';
import { calendarDate } from '#kernel/calendar';
import { money } from '#kernel/money';
import { keysOf, type KeyedLine } from '../triage/line-keys.ts';
import { byKey, findRecurrence, groupOf, type RuleProposal } from './find-recurrence.ts';
import { inTime, type DecidedLine } from './back-test.ts';
import type { Earlier } from './propose-resolutions.ts';

/** A line whose exception a person closed with words and nothing else. */
export interface ClosedLine extends KeyedLine {
  readonly currency: string;
  readonly resolution: string;
}

/** What a book has learned from its past: what people did with which lines. */
export interface History {
  /** Past lines by their keys, the oldest first. */
  readonly decided: ReadonlyMap<string, readonly DecidedLine[]>;
  /** How often which words closed lines of a key. */
  readonly closed: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Rules that are good enough and that nobody has declined. */
  readonly proposals: readonly RuleProposal[];
  /** The account that charges of the bank were booked to last. */
  readonly chargesAccountCode: string | undefined;
}

interface Past {
  readonly decided: readonly DecidedLine[];
  readonly closed: readonly ClosedLine[];
  /** Keys with a rule in force, as `groupOf` names them. */
  readonly inForce: ReadonlySet<string>;
  readonly declinedProposals: ReadonlySet<string>;
}

/** Makes the past ready to be asked. */
export function historyOf({ decided, closed, inForce, declinedProposals }: Past): History {
  const lastCharge = decided
    .toSorted(inTime)
    .findLast((line) => line.accountCode !== null && line.minor < 0n && isCharge(line));
  return {
    decided: byKey(decided),
    closed: closedByKey(closed),
    proposals: findRecurrence(decided, { inForce }).filter(({ id }) => !declinedProposals.has(id)),
    chargesAccountCode: lastCharge?.accountCode ?? undefined,
  };
}

/** So many of the newest lines of a kind must have gone to one account for it to be proposed. */
const lately = 3;

/** What was done with lines like this one, the narrowest kind that has a past first; itself left out. */
export function earlierOf(
  history: History,
  line: KeyedLine & { readonly id: string; readonly currency: string },
): Earlier & { readonly times: number } {
  const groups = keysOf(line).map((key) => groupOf(line.currency, key));
  const alike = groups
    .map((group) => (history.decided.get(group) ?? []).filter(({ id }) => id !== line.id))
    .find((lines) => lines.length > 0);
  const rule = history.proposals.find((one) => groups.includes(groupOf(one.currency, one.key)));
  const words = groups.flatMap((group) => {
    const [best] = [...(history.closed.get(group) ?? [])].toSorted((a, b) => b[1] - a[1]);
    return best ? [best] : [];
  })[0];
  const booked = alike && bookedLately(alike);
  return {
    times: alike?.length ?? 0,
    ...(booked ? { booked } : {}),
    ...(words ? { closed: { resolution: words[0], times: words[1] } } : {}),
    ...(rule ? { rule: { proposalId: rule.id, accountCode: rule.accountCode, total: rule.total } } : {}),
  };
}

function bookedLately(lines: readonly DecidedLine[]): Earlier['booked'] {
  const newest = lines.at(-1);
  const accountCode = newest?.accountCode;
  if (!newest || !accountCode) return undefined;
  if (lines.slice(-lately).some((line) => line.accountCode !== accountCode)) return undefined;
  const times = lines.filter((line) => line.accountCode === accountCode).length;
  return { accountCode, times, ...(newest.memo === null ? {} : { memo: newest.memo }) };
}

function closedByKey(lines: readonly ClosedLine[]): Map<string, Map<string, number>> {
  const groups = new Map<string, Map<string, number>>();
  for (const line of lines) {
    for (const key of keysOf(line)) {
      const group = groupOf(line.currency, key);
      const words = groups.get(group) ?? new Map<string, number>();
      words.set(line.resolution, (words.get(line.resolution) ?? 0) + 1);
      groups.set(group, words);
    }
  }
  return groups;
}

function isCharge(line: DecidedLine): boolean {
  return isBankCharge({
    id: line.id,
    bookedOn: calendarDate(line.bookedOn),
    amount: money(line.minor, line.currency),
    ...(line.counterpartyName === null ? {} : { counterpartyName: line.counterpartyName }),
    references: [],
    text: line.text,
    reversal: false,
  });
}
