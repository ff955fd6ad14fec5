import { money } from '#kernel/money';
import type { Money } from '#kernel/money';
import { decide } from './nodes.ts';
import type { Book } from './book.ts';
import type { LineNode } from './nodes.ts';
import { explain } from './explain.ts';
import type { Finding } from './finding.ts';
import { Habits } from './habits.ts';
import type {
  ConsideredItem,
  MatchRival,
  MatchSettings,
  ProposedMatch,
  UnmatchedLine,
  UnmatchedReason,
} from './model.ts';
import { OpenItems } from './open-items.ts';
import { UsualFees } from './usual-fees.ts';

/** Why a line stays unmatched, and the lines that have to do with it. */
export interface Leftover {
  readonly reason: UnmatchedReason;
  readonly detail: string;
  readonly related?: readonly LineNode[];
  readonly considered?: readonly ConsideredItem[];
}

const noRivals: readonly MatchRival[] = [];

/** One pass over a book: what the stages share, what they have decided, and what is left. */
export class Run {
  readonly book: Book;
  readonly settings: Required<MatchSettings>;
  readonly matches: ProposedMatch[] = [];
  readonly unmatched: UnmatchedLine[] = [];
  /** Why a line may stay without a match, noted by stages that saw too many readings of it. */
  readonly ambiguous = new Map<LineNode, string>();
  /** Payouts and payment runs whose members a report named. */
  readonly reported: Finding[] = [];
  /** The middle rate of each pair of currencies in this book, by `from>to`, times a fixed scale. */
  readonly rates = new Map<string, bigint>();
  /** What banks keep of payments in this book. */
  readonly fees = new UsualFees();
  /** What items paid together have in common in this book. */
  readonly habits: Habits;
  /** What is left of the items that parties pay themselves. */
  readonly items: OpenItems;
  readonly #delays: number[] = [];
  #open: readonly LineNode[];
  /** Whether lines were decided since `#open` was made. */
  #isOld = false;

  constructor(book: Book, settings: Required<MatchSettings>) {
    this.book = book;
    this.settings = settings;
    this.habits = new Habits(book);
    this.items = new OpenItems(book);
    this.#open = book.lines;
  }

  /** Days between item and line of the matches that references proved: the payment habits of this book. */
  get delays(): readonly number[] {
    return this.#delays;
  }

  /** Lines no stage has decided on yet, in date order. */
  open(): readonly LineNode[] {
    if (this.#isOld) this.#open = this.#open.filter((line) => !line.done);
    this.#isOld = false;
    return this.#open;
  }

  /** Takes a finding: the lines are decided, the items lose what was applied. */
  accept(finding: Finding): void {
    const confidence = Math.max(0, Math.min(10_000, Math.round(finding.confidence)));
    for (const { node, applied } of finding.items) {
      node.remaining -= applied;
      node.settledBy = node.settledBy.length === 0 ? finding.lines : [...node.settledBy, ...finding.lines];
      this.items.paid(node);
    }
    const [line] = finding.lines;
    const [item] = finding.items;
    if (finding.method === 'reference' && line && item) this.#delays.push(line.day - item.node.day);
    if (finding.method === 'group-report') this.reported.push(finding);
    if (finding.method === 'several-references') this.habits.learn(finding.items.map(({ node }) => node));
    const currency = line!.currency;
    const difference: Money | undefined =
      finding.difference === undefined || finding.difference === 0n
        ? undefined
        : money(finding.difference, currency);
    const match: ProposedMatch = {
      lineIds: finding.lines.map((node) => node.line.id),
      items: finding.items.map(({ node, applied }) => ({
        id: node.item.id,
        applied: applied === node.item.open.minor ? node.item.open : money(applied, node.currency),
      })),
      method: finding.method,
      confidence,
      automatic: finding.mayBeAutomatic !== false && confidence >= this.settings.automaticFrom,
      evidence: explain(finding),
      rivals: finding.rivals === undefined || finding.rivals.length === 0 ? noRivals : finding.rivals,
    };
    this.matches.push(difference === undefined ? match : { ...match, difference });
    for (const node of finding.lines) this.#decide(node);
  }

  /** Leaves a line unmatched for good, with the reason a person reads. */
  leave(node: LineNode, { reason, detail, related = [], considered = [] }: Leftover): void {
    this.#decide(node);
    const relatedLineIds = related.map((other) => other.line.id);
    this.unmatched.push({
      lineId: node.line.id,
      reason,
      detail,
      relatedLineIds,
      ...(considered.length > 0 ? { considered } : {}),
    });
  }

  #decide(node: LineNode): void {
    decide(node);
    this.#isOld = true;
  }
}
