import { html, nothing, type TemplateResult } from 'lit';
import { submittedText } from '../base/cf-element.ts';
import { formatMoney, sumPerCurrency } from '../base/format.ts';
import type { BoardLine, BoardSuggestion } from './board.operations.ts';
import { nameOf } from './decisions.ts';

/** An account a line can be booked to. */
export interface BookingAccount {
  readonly code: string;
  readonly name: string;
}

interface DeclineForm {
  readonly line: BoardLine;
  readonly send: (reason: string) => void;
  readonly cancel: () => void;
}

/** Asks why the suggestion of a line is wrong. */
export function declineForm({ line, send, cancel }: DeclineForm): TemplateResult {
  return html`<form
    class="ask"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      send(submittedText(event, 'reason'));
    }}
    @keydown=${sendOnEnter}
  >
    <label class="small strong" for="reason">Why does ${nameOf(line)} not belong to it?</label>
    <textarea id="reason" name="reason" rows="2" required data-first></textarea>
    <div class="buttons">
      <button type="submit" class="danger">Decline</button>
      <button type="button" class="plain" @click=${cancel}>Cancel <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

/** Sends the form at Enter; with Shift it stays a new line. */
export function sendOnEnter(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || event.shiftKey || !(event.target instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  event.target.form?.requestSubmit();
}

/** What fields for accounts offer. */
export function accountList(accounts: readonly BookingAccount[]): TemplateResult {
  return html`<datalist id="accounts">
    ${accounts.map(({ code, name }) => html`<option value=${code}>${name}</option>`)}
  </datalist>`;
}

interface BookForm {
  readonly line: BoardLine;
  readonly accounts: readonly BookingAccount[];
  /** The account the other side was booked to last time. */
  readonly usual: string;
  readonly locale: string;
  readonly send: (booking: { accountCode: string; memo: string }) => void;
  readonly cancel: () => void;
}

/** Asks for the account and the memo of an entry for a line that settles nothing. */
export function bookForm({ line, accounts, usual, locale, send, cancel }: BookForm): TemplateResult {
  return html`<form
    class="ask"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      send({ accountCode: submittedText(event, 'account'), memo: submittedText(event, 'memo') });
    }}
  >
    <p class="small strong">Book ${formatMoney(line.amount, locale)} of ${nameOf(line)} to an account</p>
    <div class="fields">
      <label class="field small" for="account"
        >Account
        <input
          type="text"
          id="account"
          name="account"
          list="accounts"
          required
          maxlength="20"
          autocomplete="off"
          data-first
          .defaultValue=${usual}
        />
      </label>
      <label class="field small" for="memo"
        >Memo
        <input
          type="text"
          id="memo"
          name="memo"
          maxlength="500"
          autocomplete="off"
          .defaultValue=${line.remittance.slice(0, 200)}
        />
      </label>
    </div>
    ${accountList(accounts)}
    <div class="buttons">
      <button type="submit" class="filled">Create entry</button>
      <button type="button" class="plain" @click=${cancel}>Cancel <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

/** Everything suggested, and from which confidence it is to be accepted. */
export interface Bulk {
  readonly suggestions: readonly BoardSuggestion[] | undefined;
  readonly threshold: number;
  /** How many are done while it runs. */
  readonly done?: number;
  readonly of?: number;
}

/** The suggestions at or above the chosen confidence, in percent. */
export function bulkTargets({ suggestions, threshold }: Bulk): readonly BoardSuggestion[] {
  return suggestions?.filter(({ confidence }) => Number(confidence) * 100 >= threshold) ?? [];
}

interface BulkForm {
  readonly bulk: Bulk;
  readonly locale: string;
  readonly choose: (threshold: number) => void;
  readonly send: () => void;
  readonly cancel: () => void;
}

/** Asks from which confidence on suggestions are accepted together, and says how many these are. */
export function bulkForm({ bulk, locale, choose, send, cancel }: BulkForm): TemplateResult {
  if (bulk.done !== undefined) return bulkProgress(bulk.done, bulk.of ?? 0);
  const targets = bulkTargets(bulk);
  const all = bulk.suggestions?.length;
  const lines = targets.flatMap(({ lines: own }) => own.map(({ amount }) => amount));
  const sums = sumPerCurrency(lines).map((sum) => formatMoney(sum, locale));
  const what =
    all === undefined
      ? 'Looking at the suggestions…'
      : `${targets.length} of ${all} suggestions${sums.length > 0 ? `, together ${sums.join(' and ')}` : ''}`;
  return html`<form
    class="ask bulk"
    @submit=${(event: Event) => {
      event.preventDefault();
      send();
    }}
  >
    <label class="small strong" for="threshold">Accept every suggestion that is at least this sure</label>
    <div class="slide">
      <input
        type="range"
        id="threshold"
        min="50"
        max="100"
        step="1"
        data-first
        aria-valuetext="${bulk.threshold} percent"
        .value=${bulk.threshold.toString()}
        @input=${(event: Event) => choose(Number((event.target as HTMLInputElement).value))}
      />
      <output for="threshold" class="figures strong">${bulk.threshold} %</output>
    </div>
    <p class="small muted figures" role="status" part="bulk-count">${what}</p>
    <div class="buttons">
      <button type="submit" class="filled" ?disabled=${targets.length === 0}>
        Accept ${targets.length === 0 ? nothing : targets.length}
      </button>
      <button type="button" class="plain" @click=${cancel}>Cancel <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

function bulkProgress(done: number, of: number): TemplateResult {
  return html`<div class="ask">
    <label class="small strong" for="bulk-progress">${done} of ${of}</label>
    <progress id="bulk-progress" max=${of} .value=${done}></progress>
  </div>`;
}

/** The confidence at which a fresh bulk accept starts, in percent. */
export const sureEnough = 95;
