import { html, nothing, type TemplateResult } from 'lit';
import { formatMoney, percent, sumPerCurrency } from '../base/format.ts';
import { icon } from '../theme/icons.ts';
import { boardFilters, countOf, type FilterName, type StatusCounts } from './board-list.ts';
import type { BoardCandidate, BoardLine, MatcherRun } from './board.operations.ts';
import { itemText } from './line-detail.ts';

interface Toolbar {
  readonly filter: FilterName;
  readonly counts: StatusCounts;
  readonly search: string;
  readonly locale: string;
  /** How many lines were found; undefined while nothing is searched for. */
  readonly found: number | undefined;
  readonly choose: (filter: FilterName) => void;
  readonly find: (text: string) => void;
}

/** The filters with their counts, and the search. */
export function toolbar(bar: Toolbar): TemplateResult {
  const { filter, counts, search, found, choose, find } = bar;
  const figures = new Intl.NumberFormat(bar.locale);
  return html`<div class="toolbar" part="toolbar">
    <div class="filters" role="group" aria-label="Show">
      ${Object.entries(boardFilters).map(
        ([name, { label }]) =>
          html`<button
            type="button"
            aria-pressed=${filter === name}
            @click=${() => choose(name as FilterName)}
          >
            ${label} <span class="count">${figures.format(countOf(counts, name as FilterName))}</span>
          </button>`,
      )}
    </div>
    <div class="search">
      ${icon('search', 14)}
      <label class="unseen" for="search">Search the lines</label>
      <input
        type="search"
        id="search"
        placeholder="Search  /"
        autocomplete="off"
        .value=${search}
        @input=${(event: Event) => find((event.target as HTMLInputElement).value.trim())}
      />
      ${found === undefined ? nothing : html`<span class="small muted figures found" role="status">${figures.format(found)} found</span>`}
    </div>
  </div>`;
}

/** What a run of the matcher has found, in words. */
export function ranText({ accepted, suggested, exceptions }: MatcherRun): string {
  return `The matcher is done: ${accepted} matched, ${suggested} suggested, ${exceptions} left to people.`;
}

/** How much of the book is reconciled, as a bar with its figure; how far the matcher is while it runs. */
export function progress(counts: StatusCounts, run: MatcherRun | undefined): TemplateResult {
  const all = countOf(counts, 'all');
  const done = countOf(counts, 'done');
  const share = all === 0 ? 1 : done / all;
  // Nothing is rounded up to all of it.
  const figure = done < all ? Math.min(99, percent(share.toString())) : 100;
  return html`<span class="grow"></span>
    ${
      run
        ? html`<span class="chip info" part="matcher" role="status"
            >${icon('sync', 12)}Matching ${run.done} of ${run.total}</span
          >`
        : nothing
    }
    <svg class="progress" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width=${share * 100} height="6" fill="currentColor"></rect>
    </svg>
    <span class="small figures" part="progress"
      ><span class="strong">${figure} %</span> <span class="muted">reconciled</span></span
    >`;
}

interface Candidates {
  readonly candidates: readonly BoardCandidate[];
  readonly line: BoardLine;
  readonly locale: string;
  /** How many numbers are taken already, by ways out of an exception. */
  readonly after: number;
  readonly take: (place: number) => void;
}

/** Other open items the line may settle, each with a key and what speaks for it. */
export function candidateList({
  candidates,
  line,
  locale,
  after,
  take,
}: Candidates): TemplateResult | typeof nothing {
  if (candidates.length === 0) {
    if (line.match || after > 0) return nothing;
    return html`<p class="muted">Nothing that is open fits. Create an entry, or look for items by hand.</p>`;
  }
  return html`<section part="candidates" aria-label="Candidates">
    <h4>${line.match ? 'Other open items' : 'Open items that may fit'}</h4>
    <ol class="candidates">
      ${candidates.map(
        (candidate, place) =>
          html`<li>
            <button type="button" class="offer" @click=${() => take(after + place)}>
              ${after + place < 9 ? html`<kbd aria-hidden="true">${after + place + 1}</kbd>` : html`<span></span>`}
              <span class="item"
                >${candidateText(candidate, locale)}<span class="small muted why"
                  >${candidate.reason}</span
                ></span
              >
              <span class="pays">${candidatePays(candidate, line, locale)}</span>
            </button>
          </li>`,
      )}
    </ol>
  </section>`;
}

function candidateText({ items }: BoardCandidate, locale: string): TemplateResult {
  const [only, second] = items;
  if (!second) return itemText(only?.openItem ?? null, locale);
  const numbers = items.map(({ openItem }) => openItem?.reference ?? openItem?.label ?? '').join(', ');
  return html`<span class="strong clip"
      >${items.length} items of ${only?.openItem?.counterpartyName ?? 'several'}</span
    >
    <span class="small muted clip">${numbers}</span>`;
}

function candidatePays(
  { items, difference }: BoardCandidate,
  line: BoardLine,
  locale: string,
): TemplateResult {
  const sums = sumPerCurrency(items.map(({ applied }) => applied));
  const exact = sums.length === 1 && sums[0]?.amount === line.amount.amount;
  return html`<span class="amount ${exact ? 'same' : ''}"
      >${sums.map((sum) => formatMoney(sum, locale)).join(' + ')}</span
    >
    ${difference ? html`<span class="small muted figures">${formatMoney(difference, locale, 'always')}</span>` : nothing}`;
}

interface ActionBar {
  readonly line: BoardLine;
  readonly busy: boolean;
  readonly undoable: boolean;
  /** Whether ways out are offered, before which nothing else stands out. */
  readonly offered: boolean;
  readonly act: (action: 'accept' | 'split' | 'book' | 'decline' | 'take-back') => void;
}

/** What can be done about a line. */
export function actionBar({ line, busy, undoable, offered, act }: ActionBar): TemplateResult {
  const suggested = line.status === 'SUGGESTED' && line.match !== null;
  if (line.status === 'MATCHED' || line.status === 'BOOKED') {
    return html`<div class="action-bar">
      <span class="small muted grow">Nothing is left to do here.</span>
      ${undoable ? html`<button type="button" ?disabled=${busy} @click=${() => act('take-back')}>${icon('undo', 14)} Take back</button>` : nothing}
    </div>`;
  }
  return html`<div class="action-bar">
    ${
      suggested
        ? html`<button
            type="button"
            class="filled"
            part="accept"
            ?disabled=${busy}
            @click=${() => act('accept')}
          >
            Accept <kbd>A</kbd>
          </button>`
        : nothing
    }
    <button
      type="button"
      class=${suggested || offered ? '' : 'filled'}
      part="split"
      ?disabled=${busy}
      @click=${() => act('split')}
    >
      ${suggested ? 'Split' : 'Match by hand'} <kbd>S</kbd>
    </button>
    <button type="button" part="book" ?disabled=${busy} @click=${() => act('book')}>
      Create entry <kbd>E</kbd>
    </button>
    ${
      suggested
        ? html`<button type="button" part="decline" ?disabled=${busy} @click=${() => act('decline')}>
            Decline <kbd>D</kbd>
          </button>`
        : nothing
    }
  </div>`;
}
