import type { BoardCounts, BoardLine, LineStatus } from './board.operations.ts';
import { LineStore, type LineFilter } from './line-store.ts';

/** The height of every row, in pixels; the styles say the same. */
export const rowHeight = 52;

/** Which lines the list shows. */
export type FilterName = 'todo' | 'suggested' | 'exceptions' | 'open' | 'done' | 'all';

interface FilterFacts {
  readonly label: string;
  readonly statuses: readonly LineStatus[];
}

/** The filters in their order; without states all lines. */
export const boardFilters: Readonly<Record<FilterName, FilterFacts>> = {
  todo: { label: 'To do', statuses: ['SUGGESTED', 'EXCEPTION', 'UNMATCHED'] },
  suggested: { label: 'Suggested', statuses: ['SUGGESTED'] },
  exceptions: { label: 'Exceptions', statuses: ['EXCEPTION'] },
  open: { label: 'Open', statuses: ['UNMATCHED'] },
  done: { label: 'Done', statuses: ['MATCHED', 'BOOKED'] },
  all: { label: 'All', statuses: [] },
};

/** How many lines are in each state, of all accounts together. */
export type StatusCounts = Readonly<Record<LineStatus, number>>;

/** Adds the accounts up. */
export function countsOf({ reconciliationSummary }: BoardCounts): StatusCounts {
  const sum = { UNMATCHED: 0, SUGGESTED: 0, EXCEPTION: 0, MATCHED: 0, BOOKED: 0 };
  for (const account of reconciliationSummary) {
    sum.UNMATCHED += account.unmatched;
    sum.SUGGESTED += account.suggested;
    sum.EXCEPTION += account.exceptions;
    sum.MATCHED += account.matched;
    sum.BOOKED += account.booked;
  }
  return sum;
}

/** How many lines a filter shows. */
export function countOf(counts: StatusCounts, name: FilterName): number {
  const { statuses } = boardFilters[name];
  const wanted = statuses.length > 0 ? statuses : (Object.keys(counts) as LineStatus[]);
  return wanted.reduce((sum, status) => sum + counts[status], 0);
}

/** Whether there is still something to do about a line. */
export function isOpen(line: BoardLine): boolean {
  return line.status !== 'MATCHED' && line.status !== 'BOOKED';
}

/** What stands in the list: the lines of the filter that have what is searched for, the current and the marked ones. */
export class BoardList {
  readonly store = new LineStore();
  filter: FilterName = 'todo';
  search = '';
  current: string | undefined;
  /** The marked lines; another search does not unmark them. */
  #marked: ReadonlyMap<string, BoardLine> = new Map();
  #returning: { readonly id: string; readonly from: string | undefined } | undefined;

  /** What is asked for. */
  get wanted(): LineFilter {
    return { statuses: boardFilters[this.filter].statuses, account: undefined, search: this.search };
  }

  /** How many rows there are. */
  get count(): number {
    return this.store.total;
  }

  /** The line of a row, unless it is not loaded. */
  at(index: number): BoardLine | undefined {
    return this.store.at(index);
  }

  /** The row of a line; -1 when it has none. */
  indexOf(id: string | undefined): number {
    return this.store.indexOf(id);
  }

  /** The current line. */
  get line(): BoardLine | undefined {
    return this.store.find(this.current);
  }

  /** The marked lines in their order. */
  get markedLines(): readonly BoardLine[] {
    return Array.from(this.#marked, ([id, line]) => this.store.find(id) ?? line);
  }

  /** Whether a line is marked. */
  isMarked(id: string): boolean {
    return this.#marked.has(id);
  }

  /** Takes the marks of these lines away, or all. */
  unmark(ids?: readonly string[]): void {
    this.#marked = new Map(ids ? [...this.#marked].filter(([id]) => !ids.includes(id)) : []);
  }

  /**
   * Makes the row so many steps on current and says which it is; with `extend`, marks what is passed over. A row that is
   * not loaded does not become current.
   */
  move(step: number, extend = false): number {
    const from = this.indexOf(this.current);
    const to = Math.max(0, Math.min(this.count - 1, from + step));
    const line = this.at(to);
    if (!line) return to;
    if (extend) this.#mark(Math.min(from, to), Math.max(from, to));
    this.current = line.id;
    return to;
  }

  /** Marks every row between the current one and this one, and makes it current. */
  extendTo(id: string): void {
    const [from, to] = [this.indexOf(this.current), this.indexOf(id)];
    if (from >= 0 && to >= 0) this.#mark(Math.min(from, to), Math.max(from, to));
    this.current = id;
  }

  #mark(first: number, last: number): void {
    const marked = new Map(this.#marked);
    for (let index = Math.max(0, first); index <= last; index += 1) {
      const line = this.at(index);
      if (line && isOpen(line)) marked.set(line.id, line);
    }
    this.#marked = marked;
  }

  /** Marks a line, or takes its mark away; what is done cannot be marked. */
  toggle(id: string | undefined): void {
    const line = this.store.find(id);
    const marked = new Map(this.#marked);
    if (!line || (!marked.delete(line.id) && !isOpen(line))) return;
    if (!this.#marked.has(line.id)) marked.set(line.id, line);
    this.#marked = marked;
  }

  /** Makes the next line with something to do current: the closest behind, else the closest before. */
  advance(): void {
    const from = Math.max(0, this.indexOf(this.current));
    const line = this.#openFrom(from, 1) ?? this.#openFrom(from, -1);
    if (line) this.current = line.id;
  }

  #openFrom(from: number, step: 1 | -1): BoardLine | undefined {
    for (let index = from; index >= 0 && index < this.count; index += step) {
      const line = this.at(index);
      if (line && isOpen(line)) return line;
    }
    return undefined;
  }

  /** Makes a line current that has become open again; one that has left the list, as soon as it is back in it. */
  bringBack(id: string | undefined): void {
    if (this.indexOf(id) >= 0) this.current = id;
    else if (id !== undefined) this.#returning = { id, from: this.current };
  }

  /** After a change of the lines: keeps the current one, or takes what stands in its place now. */
  settle(place: number): void {
    // What a search leaves out stays marked; what is not there any more does not.
    const whole = this.search === '' && this.store.loaded >= this.store.total;
    if (whole) this.unmark([...this.#marked.keys()].filter((id) => this.store.find(id) === undefined));
    const returning = this.#returning;
    // Whoever has gone to another line meanwhile stays there.
    if (returning && returning.from !== this.current) this.#returning = undefined;
    else if (returning && this.indexOf(returning.id) >= 0) {
      this.#returning = undefined;
      this.current = returning.id;
    }
    if (this.indexOf(this.current) >= 0) return;
    this.current = this.at(Math.max(0, Math.min(place, this.count - 1)))?.id;
  }
}
