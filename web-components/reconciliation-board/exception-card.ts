import { html, nothing, type TemplateResult } from 'lit';
import { differenceOf, isNothing } from '../base/amounts.ts';
import type { Tone } from '../base/chips.ts';
import { formatAgo, formatInstant, formatMoney, sumPerCurrency, words } from '../base/format.ts';
import { icon } from '../theme/icons.ts';
import type { BoardLine, LineException, Proposal } from './board.operations.ts';

interface ExceptionCard {
  readonly exception: LineException;
  readonly line: BoardLine;
  readonly locale: string;
  readonly busy: boolean;
  readonly take: (place: number) => void;
  readonly act: (action: 'comment' | 'ask' | 'take-over' | 'resolve') => void;
}

/** What needs a person about a line: why, by when, whose it is, what may be done about it and what was said of it. */
export function exceptionCard(card: ExceptionCard): TemplateResult {
  const { exception, locale, act } = card;
  const { reason, severity, detail, proposals, proposedResolution, knowledgeNote, sameAs } = exception;
  return html`<section class="exception" part="exception" aria-labelledby="exception-title">
    <h4 id="exception-title">
      <span class="reason">${icon('warning', 14)}${words(reason)}</span>
      <span class="chip ${severityTones[severity] ?? ''}">${words(severity)}</span>
      <span class="grow"></span>
      ${dueChip(exception, locale)}
    </h4>
    <p>${detail} ${proposals.length === 0 ? proposedResolution : nothing}</p>
    ${knowledgeNote ? html`<p class="note small">${icon('book', 14)}<span>${knowledgeNote}</span></p>` : nothing}
    <p class="small muted owner">
      ${icon('person', 14)}<span class="grow"
        >${exception.owner ? `${exception.owner.name} looks after it` : 'Nobody looks after it'}${sameAs > 0 ? ` · like ${sameAs === 1 ? 'one earlier line' : `${sameAs} earlier lines`}` : nothing}${exception.escalatedAt ? ' · escalated' : nothing}</span
      >
    </p>
    ${ways(card)}
    <div class="talk">
      <button type="button" class="plain" @click=${() => act('comment')}>Comment <kbd>C</kbd></button>
      <button type="button" class="plain" @click=${() => act('ask')}>Ask <kbd>Q</kbd></button>
      <button type="button" class="plain" @click=${() => act('take-over')}>Take over <kbd>O</kbd></button>
      <button type="button" class="plain" @click=${() => act('resolve')}>Close <kbd>R</kbd></button>
    </div>
    ${said(exception, locale)}
  </section>`;
}

const severityTones: Record<string, Tone> = { HIGH: 'bad', MEDIUM: 'warn' };

/** By when it should be dealt with; what is late says so in words and with another icon. */
function dueChip({ dueAt, followUpOn }: LineException, locale: string): TemplateResult {
  const late = isOverdue(dueAt);
  const when = formatAgo(dueAt, locale);
  const text = late ? `Overdue, ${when}` : followUpOn ? `Asked, back ${when}` : `Due ${when}`;
  return html`<span class="chip ${late ? 'bad' : ''}" title=${formatInstant(dueAt, locale)} part="due"
    >${icon(late ? 'warning' : 'clock', 12)}${text}</span
  >`;
}

/** Whether an instant has passed. */
export function isOverdue(dueAt: string, now: number = Date.now()): boolean {
  return Date.parse(dueAt) <= now;
}

function ways({ exception, line, locale, busy, take }: ExceptionCard): TemplateResult | typeof nothing {
  if (exception.proposals.length === 0) return nothing;
  return html`<ol class="candidates" aria-label="What can be done">
    ${exception.proposals.map(
      (proposal, place) =>
        html`<li>
          <button type="button" class="offer" part="way" ?disabled=${busy} @click=${() => take(place)}>
            <kbd aria-hidden="true">${place + 1}</kbd>
            <span class="item"><span>${proposal.label}</span> ${effectText(proposal)}</span>
            <span class="pays">${effectSum(proposal, line, locale)}</span>
          </button>
        </li>`,
    )}
  </ol>`;
}

/** What a way out does beside its sum, in a line of its own; nothing where its label says all of it. */
function effectText({ kind, items, accountCode, rule }: Proposal): TemplateResult | string {
  if (kind === 'MAKE_RULE' && rule) {
    const { right, wrong, none } = rule.backTest;
    return small(`So far it would have been right ${right}, wrong ${wrong}, silent ${none} times`);
  }
  if (kind === 'BOOK' && accountCode === null) return small('Asks for the account');
  if (kind === 'RESOLVE') return small('Nothing is booked, the line stays open');
  return isSettling(items) ? small('Nothing stays open') : '';
}

/** Whether items are settled whole; where they are not, the label says what stays open. */
function isSettling(items: Proposal['items']): boolean {
  return (
    items.length > 0 &&
    items.every(
      ({ applied, openItem }) =>
        openItem?.open.currency === applied.currency && isNothing(differenceOf(openItem.open, applied)),
    )
  );
}

function small(text: string): TemplateResult {
  return html`<span class="small muted">${text}</span>`;
}

/** What a way out moves: what is paid of items, or what is booked, with what goes to an account besides. */
function effectSum(
  { kind, items, accountCode }: Proposal,
  line: BoardLine,
  locale: string,
): TemplateResult | typeof nothing {
  if (kind === 'BOOK' || kind === 'MAKE_RULE') {
    return html`<span class="amount">${formatMoney(line.amount, locale)}</span>
      ${accountCode ? small(`to ${accountCode}`) : nothing}`;
  }
  const [paid] = sumPerCurrency(items.map(({ applied }) => applied));
  if (!paid) return nothing;
  const rest = differenceOf(line.amount, paid);
  return html`<span class="amount ${isNothing(rest) ? 'same' : ''}">${formatMoney(paid, locale)}</span>
    ${isNothing(rest) || !accountCode ? nothing : small(`${formatMoney(rest, locale, 'always')} to ${accountCode}`)}`;
}

function said({ comments }: LineException, locale: string): TemplateResult | typeof nothing {
  if (comments.length === 0) return nothing;
  return html`<ol class="said" part="comments" aria-label="Comments">
    ${comments.map(
      ({ kind, text, authorName, writtenAt }) =>
        html`<li>
          <p class="small muted">
            ${icon(kind === 'QUESTION' ? 'arrow' : 'comment', 14)}
            <span
              ><span class="strong">${authorName}</span> ${kind === 'QUESTION' ? 'asked' : 'wrote'}
              ${formatAgo(writtenAt, locale)}</span
            >
          </p>
          <p class="words">${text}</p>
        </li>`,
    )}
  </ol>`;
}
