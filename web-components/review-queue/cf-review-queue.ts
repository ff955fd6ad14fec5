import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { CfElement, submittedText } from '../base/cf-element.ts';
import { confidenceChip } from '../base/chips.ts';
import { define } from '../base/define.ts';
import { formatAgo, formatMoney, sumPerCurrency } from '../base/format.ts';
import { emptyState } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import { wasOvertaken, type Failure } from '../client/failure.ts';
import type { LiveTopic } from '../client/live-events.operations.ts';
import { icon } from '../theme/icons.ts';
import { approveRow, rejectRow } from './decide-row.ts';
import { loadQueue, type QueueRow, type RowKind } from './queue-rows.ts';
import { reviewQueueStyles } from './review-queue.styles.ts';

type Rows = readonly QueueRow[];

/**
 * `<cf-review-queue>`: drafts and suggested matches that wait for a person, worked by keyboard.
 * J/K or arrows move, X marks, A approves, R rejects with a reason, Escape clears.
 * @attr show - "approval" or "match" to show only these
 * @fires cf-select - the current row changed; detail has kind ("approval" or "match"), id, and because: "chosen"
 *   by the person, "decided" in the queue, or "gone" since somebody decided the row before elsewhere
 * @fires cf-decided - rows were decided; detail has verdict and the decided rows' kind and id
 */
export class CfReviewQueue extends CfElement<Rows> {
  static override properties: PropertyDeclarations = {
    show: { reflect: true },
    current: { state: true },
    marked: { state: true },
    rejecting: { state: true },
    notice: { state: true },
    busy: { state: true },
  };
  static override styles = [CfElement.styles, reviewQueueStyles];

  declare show: RowKind | undefined;
  declare private current: string | undefined;
  declare private marked: ReadonlySet<string>;
  declare private rejecting: boolean;
  declare private notice: Failure | string | undefined;
  declare private busy: boolean;
  protected readonly defaultHeading = 'Review queue';
  #known: Set<string> | undefined;
  readonly #arrived = new Set<string>();
  #because: 'chosen' | 'decided' | 'gone' = 'chosen';
  #announcement = '';

  constructor() {
    super();
    this.marked = new Set();
    this.rejecting = false;
    this.busy = false;
  }

  protected override get topics(): readonly LiveTopic[] {
    return ['approvalRequestChanged', 'matchChanged'];
  }

  protected override load(client: CrossfootClient): Promise<Rows> {
    return loadQueue(client);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('data') || !this.data) return;
    const keys = new Set(this.data.map((row) => row.key));
    const fresh = this.#known ? this.data.filter((row) => !this.#known?.has(row.key)) : [];
    for (const row of fresh) this.#arrived.add(row.key);
    if (fresh.length > 0) this.#announcement = `${fresh.length} new. ${this.data.length} waiting.`;
    this.#known = keys;
    this.marked = new Set([...this.marked].filter((key) => keys.has(key)));
    if (this.current === undefined || !keys.has(this.current)) this.#selectNear(changed.get('data') as Rows);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('current')) {
      // Only for who works in the list: a page must not jump because a queue on it has loaded.
      if (this.matches(':focus-within')) {
        this.renderRoot.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
      }
      const row = this.#row();
      this.emit('cf-select', { kind: row?.kind, id: row?.id, because: this.#because });
    }
    if (changed.has('rejecting') && this.rejecting) this.renderRoot.querySelector('textarea')?.focus();
  }

