import { html, nothing, type TemplateResult } from 'lit';
import { confidenceChip, type Tone } from '../base/chips.ts';
import { formatMoney, words } from '../base/format.ts';
import { icon, type IconName } from '../theme/icons.ts';
import type { BoardLine, LineStatus } from './board.operations.ts';
import { nameOf } from './decisions.ts';
import { isOverdue } from './exception-card.ts';

interface Sign {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly word: string;
}

/** How each state of a line looks and is called. */
export const lineSigns: Record<LineStatus, Sign> = {
  UNMATCHED: { icon: 'bank', tone: '', word: 'Open' },
  SUGGESTED: { icon: 'spark', tone: 'info', word: 'Suggested' },
  EXCEPTION: { icon: 'warning', tone: 'warn', word: 'Exception' },
  MATCHED: { icon: 'check', tone: 'ok', word: 'Matched' },
  BOOKED: { icon: 'book', tone: 'ok', word: 'Booked' },
};

interface RowView {
  readonly index: number;
  readonly count: number;
  readonly current: boolean;
  readonly marked: boolean;
  readonly pending: boolean;
  readonly locale: string;
}

/** A bank line of the list; a place holder where it is not loaded yet. */
export function lineRow(line: BoardLine | undefined, view: RowView): TemplateResult {
  const { index, count, current, marked, pending, locale } = view;
  if (!line) {
    return html`<div
      class="row blank"
      role="option"
      aria-selected="false"
      aria-setsize=${count}
      aria-posinset=${index + 1}
      data-index=${index}
    >
      <span class="mark"></span><span class="bone"></span><span class="unseen">Loading</span>
    </div>`;
  }
  const sign = lineSigns[line.status];
  const done = line.status === 'MATCHED' || line.status === 'BOOKED';
  return html`<div
    class="row ${done ? 'done' : ''} ${pending ? 'pending' : ''}"
    part="line"
    role="option"
    id="line-${index}"
    aria-selected=${marked}
    aria-current=${current ? 'true' : nothing}
    aria-setsize=${count}
    aria-posinset=${index + 1}
    data-index=${index}
  >
    <span class="mark ${sign.tone}" data-mark>${icon(marked ? 'check' : sign.icon)}</span>
    <span class="what">
      <span class="strong clip">${nameOf(line)}</span>
      <span class="small muted clip"
        ><span class="figures">${shortDay(line.bookedOn, locale)}</span> · ${aboutLine(line)}</span
      >
    </span>
    <span class="side">
      <span class="amount">${formatMoney(line.amount, locale)}</span>
      ${
        line.status === 'SUGGESTED' && line.match
          ? html`<span class="unseen">Suggested</span>${confidenceChip(line.match.confidence)}`
          : stateWord(line)
      }
    </span>
  </div>`;
}

/** How far a line is; of an exception why it is one, and whether it is late. */
function stateWord({ status, exception }: BoardLine): TemplateResult {
  const { tone, word } = lineSigns[status];
  if (status !== 'EXCEPTION' || exception?.status !== 'OPEN')
    return html`<span class="state-word small ${tone}">${word}</span>`;
  const late = isOverdue(exception.dueAt);
  return html`<span class="state-word small ${late ? 'bad' : tone}"
    ><span class="unseen">Exception: </span
    >${late ? html`${icon('clock', 12)}Overdue · ` : nothing}${words(exception.reason)}</span
  >`;
}

/** What the payer wrote; the reference where it was nothing. */
function aboutLine({ remittance, reference }: BoardLine): string {
  return remittance || reference || 'No text';
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Day and month in the reader's language; rows are many, so formats are kept. */
export function shortDay(day: string, locale: string): string {
  let format = formats.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { day: '2-digit', month: 'short', timeZone: 'UTC' });
    formats.set(locale, format);
  }
  return format.format(new Date(`${day}T00:00:00Z`));
}
