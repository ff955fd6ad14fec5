import type { PropertyDeclarations, PropertyValues, TemplateResult } from 'lit';
import { CfElement } from '../base/cf-element.ts';
import { define } from '../base/define.ts';
import { VirtualWindow } from '../base/virtual-window.ts';
import type { CrossfootClient } from '../client/client.ts';
import type { LiveChange, LiveTopic } from '../client/live-events.operations.ts';
import { BoardActions } from './board-actions.ts';
import { BoardDesk } from './board-desk.ts';
import { progress, ranText } from './board-frame.ts';
import { commandOf, offerOf, type BoardCommand } from './board-keys.ts';
import {
  BoardList,
  boardFilters,
  countsOf,
  rowHeight,
  type FilterName,
  type StatusCounts,
} from './board-list.ts';
import { boardView, emptyBoard } from './board-view.ts';
import {
  boardCounts,
  matchingProgress,
  type BoardCounts,
  type BoardLine,
  type MatcherRun,
  type MatchingProgress,
} from './board.operations.ts';
import { changedLines } from './live-lines.ts';
import { boardStyles } from './reconciliation-board.styles.ts';

const settle = 80;
const typed = 150;

/**
 * `<cf-reconciliation-board>`: bank lines on one side, what they settle on the other, worked by keyboard.
 * J/K or arrows move, A accepts, S splits, M merges the marked lines, E creates an entry, D declines, U accepts all that
 * is sure, Z takes back, 1 to 9 do what carries the number, Q asks, C comments, O takes over, R closes an exception, ? lists the keys.
 * @attr show - "todo" (default), "suggested", "exceptions", "open", "done" or "all"
 * @prop accounts - the accounts lines can be booked to, as {code, name}; those used before when the page gives none
 * @fires cf-select - the current line changed; detail has kind ("line") and id
 * @fires cf-decided - lines were decided; detail has verdict ("accept", "decline", "match", "book", "resolve", "ask", "undo")
 *   and lines
 * @csspart panel, header, title, progress, toolbar, lines, line, detail, line-head, exception, due, way,
 *   comments, rule, match, booked, candidates, compose, rest, footer, bulk-count, help, accept, split, book, decline
 */
export class CfReconciliationBoard extends CfElement<StatusCounts> {
  static override properties: PropertyDeclarations = {
    show: { reflect: true },
    accounts: { attribute: false },
  };
  static override styles = [CfElement.styles, boardStyles];