  /** Makes the row that took the place of a vanished one current, so that work goes on where it stood. */
  #selectNear(before: Rows | undefined): void {
    const rows = this.#rows();
    if (this.current !== undefined) this.#because = this.busy ? 'decided' : 'gone';
    const place = Math.max(0, before?.findIndex((row) => row.key === this.current) ?? 0);
    this.current = rows[Math.min(place, rows.length - 1)]?.key;
  }

  #rows(): Rows {
    return this.data?.filter((row) => !this.show || row.kind === this.show) ?? [];
  }

  #row(): QueueRow | undefined {
    return this.#rows().find((row) => row.key === this.current);
  }

  /** The marked rows, or the current one when none is marked. */
  #targets(): QueueRow[] {
    const marked = this.#rows().filter((row) => this.marked.has(row.key));
    const current = this.#row();
    return marked.length > 0 ? marked : current ? [current] : [];
  }

  #move(step: number): void {
    this.#because = 'chosen';
    const rows = this.#rows();
    const place = rows.findIndex((row) => row.key === this.current);
    this.current = rows[Math.max(0, Math.min(rows.length - 1, place + step))]?.key;
    this.notice = undefined;
  }

  #mark(key: string | undefined): void {
    if (key === undefined) return;
    const marked = new Set(this.marked);
    if (!marked.delete(key)) marked.add(key);
    this.marked = marked;
  }

  async #decide(verdict: 'approve' | 'reject', reason = ''): Promise<void> {
    const { client } = this;
    const targets = this.#targets();
    const blocked = targets.find((row) => row.blocked !== undefined);
    if (blocked) this.notice = `${blocked.title}: ${blocked.blocked}`;
    if (!client || blocked || this.busy || targets.length === 0) return;
    this.busy = true;
    this.notice = undefined;
    const decided: QueueRow[] = [];
    for (const row of targets) {
      try {
        await (verdict === 'approve' ? approveRow(client, row) : rejectRow(client, row, reason));
        decided.push(row);
      } catch (thrown) {
        const failure = this.report(thrown);
        this.notice = wasOvertaken(failure)
          ? `${row.title}: somebody else has decided this already.`
          : failure;
      }
    }
    this.rejecting = false;
    this.marked = new Set();
    await this.refresh();
    await this.updateComplete;
    this.busy = false;
    this.#announcement = `${verdict === 'approve' ? 'Approved' : 'Rejected'} ${decided.length}. ${this.#rows().length} waiting.`;
    this.emit('cf-decided', { verdict, decided: decided.map(({ kind, id }) => ({ kind, id })) });
    this.renderRoot.querySelector<HTMLElement>('.rows')?.focus();
  }

  #startReject(): void {
    const blocked = this.#targets().find((row) => row.blocked !== undefined);
    if (blocked) this.notice = `${blocked.title}: ${blocked.blocked}`;
    else this.rejecting = this.#targets().length > 0;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      j: () => this.#move(1),
      arrowdown: () => this.#move(1),
      k: () => this.#move(-1),
      arrowup: () => this.#move(-1),
      home: () => this.#move(Number.NEGATIVE_INFINITY),
      end: () => this.#move(Number.POSITIVE_INFINITY),
      x: () => this.#mark(this.current),
      ' ': () => this.#mark(this.current),
      a: () => void this.#decide('approve'),
      r: () => this.#startReject(),
      escape: () => this.#clear(),
    };
    const action = actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  };

  #clear(): void {
    this.marked = new Set();
    this.rejecting = false;
    this.notice = undefined;
    this.renderRoot.querySelector<HTMLElement>('.rows')?.focus();
  }

  protected override renderAside(rows: Rows): TemplateResult {
    return html`<span class="count">${rows.length}</span>`;
  }

  protected override renderEmpty(rows: Rows): TemplateResult | undefined {
    if (rows.length > 0) return undefined;
    return emptyState({
      emblem: 'check',
      title: 'All clear',
      text: 'New documents and bank lines appear here by themselves.',
    });
  }

  protected override renderContent(all: Rows): TemplateResult {
    const rows = this.#rows();
    const active = rows.findIndex((row) => row.key === this.current);
    return html`${this.#renderFilters(all)}
      <div
        class="panel-body rows"
        part="rows"
        role="listbox"
        tabindex="0"
        aria-label=${this.heading ?? this.defaultHeading}
        aria-multiselectable="true"
        aria-activedescendant=${active >= 0 ? `row-${active}` : nothing}
        @keydown=${this.#onKey}
      >
        ${repeat(
          rows,
          (row) => row.key,
          (row, index) => this.#renderRow(row, index),
        )}
      </div>
      <footer class="panel-footer" part="footer">${this.#renderFooter()}</footer>
      <p class="unseen" role="status">${this.#announcement}</p>`;
  }

  #renderFilters(all: Rows): TemplateResult {
    const filters = [
      { show: undefined, label: 'All', count: all.length },
      { show: 'approval', label: 'Approvals', count: all.filter((row) => row.kind === 'approval').length },
      { show: 'match', label: 'Matches', count: all.filter((row) => row.kind === 'match').length },
    ] as const;
    return html`<div class="filters" role="group" aria-label="Show">
      ${filters.map(
        ({ show, label, count }) =>
          html`<button type="button" aria-pressed=${this.show === show} @click=${() => this.#filter(show)}>
            ${label} <span class="count">${count}</span>
          </button>`,
      )}
    </div>`;
  }

  #filter(show: RowKind | undefined): void {
    this.#because = 'chosen';
    this.show = show;
    if (!this.#row()) this.current = this.#rows()[0]?.key;
  }

  #renderRow(row: QueueRow, index: number): TemplateResult {
    const marked = this.marked.has(row.key);
    const sign = marked ? 'check' : row.kind === 'match' ? 'bank' : 'receipt';
    return html`<div
      class="row ${this.#arrived.has(row.key) ? 'arrived' : ''}"
      part="row"
      role="option"
      id="row-${index}"
      aria-selected=${marked}
      aria-current=${row.key === this.current ? 'true' : nothing}
      data-key=${row.key}
      @click=${() => this.#choose(row.key)}
    >
      <span class="mark" @click=${(event: Event) => this.#markByPointer(event, row.key)}>${icon(sign)}</span>
      <span class="what">
        <span class="strong clip">${row.title}</span>
        <span class="small muted clip">${row.detail} · ${formatAgo(row.since, this.locale)}</span>
      </span>
      <span class="side">
        <span class="amount">${row.amount ? formatMoney(row.amount, this.locale) : ''}</span>
        ${
          row.blocked === undefined
            ? row.confidence === undefined
              ? nothing
              : confidenceChip(row.confidence)
            : html`<span class="chip" title=${row.blocked}>${icon('lock', 12)}<span>locked</span></span>`
        }
      </span>
    </div>`;
  }

  #choose(key: string): void {
    this.#because = 'chosen';
    this.current = key;
    this.notice = undefined;
  }

  #markByPointer(event: Event, key: string): void {
    event.stopPropagation();
    this.#mark(key);
  }

  #renderFooter(): TemplateResult {
    if (this.rejecting) return this.#renderReject();
    const { notice } = this;
    const said =
      typeof notice === 'string' ? notice : notice ? `${notice.message} ${notice.remedy}` : undefined;
    if (said) return html`<p class="notice warn small" role="alert">${icon('lock')}<span>${said}</span></p>`;
    if (this.marked.size > 0) return this.#renderMarked();
    return html`<span class="hints">
      <span><kbd>J</kbd><kbd>K</kbd> move</span><span><kbd>X</kbd> mark</span>
      <span><kbd>A</kbd> approve</span><span><kbd>R</kbd> reject</span>
    </span>`;
  }

  #renderMarked(): TemplateResult {
    const targets = this.#targets();
    const amounts = targets.flatMap((row) => (row.amount ? [row.amount] : []));
    const sums = sumPerCurrency(amounts).map((sum) => formatMoney(sum, this.locale));
    return html`<span class="small grow figures"
        ><span class="strong">${targets.length} marked</span>
        <span class="muted">${sums.join(' + ')}</span></span
      >
      <button type="button" class="plain" @click=${() => this.#clear()}>Clear</button>
      <button
        type="button"
        class="filled"
        ?disabled=${this.busy}
        @click=${() => void this.#decide('approve')}
      >
        Approve ${targets.length}
      </button>`;
  }

  #renderReject(): TemplateResult {
    const targets = this.#targets();
    const what = targets.length === 1 ? targets[0]?.title : `${targets.length} items`;
    return html`<form @submit=${this.#submitReject} @keydown=${this.#leaveReject}>
      <label class="small strong" for="reason">Why reject ${what}?</label>
      <textarea id="reason" name="reason" rows="2" required></textarea>
      <div>
        <button type="submit" class="danger" ?disabled=${this.busy}>Reject</button>
        <button type="button" class="plain" @click=${() => this.#clear()}>Cancel</button>
      </div>
    </form>`;
  }

  readonly #submitReject = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#decide('reject', submittedText(event, 'reason'));
  };

  readonly #leaveReject = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#clear();
    if (event.key === 'Enter' && !event.shiftKey && event.target instanceof HTMLTextAreaElement) {
      event.preventDefault();
      event.target.form?.requestSubmit();
    }
  };
}

define('cf-review-queue', CfReviewQueue);
