import { html, nothing, type TemplateResult } from 'lit';
import { confidenceChip } from '../base/chips.ts';
import { formatAgo, formatDay, formatMoney, words } from '../base/format.ts';
import { differenceLine, evidenceList, rivalList } from '../match-review/match-sides.ts';
import { icon } from '../theme/icons.ts';
import type { BoardItem, BoardLine, BoardMatch, LineDetail } from './board.operations.ts';
import { nameOf } from './decisions.ts';
import { lineSigns } from './line-rows.ts';

/** What the bank says of a line; the list's facts until all of it has come. */
export function lineHead(line: BoardLine, detail: LineDetail | undefined, locale: string): TemplateResult {
  const account = detail?.statement?.bankAccount;
  const sign = lineSigns[line.status];
  const facts = [
    formatDay(line.bookedOn, locale),
    detail?.valueOn && detail.valueOn !== line.bookedOn ? `value ${formatDay(detail.valueOn, locale)}` : '',
    account ? `${account.name} …${account.ibanLastFour ?? ''}` : '',
    detail?.counterpartyLastFour ? `from …${detail.counterpartyLastFour}` : '',
  ];
  return html`<header class="line-head" part="line-head">
    <div class="line-title">
      <h3 class="clip">${nameOf(line)}</h3>
      <span class="chip ${sign.tone}">${icon(sign.icon, 12)}${sign.word}</span>
    </div>
    <p class="line-amount">${formatMoney(line.amount, locale)}</p>
    <p class="remittance">${line.remittance || html`<span class="muted">The bank gives no text.</span>`}</p>
    <p class="small muted facts">
      ${facts.filter(Boolean).join(' · ')}${
        line.reference ? html` · <span class="mono">${line.reference}</span>` : nothing
      }
    </p>
  </header>`;
}

/** A match with both sides: what it pays, what is left, why, and why nothing else. */
export function matchCard(match: BoardMatch, line: BoardLine, locale: string): TemplateResult {
  const others = match.lines.filter(({ id }) => id !== line.id);
  const suggested = match.status === 'SUGGESTED';
  return html`<section class="match-card" part="match" aria-label=${suggested ? 'Suggestion' : 'Match'}>
    <h4>
      <span>${suggested ? 'Suggestion' : 'Matched'}</span>
      <span class="chip">${words(match.method)}</span>
      <span class="grow"></span>
      ${suggested ? confidenceChip(match.confidence) : decidedNote(match, locale)}
    </h4>
    ${
      others.length === 0
        ? nothing
        : html`<p class="small muted">
            Together with
            ${others
              .map((other) => `${other.counterpartyName ?? 'a line'} ${formatMoney(other.amount, locale)}`)
              .join(', ')}
          </p>`
    }
    <ul class="paid">
      ${match.items.map(
        ({ openItem, applied }) =>
          html`<li>
            <span class="item">${itemText(openItem, locale)}</span>
            <span class="amount"
              >${formatMoney(applied, locale)}
              ${partly(openItem, applied.amount) ? html`<span class="small muted">of ${formatMoney(openItem!.open, locale)}</span>` : nothing}</span
            >
          </li>`,
      )}
    </ul>
    ${differenceLine(match, locale)} ${match.evidence.length > 0 ? evidenceList(match) : nothing}
    ${rivalList(match.rivals)}
  </section>`;
}

function partly(item: BoardItem | null, applied: string): boolean {
  return item !== null && item.open.amount !== applied && !/^-?0(\.0+)?$/.test(item.open.amount);
}

function decidedNote(match: BoardMatch, locale: string): TemplateResult {
  const by = match.decidedBy ? `by ${match.decidedBy.name}` : match.automatic ? 'by itself' : '';
  const when = match.decidedAt ? formatAgo(match.decidedAt, locale) : '';
  return html`<span class="small muted">${[by, when].filter(Boolean).join(', ')}</span>`;
}

/** An open item in two lines: who and what, then number and due date. */
export function itemText(item: BoardItem | null, locale: string): TemplateResult {
  if (!item) return html`<span class="strong">Not visible to you</span>`;
  const what = [
    words(item.kind),
    item.reference ?? item.label,
    item.dueOn ? `due ${formatDay(item.dueOn, locale)}` : '',
  ];
  return html`<span class="strong clip">${item.counterpartyName ?? item.label}</span>
    <span class="small muted clip">${what.filter(Boolean).join(' · ')}</span>`;
}

/** What a line was booked to. */
export function bookedCard(detail: LineDetail): TemplateResult {
  return html`<section class="match-card" part="booked" aria-label="Booked">
    <h4>
      <span>Booked</span><span class="grow"></span
      ><span class="mono">${detail.journalEntry?.number ?? 'entry on its way'}</span>
    </h4>
    <p>
      To account
      <span class="mono strong">${detail.bookedAccountCode}</span
      >${detail.memo ? `: ${detail.memo}` : nothing}
    </p>
  </section>`;
}