  declare show: FilterName | undefined;
  declare accounts: readonly { readonly code: string; readonly name: string }[] | undefined;
  protected readonly defaultHeading = 'Reconciliation';
  readonly #list = new BoardList();
  readonly #desk = new BoardDesk();
  readonly #window = new VirtualWindow(this, {
    rowHeight,
    count: () => this.#list.count,
    seen: () => this.#reach(),
  });
  readonly #actions = new BoardActions({
    list: this.#list,
    desk: this.#desk,
    draw: () => this.requestUpdate(),
    look: () => this.#look(),
    failed: (thrown) => this.report(thrown),
    decided: (detail) => {
      this.emit('cf-decided', detail);
      this.refreshSoon();
    },
    back: () => this.#focusLines(),
  });
  #changes: NonNullable<LiveChange>[] = [];
  #changed: ReturnType<typeof setTimeout> | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #told: string | undefined;
  #goal: number | undefined;
  #matcher: MatcherRun | undefined;
  #mode: BoardActions['mode'] = 'look';
  #listed: string | undefined;
  /** The filter and the search the list was drawn for last. */
  #drawn: string | undefined;
  /** Whether the current line is to be brought into view once the rows are drawn. */
  #reveal = false;

  protected override get topics(): readonly LiveTopic[] {
    return ['matchChanged', 'exceptionChanged', 'matchingChanged'];
  }

  /** Single changes are looked up one by one; after a gap, or many of them, the list is asked for again. */
  protected override concerns(change: LiveChange): boolean {
    if (change === undefined) {
      this.#listed = undefined;
      return true;
    }
    this.#changes.push(change);
    clearTimeout(this.#changed);
    this.#changed = setTimeout(() => void this.#catchUp().catch(() => this.refreshSoon()), settle);
    return true;
  }

  async #catchUp(): Promise<void> {
    const { client } = this;
    const told = this.#changes.splice(0);
    if (!client || told.length === 0) return;
    const run = told.findLast(({ topic }) => topic === 'matchingChanged');
    if (run) await this.#followRun(client, run.id);
    const changes = told.filter(({ topic }) => topic !== 'matchingChanged');
    const { store } = this.#list;
    const holding = (matchId: string): readonly BoardLine[] =>
      store.all().filter((line) => line.match?.id === matchId);
    const lines = await changedLines(client, changes, holding);
    const strange =
      lines === undefined || lines.some((line) => !this.#actions.put(line) && this.#belongs(line));
    if (strange) this.#listed = undefined;
    this.#desk.forget(lines?.map(({ id }) => id) ?? []);
    this.#look();
    this.requestUpdate();
    if (strange) this.refreshSoon();
  }

  /** Shows how far the matcher is; when it has finished, lines may have come that no single change tells of. */
  async #followRun(client: CrossfootClient, id: string): Promise<void> {
    const { matchingRun } = await client.run<MatchingProgress>(matchingProgress, { id });
    this.#matcher = matchingRun?.finishedAt === null ? matchingRun : undefined;
    if (!matchingRun || matchingRun.finishedAt === null) return this.requestUpdate();
    this.#actions.announcement = ranText(matchingRun);
    this.#listed = undefined;
    return this.refreshSoon();
  }

  #belongs({ status }: BoardLine): boolean {
    const { statuses } = boardFilters[this.#list.filter];
    return statuses.length === 0 || statuses.includes(status);
  }

  protected override async load(client: CrossfootClient): Promise<StatusCounts> {
    const { filter, search } = this.#list;
    const counts = client.run<BoardCounts>(boardCounts, { book: client.book });
    // The counts change with every decision, the list itself only when lines come.
    const wanted = `${filter} ${search}`;
    if (this.#listed !== wanted) {
      // What is found is looked at from its first line, unless the current one is among it.
      const place = search ? 0 : this.#list.indexOf(this.#list.current);
      await this.#list.store.reload(client, this.#list.wanted);
      this.#listed = wanted;
      this.#reveal = this.#drawn !== wanted;
      this.#drawn = wanted;
      this.#actions.searching = false;
      this.#list.settle(place);
      this.#look();
      // Whoever was waiting for rows further down waits for those of the new list.
      this.#reach();
    }
    return countsOf(await counts);
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#actions.client = this.client;
    if (!changed.has('show')) return;
    this.#list.filter = this.show && this.show in boardFilters ? this.show : 'todo';
    this.#list.search = '';
    this.#list.unmark();
    if (this.hasUpdated) void this.refresh();
  }

  protected override updated(): void {
    const { mode } = this.#actions;
    if (this.#told !== this.#list.current) {
      this.#told = this.#list.current;
      this.emit('cf-select', { kind: 'line', id: this.#told });
    }
    this.#focusWanted();
    const index = this.#reveal ? this.#list.indexOf(this.#list.current) : -1;
    if (index >= 0) {
      this.#reveal = false;
      this.#window.show(index);
    }
    if (this.#mode === mode) return;
    this.#mode = mode;
    const dialog = this.renderRoot.querySelector<HTMLDialogElement>('dialog');
    if (dialog && !dialog.open) dialog.showModal();
    else if (mode !== 'look') this.#focusForm();
  }

  #focusWanted(): void {
    const { focus } = this.#actions;
    const field = focus === undefined ? null : this.shadowRoot?.getElementById(focus);
    if (!field) return;
    this.#actions.focus = undefined;
    field.focus();
    if (field instanceof HTMLInputElement && field.type === 'text') field.select();
  }

  #focusForm(): void {
    const field = this.renderRoot.querySelector<HTMLInputElement>('[data-first], .shares input, #find-item');
    field?.focus();
    if (field?.type === 'text') field.select();
  }

  #focusLines(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.lines')?.focus());
  }

  /** Fetches the lines in view that are not here yet. */
  #reach(): void {
    const { client } = this;
    if (!client || this.data === undefined) return;
    void this.#list.store
      .reach(client, this.#window.range, () => this.#arrived())
      .catch((thrown: unknown) => this.#actions.tell(thrown));
  }

  /** Fetches what is known of the current line, once nobody rushes past it any more. */
  #look(): void {
    clearTimeout(this.#looking);
    const { line } = this.#list;
    if (!line || !this.client) return;
    const client = this.client;
    const wait = this.#desk.detailOf(line) ? 0 : settle;
    this.#looking = setTimeout(() => {
      void Promise.all([this.#desk.look(client, line), this.#desk.lookAtItems(client)])
        .catch((thrown: unknown) => this.#actions.tell(thrown))
        .then(() => this.requestUpdate());
    }, wait);
  }

  /** Brings the current line into view, and what is known of it onto the desk. */
  #follow(): void {
    const index = this.#list.indexOf(this.#list.current);
    if (index >= 0) this.#window.show(index);
    this.#look();
    this.requestUpdate();
  }

  #move(step: number, extend: boolean): void {
    this.#actions.leave();
    const place = this.#list.move(step, extend);
    // A row that is not loaded becomes current when it comes.
    this.#goal = this.#list.at(place) ? undefined : place;
    if (this.#goal === undefined) this.#follow();
    else this.#window.show(this.#goal);
  }

  #arrived(): void {
    const line = this.#goal === undefined ? undefined : this.#list.at(this.#goal);
    if (line) {
      this.#goal = undefined;
      this.#list.current = line.id;
      this.#look();
    }
    this.requestUpdate();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const place = offerOf(event);
    const command = commandOf(event);
    if (place !== undefined && this.#actions.mode === 'look') this.#take(place);
    else if (command === 'leave' && this.#actions.mode === 'help') return;
    else if (command) this.#run(command, event.shiftKey);
    else return;
    event.preventDefault();
  };

  #run(command: BoardCommand, shift: boolean): void {
    const { page } = this.#window;
    const steps: Partial<Record<BoardCommand, number>> = {
      next: 1,
      previous: -1,
      first: Number.NEGATIVE_INFINITY,
      last: Number.POSITIVE_INFINITY,
      'page-down': page,
      'page-up': -page,
    };
    const step = steps[command];
    if (step !== undefined) this.#move(step, shift);
    else if (command === 'mark') this.#list.toggle(this.#list.current);
    else if (command === 'search') this.renderRoot.querySelector<HTMLElement>('#search')?.focus();
    else if (command === 'leave') this.#leave();
    else void this.#actions.run(command).then(() => this.#follow());
    this.requestUpdate();
  }

  #leave(): void {
    if (this.#actions.mode === 'look' && !this.#actions.notice) this.#list.unmark();
    this.#actions.leave();
    this.requestUpdate();
    this.#focusLines();
  }

  /** Does what carries a number: a way out of the exception, or sharing the line among the items of a candidate. */
  #take(place: number): void {
    const { line } = this.#list;
    const offer = line && this.#desk.offersOf(line)[place];
    if (!offer) return;
    if ('kind' in offer) void this.#actions.exceptions.take(offer).then(() => this.#follow());
    else this.#actions.take(offer);
  }

  protected override renderAside(counts: StatusCounts): TemplateResult {
    return progress(counts, this.#matcher);
  }

  protected override renderEmpty(counts: StatusCounts): TemplateResult | undefined {
    if (Object.values(counts).some((count) => count > 0)) return undefined;
    return emptyBoard();
  }

  protected override renderContent(counts: StatusCounts): TemplateResult {
    const { locale, accounts = [] } = this;
    return boardView(
      {
        list: this.#list,
        desk: this.#desk,
        actions: this.#actions,
        window: this.#window,
        locale,
        accounts,
        run: (command) => this.#run(command, false),
        leave: () => this.#leave(),
        take: (place) => this.#take(place),
        find: (text) => this.#find(text),
        choose: (filter) => (this.show = filter),
        onClick: this.#onClick,
        onKey: this.#onKey,
      },
      counts,
    );
  }

  /** Searches as soon as somebody stops to type; the list stays until something is found. */
  #find(text: string): void {
    if (text === this.#list.search) return;
    this.#list.search = text;
    this.#actions.searching = true;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.refresh(), typed);
    this.requestUpdate();
  }

  readonly #onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const index = Number(target.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? -1);
    const line = this.#list.at(index);
    if (!line) return;
    if (target.closest('[data-mark]')) this.#list.toggle(line.id);
    else if (event.shiftKey) this.#list.extendTo(line.id);
    else this.#list.current = line.id;
    this.#actions.leave();
    this.#follow();
  };
}

define('cf-reconciliation-board', CfReconciliationBoard);
