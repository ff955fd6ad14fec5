import { html, nothing, type TemplateResult } from 'lit';
import { submittedText } from '../base/cf-element.ts';
import { formatDay, formatMoney } from '../base/format.ts';
import { icon } from '../theme/icons.ts';
import { accountList, sendOnEnter, type BookingAccount } from './board-forms.ts';
import type { BackTest, BoardLine, Proposal, ProposedRule } from './board.operations.ts';
import { nameOf } from './decisions.ts';

interface WordsForm {
  readonly id: 'comment' | 'resolution';
  readonly label: string;
  readonly button: string;
  readonly send: (text: string) => void;
  readonly cancel: () => void;
}

/** Asks for a few words: a comment, or what an exception is closed with. */
export function wordsForm({ id, label, button, send, cancel }: WordsForm): TemplateResult {
  return html`<form
    class="ask"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      send(submittedText(event, id));
    }}
    @keydown=${sendOnEnter}
  >
    <label class="small strong" for=${id}>${label}</label>
    <textarea id=${id} name=${id} rows="2" maxlength="1000" required data-first></textarea>
    <div class="buttons">
      <button type="submit" class="filled">${button}</button>
      <button type="button" class="plain" @click=${cancel}>Cancel <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

interface AskForm {
  readonly proposal: Proposal;
  readonly line: BoardLine;
  readonly send: (question: { message: string; followUpOn: string }) => void;
  readonly cancel: () => void;
}

/** Shows the question for the other side, to be sent by whoever asks it, and asks when to come back to it. */
export function askForm({ proposal, line, send, cancel }: AskForm): TemplateResult {
  const whom = proposal.vendor?.name ?? nameOf(line);
  return html`<form
    class="ask"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      send({ message: submittedText(event, 'message'), followUpOn: submittedText(event, 'follow-up') });
    }}
  >
    <label class="small strong" for="message">What do you ask ${whom}?</label>
    <textarea
      id="message"
      name="message"
      rows="6"
      maxlength="4000"
      required
      data-first
      .defaultValue=${proposal.message ?? ''}
    ></textarea>
    <p class="small muted">
      Copy the words into your mail. They are kept here, and nothing is overdue before the day below.
    </p>
    <div class="buttons">
      <label class="day small" for="follow-up"
        >Come back on
        <input
          type="date"
          id="follow-up"
          name="follow-up"
          required
          .defaultValue=${proposal.followUpOn ?? ''}
        />
      </label>
      <span class="grow"></span>
      <button type="button" class="plain" @click=${copyMessage}>${icon('file', 14)} Copy</button>
      <button type="submit" class="filled">Note as asked</button>
      <button type="button" class="plain" @click=${cancel}>Cancel <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

/** Copies the words; where the page may not write the clipboard they are selected, to be copied by hand. */
function copyMessage(event: Event): void {
  const button = event.currentTarget as HTMLButtonElement;
  const field = button.form?.elements.namedItem('message') as HTMLTextAreaElement;
  field.select();
  // Plain-http hosts have no clipboard at all.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  void clipboard?.writeText(field.value).catch(() => undefined);
}

interface AccountForm {
  readonly proposal: Proposal;
  readonly line: BoardLine;
  readonly accounts: readonly BookingAccount[];
  readonly usual: string;
  readonly locale: string;
  readonly send: (accountCode: string) => void;
  readonly cancel: () => void;
}

/** Asks for the account of a way out that knows none. */
export function accountForm(form: AccountForm): TemplateResult {
  const { proposal, line, accounts, usual, locale, send, cancel } = form;
  return html`<form
    class="ask"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      send(submittedText(event, 'account'));
    }}
  >
    <p class="small strong">${proposal.label} ${formatMoney(line.amount, locale)}</p>
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
    ${accountList(accounts)}
    <div class="buttons">
      <button type="submit" class="filled">Create entry</button>
      <button type="button" class="plain" @click=${cancel}>Cancel <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

interface RuleForm {
  readonly rule: ProposedRule;
  readonly locale: string;
  readonly send: () => void;
  readonly refuse: () => void;
  readonly cancel: () => void;
}

/** Shows a rule with its back-test and asks whether it is to be made. */
export function ruleForm({ rule, locale, send, refuse, cancel }: RuleForm): TemplateResult {
  const { takes, accountCode, upTo, total, backTest } = rule;
  return html`<form
    class="ask rule"
    part="rule"
    @submit=${(event: Event) => {
      event.preventDefault();
      send();
    }}
  >
    <p>
      <span class="strong">Book ${takes} to ${accountCode}</span>
      <span class="muted">up to ${formatMoney(upTo, locale)}; beyond that a person decides.</span>
    </p>
    <p class="small muted">
      How it would have done on the ${total} lines so far, knowing only those before each:
    </p>
    ${backTestBar(backTest)}
    <ul class="examples small">
      ${rule.lines
        .slice(-3)
        .toReversed()
        .map(
          (line) =>
            html`<li>
              <span class="figures">${formatDay(line.bookedOn, locale)}</span>
              <span class="clip">${line.counterpartyName ?? nothing}</span>
              <span class="muted">${line.bookedAccountCode ?? 'matched'}</span>
              <span class="figures">${formatMoney(line.amount, locale)}</span>
            </li>`,
        )}
    </ul>
    <div class="buttons">
      <button type="submit" class="filled" data-first>Make the rule and book</button>
      <button type="button" @click=${refuse}>No such rule</button>
      <button type="button" class="plain" @click=${cancel}>Cancel <kbd>Esc</kbd></button>
    </div>
  </form>`;
}

function backTestBar({ right, wrong, none }: BackTest): TemplateResult {
  const all = Math.max(1, right + wrong + none);
  const part = (count: number, tone: string, from: number): TemplateResult =>
    html`<svg class=${tone} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect x=${(from / all) * 100} width=${(count / all) * 100} height="8" fill="currentColor"></rect>
    </svg>`;
  return html`<div class="back-test">
    <div class="stack">${part(right, 'ok', 0)}${part(wrong, 'bad', right)}</div>
    <p class="small figures">
      <span class="ok">${icon('check', 12)} ${right} right</span>
      <span class="bad">${icon('cross', 12)} ${wrong} wrong</span>
      <span class="muted">${icon('person', 12)} ${none} left to a person</span>
    </p>
  </div>`;
}
