import type { CrossfootClient } from '../client/client.ts';
import { nodesOf } from '../client/values.ts';
import {
  boardItems,
  bookedLines,
  lineInFull,
  type BoardCandidate,
  type BoardItem,
  type BoardItems,
  type BoardLine,
  type BookedLines,
  type LineDetail,
  type LineException,
  type LineInFull,
  type Proposal,
} from './board.operations.ts';
import type { BookingAccount } from './board-forms.ts';
import { isOpen } from './board-list.ts';

/** The pages of open items a search looks through. */
const itemPages = 4;
const remembered = 60;

/** An account used before, and for whom. */
interface UsedAccount {
  readonly code: string;
  readonly counterpartyName: string | null;
}

/**
 * What lies on the desk beside the list: the facts of lines, fetched once for each and again when the line has changed,
 * what is open in the books, and which accounts lines were booked to.
 */
export class BoardDesk {
  readonly #details = new Map<string, { line: BoardLine; detail: LineDetail }>();
  #items: readonly BoardItem[] = [];
  #itemsLeft = 0;
  #itemsLoaded: Promise<void> | undefined;
  #used: readonly UsedAccount[] = [];

  /** What is known of a line; undefined while it is not, or not of the line as it is now. */
  detailOf(line: BoardLine | undefined): LineDetail | undefined {
    return line ? this.#details.get(line.id)?.detail : undefined;
  }

  /** Fetches what is known of a line, unless that was done since it changed last. */
  async look(client: CrossfootClient, line: BoardLine): Promise<void> {
    if (this.#details.get(line.id)?.line === line) return;
    const { statementLine } = await client.run<LineInFull>(lineInFull, { id: line.id });
    if (!statementLine) return;
    this.#details.delete(line.id);
    this.#details.set(line.id, { line, detail: statementLine });
    const [oldest] = this.#details.keys();
    if (this.#details.size > remembered && oldest !== undefined) this.#details.delete(oldest);
  }

  /** Fetches what is open in the books, once until `forget`. */
  async lookAtItems(client: CrossfootClient): Promise<void> {
    this.#itemsLoaded ??= this.#loadItems(client);
    await this.#itemsLoaded;
  }

  async #loadItems(client: CrossfootClient): Promise<void> {
    const items: BoardItem[] = [];
    let after: string | null = null;
    let total = 0;
    for (let page = 0; page < itemPages; page += 1) {
      const { openItems }: BoardItems = await client.run<BoardItems>(boardItems, {
        book: client.book,
        after,
      });
      items.push(...nodesOf(openItems));
      total = openItems.totalCount;
      after = openItems.pageInfo.endCursor;
      if (!openItems.pageInfo.hasNextPage) break;
    }
    this.#items = items;
    this.#itemsLeft = Math.max(0, total - items.length);
  }

  /** Lets go of what a change may have made wrong; what is shown stays until it is fetched again. */
  forget(lineIds: readonly string[]): void {
    for (const id of lineIds) {
      const kept = this.#details.get(id);
      if (kept) this.#details.set(id, { ...kept, line: { ...kept.line } });
    }
    this.#itemsLoaded = undefined;
  }

  /** What needs a person about a line; nothing once it is dealt with. */
  exceptionOf(line: BoardLine): LineException | undefined {
    const exception = this.detailOf(line)?.exceptionInFull;
    return exception?.status === 'OPEN' && isOpen(line) ? exception : undefined;
  }

  /** What a line may pay instead of what is suggested or offered as a way out, the likeliest first. */
  candidatesOf(line: BoardLine): readonly BoardCandidate[] {
    const detail = this.detailOf(line);
    const known = new Set([
      idsOf(detail?.matchInFull?.items ?? []),
      ...(this.exceptionOf(line)?.proposals.map(({ items }) => idsOf(items)) ?? []),
    ]);
    return detail?.openItemCandidates.filter(({ items }) => !known.has(idsOf(items))) ?? [];
  }

  /** What carries a number, in its order: the ways out of the exception, then the candidates. */
  offersOf(line: BoardLine): readonly (Proposal | BoardCandidate)[] {
    return [...(this.exceptionOf(line)?.proposals ?? []), ...this.candidatesOf(line)];
  }

  /** Single items to take for a line: those that are likely, then others of its currency and direction. */
  itemsFor(line: BoardLine, most = 30): readonly BoardItem[] {
    const detail = this.detailOf(line);
    const likely = [
      ...(detail?.matchInFull?.items ?? []),
      ...this.candidatesOf(line).flatMap(({ items }) => items),
    ];
    const { amount, currency } = line.amount;
    const others = this.#items.filter(
      ({ open }) => open.currency === currency && open.amount.startsWith('-') === amount.startsWith('-'),
    );
    const all = [...likely.flatMap(({ openItem }) => openItem ?? []), ...others];
    return Array.from(new Map(all.map((item) => [item.id, item])).values()).slice(0, most);
  }

  /** The open items with these words in them. */
  itemsWith(search: string, most = 50): readonly BoardItem[] {
    const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
    return this.#items
      .filter((item) => {
        const text = [item.counterpartyName, item.reference, item.label, item.open.amount, item.dueOn]
          .join(' ')
          .toLowerCase();
        return wanted.every((word) => text.includes(word));
      })
      .slice(0, most);
  }

  /** What the search does not look through, in words; empty when it looks through everything. */
  get searched(): string {
    if (this.#itemsLeft === 0) return '';
    return `Looked through the newest ${this.#items.length} open items; ${this.#itemsLeft} older ones are left out.`;
  }

  /** Fetches the accounts lines were booked to last. */
  async lookAtAccounts(client: CrossfootClient): Promise<void> {
    const { statementLines } = await client.run<BookedLines>(bookedLines, { book: client.book });
    this.#used = nodesOf({ totalCount: 0, ...statementLines }).flatMap(
      ({ bookedAccountCode, counterpartyName }) =>
        bookedAccountCode ? [{ code: bookedAccountCode, counterpartyName }] : [],
    );
  }

  /** The accounts to offer: those the page has given, else those used before. */
  accounts(given: readonly BookingAccount[]): readonly BookingAccount[] {
    if (given.length > 0) return given;
    return [
      ...new Map(this.#used.map(({ code, counterpartyName }) => [code, counterpartyName ?? ''])).entries(),
    ].map(([code, name]) => ({ code, name: name && `last for ${name}` }));
  }

  /** The account the other side of a line was booked to last; empty when it never was. */
  usualAccount({ counterpartyName }: BoardLine): string {
    if (counterpartyName === null) return '';
    return this.#used.find((used) => used.counterpartyName === counterpartyName)?.code ?? '';
  }
}

function idsOf(items: readonly { readonly openItem: { readonly id: string } | null }[]): string {
  return items
    .map(({ openItem }) => openItem?.id ?? '')
    .toSorted((a, b) => a.localeCompare(b))
    .join(' ');
}
