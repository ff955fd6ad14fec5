import { sha256Hex } from '#kernel/canonical';
import { describeKey, keysOf } from '../triage/line-keys.ts';
import { backTest, inTime, learn, type BackTest, type DecidedLine } from './back-test.ts';

/** A booking rule that past decisions suggest. */
export interface RuleProposal {
  /** The same for the same kind of line, currency and account. */
  readonly id: string;
  readonly name: string;
  /** What the lines it would take have in common. */
  readonly key: string;
  readonly currency: string;
  readonly accountCode: string;
  readonly memo: string | undefined;
  readonly upToMinor: bigint;
  readonly backTest: BackTest;
  /** How many past lines of the kind there are. */
  readonly total: number;
  /** The newest of them. */
  readonly lineIds: readonly string[];
}

/** What a rule must have shown before it is proposed. */
export interface Bar {
  /** Lines it would have booked right. */
  readonly right: number;
  /** How many of a thousand lines it would have booked may have been wrong. */
  readonly wrongOfThousand: number;
}

/** Three right after three to learn from, and hardly ever wrong. */
export const bar: Bar = { right: 3, wrongOfThousand: 20 };

const mostExamples = 5;

/** Whether a back-test is good enough to propose the rule. */
export function passes({ right, wrong }: BackTest, least: Bar = bar): boolean {
  return right >= least.right && wrong * 1000 <= (right + wrong) * least.wrongOfThousand;
}

/** Past lines by each of their keys, within one currency. */
export function byKey(lines: readonly DecidedLine[]): Map<string, DecidedLine[]> {
  const groups = new Map<string, DecidedLine[]>();
  for (const line of lines.toSorted(inTime)) {
    for (const key of keysOf(line)) {
      const group = groups.get(groupOf(line.currency, key));
      if (group) group.push(line);
      else groups.set(groupOf(line.currency, key), [line]);
    }
  }
  return groups;
}

/** Under which a line of a currency with a key is found in the groups. */
export function groupOf(currency: string, key: string): string {
  return `${currency} ${key}`;
}

/**
 * The rules that past decisions suggest, those with most behind them first. None is below the bar, none is for what a
 * rule in force (named by `groupOf`) decides already, and a narrow one is left out where a wider one does the same.
 */
export function findRecurrence(
  lines: readonly DecidedLine[],
  { inForce, least = bar }: { readonly inForce: ReadonlySet<string>; readonly least?: Bar },
): RuleProposal[] {
  const found = new Map<string, RuleProposal>();
  for (const [group, ofKey] of byKey(lines)) {
    const proposal = inForce.has(group) ? undefined : propose(group, ofKey, least);
    if (proposal) found.set(group, proposal);
  }
  return [...found.values()]
    .filter((one) => !coveredByWider(one, { found, inForce }))
    .toSorted((a, b) => b.total - a.total || (a.id < b.id ? -1 : 1));
}

function propose(group: string, lines: readonly DecidedLine[], least: Bar): RuleProposal | undefined {
  const learned = learn(lines);
  if (!learned) return undefined;
  const tested = backTest(lines);
  if (!passes(tested, least)) return undefined;
  const currency = group.slice(0, group.indexOf(' '));
  const key = group.slice(currency.length + 1);
  const name = describeKey(key);
  return {
    id: `rp_${sha256Hex(`${group}\n${learned.accountCode}`).slice(0, 26)}`,
    name: name.length > 200 ? `${name.slice(0, 199)}…` : name,
    key,
    currency,
    accountCode: learned.accountCode,
    memo: commonMemo(lines, learned.accountCode),
    upToMinor: learned.upToMinor,
    backTest: tested,
    total: lines.length,
    lineIds: lines.slice(-mostExamples).map(({ id }) => id),
  };
}

function coveredByWider(
  { key, currency, accountCode }: RuleProposal,
  { found, inForce }: { found: ReadonlyMap<string, RuleProposal>; inForce: ReadonlySet<string> },
): boolean {
  const [direction = '', party = '', words = ''] = key.split('|');
  if (party === '' || words === '') return false;
  const wide = groupOf(currency, `${direction}|${party}|`);
  return inForce.has(wide) || found.get(wide)?.accountCode === accountCode;
}

/** What was said every time, if anything. */
function commonMemo(lines: readonly DecidedLine[], accountCode: string): string | undefined {
  const memos = new Set(lines.filter((one) => one.accountCode === accountCode).map(({ memo }) => memo));
  const [memo] = memos;
  return memos.size === 1 && memo !== null ? memo : undefined;
}
