import type { CrossfootClient } from '../client/client.ts';
import { boardLines, type BoardLine, type BoardLines, type LineStatus } from './board.operations.ts';
import type { RowRange } from '../base/virtual-window.ts';

const firstPage = 100;
const laterPage = 500;

/** The lines of one state, loaded from the front; without a state, all lines. */
interface Part {
  readonly status: LineStatus | undefined;
  readonly total: number;
  readonly lines: readonly BoardLine[];
  readonly cursor: string | null;
  readonly more: boolean;
}

/** Which lines are asked for: those of these states one after the other, or all. */
export interface LineFilter {
  readonly statuses: readonly LineStatus[];
  readonly account: string | undefined;
  /** What is searched for; empty for everything. */
  readonly search: string;
}

/**
 * The lines of the board, of any number: pages are fetched when somebody comes near them, and lines that change are
 * replaced where they stand, so that nothing jumps under the reader.
 */
export class LineStore {
  #parts: readonly Part[] = [];
  #filter: LineFilter = { statuses: [], account: undefined, search: '' };
  #loading: Promise<void> | undefined;
  #generation = 0;
  #places: Map<string, number> | undefined;

  /** How many lines there are, loaded or not. */
  get total(): number {
    return this.#parts.reduce((sum, { total }) => sum + total, 0);
  }

  /** How many lines are loaded. */
  get loaded(): number {
    return this.#parts.reduce((sum, { lines }) => sum + lines.length, 0);
  }

  /** The line at a place, unless it is not loaded. */
  at(index: number): BoardLine | undefined {
    let start = 0;
    for (const { lines, total } of this.#parts) {
      if (index < start + total) return lines[index - start];
      start += total;
    }
    return undefined;
  }

  /** The place of a line; -1 when it is not loaded. */
  indexOf(id: string | undefined): number {
    if (id === undefined) return -1;
    this.#places ??= this.#index();
    return this.#places.get(id) ?? -1;
  }

  /** A loaded line. */
  find(id: string | undefined): BoardLine | undefined {
    const index = this.indexOf(id);
    return index < 0 ? undefined : this.at(index);
  }

  /** Every loaded line, in order. */
  all(): readonly BoardLine[] {
    return this.#parts.flatMap(({ lines }) => lines);
  }

  #index(): Map<string, number> {
    const places = new Map<string, number>();
    let start = 0;
    for (const { lines, total } of this.#parts) {
      for (const [at, { id }] of lines.entries()) places.set(id, start + at);
      start += total;
    }
    return places;
  }

  #replace(parts: readonly Part[]): void {
    this.#parts = parts;
    this.#places = undefined;
  }

  /** Fetches the lines of a filter from the front again, as many of each state as were loaded. */
  async reload(client: CrossfootClient, filter: LineFilter): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const same = isSame(filter, this.#filter);
    const before = same ? this.#parts : [];
    const wanted = filter.statuses.length > 0 ? filter.statuses : [undefined];
    const parts = await Promise.all(
      wanted.map(async (status, at) => {
        const needed = before[at]?.lines.length ?? 0;
        let part = await this.#fetch(client, {
          ...filter,
          status,
          size: Math.min(500, Math.max(firstPage, needed)),
        });
        while (part.more && part.lines.length < needed) part = await this.#next(client, filter, part);
        return part;
      }),
    );
    if (generation !== this.#generation) return;
    this.#filter = filter;
    this.#loading = undefined;
    this.#replace(parts);
  }

  /** Fetches what of these rows is missing, page by page; tells after each page. */
  async reach(client: CrossfootClient, range: RowRange, arrived: () => void): Promise<void> {
    while (this.#loading) await this.#loading;
    const generation = this.#generation;
    let missing = this.#missing(range);
    while (missing !== undefined && generation === this.#generation) {
      this.#loading = this.#extend(client, missing, generation);
      try {
        await this.#loading;
      } finally {
        this.#loading = undefined;
      }
      arrived();
      missing = this.#missing(range);
    }
  }

  /** The part whose next page holds the first missing row of a range. */
  #missing({ first, last }: RowRange): number | undefined {
    let start = 0;
    for (const [at, { lines, total, more }] of this.#parts.entries()) {
      const upTo = Math.min(last, start + total);
      if (more && upTo > Math.max(first, start) && upTo > start + lines.length) return at;
      start += total;
    }
    return undefined;
  }

  async #extend(client: CrossfootClient, at: number, generation: number): Promise<void> {
    const part = this.#parts[at];
    if (!part) return;
    const longer = await this.#next(client, this.#filter, part);
    if (generation !== this.#generation) return;
    // Lines may have been replaced while the page was on its way; only what is new is taken from it.
    const now = this.#parts[at]?.lines ?? [];
    const merged = { ...longer, lines: [...now, ...longer.lines.slice(part.lines.length)] };
    this.#replace(this.#parts.with(at, merged));
  }

  async #next(client: CrossfootClient, filter: LineFilter, part: Part): Promise<Part> {
    const page = await this.#fetch(client, {
      ...filter,
      status: part.status,
      size: laterPage,
      after: part.cursor,
    });
    const known = new Set(part.lines.map(({ id }) => id));
    const lines = [...part.lines, ...page.lines.filter(({ id }) => !known.has(id))];
    // When everything is there, it is as many as came, whatever the first page said.
    return { ...page, lines, total: page.more ? Math.max(page.total, lines.length) : lines.length };
  }

  async #fetch(
    client: CrossfootClient,
    { account, search, status, size, after }: PageRequest,
  ): Promise<Part> {
    const { statementLines } = await client.run<BoardLines>(boardLines, {
      book: client.book,
      status,
      account,
      search: search || null,
      first: size,
      after,
    });
    const { totalCount, pageInfo, edges } = statementLines;
    return {
      status,
      total: totalCount,
      lines: edges.map(({ node }) => node),
      cursor: pageInfo.endCursor,
      more: pageInfo.hasNextPage,
    };
  }

  /** Puts a line in the place of what it was; false when it is not among the loaded ones. */
  put(line: BoardLine): boolean {
    const at = this.#parts.findIndex(({ lines }) => lines.some(({ id }) => id === line.id));
    const part = this.#parts[at];
    if (!part) return false;
    const place = part.lines.findIndex(({ id }) => id === line.id);
    // The places of the lines stay, so the index does too.
    this.#parts = this.#parts.with(at, { ...part, lines: part.lines.with(place, line) });
    return true;
  }
}

interface PageRequest {
  readonly account: string | undefined;
  readonly search: string;
  readonly status: LineStatus | undefined;
  readonly size: number;
  readonly after?: string | null;
}

function isSame(one: LineFilter, other: LineFilter): boolean {
  return (
    one.account === other.account &&
    one.search === other.search &&
    one.statuses.join() === other.statuses.join()
  );
}
