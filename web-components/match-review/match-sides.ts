import { html, nothing, type TemplateResult } from 'lit';
import { confidenceChip, confidenceTone } from '../base/chips.ts';
import { formatDay, formatMoney, percent, sumPerCurrency, words } from '../base/format.ts';
import { icon } from '../theme/icons.ts';
import type { Evidence, MatchDetail, MatchItem, MatchLine, Rival } from './match-review.operations.ts';

/** The bank's side: what stands on the statement. */
export function bankSide(lines: readonly MatchLine[], locale: string): TemplateResult {
  return html`<div class="side" part="line">
    <h3 class="small muted">${icon('bank', 14)} On the bank statement</h3>
    ${lines.map((line) => {
      const account = line.statement?.bankAccount;
      return html`<article>
        <p class="amount">${formatMoney(line.amount, locale)}</p>
        <p class="strong">${line.counterpartyName ?? 'No name given'}</p>
        <p class="small muted">${[line.reference, line.remittance].filter(Boolean).join(' · ')}</p>
        <p class="small muted">
          ${formatDay(line.bookedOn, locale)}${account ? ` · ${account.name} …${account.ibanLastFour ?? ''}` : nothing}
        </p>
      </article>`;
    })}
  </div>`;
}

/** The books' side: the open items the bank line would settle, and how much of each. */
export function bookSide(items: readonly MatchItem[], locale: string): TemplateResult {
  const [only, second] = items;
  return html`<div class="side" part="items">
    <h3 class="small muted">${icon('book', 14)} In the books</h3>
    ${only && !second ? oneItem(only, locale) : manyItems(items, locale)}
  </div>`;
}

function oneItem({ openItem, applied }: MatchItem, locale: string): TemplateResult {
  const partly = openItem && openItem.open.amount !== applied.amount;
  return html`<article>
    <p class="amount">${formatMoney(applied, locale)}</p>
    <p class="strong">${openItem?.counterpartyName ?? openItem?.label ?? 'Open item'}</p>
    <p class="small muted">
      ${openItem ? [words(openItem.kind), openItem.label].join(' · ') : 'This item is not visible to you.'}
    </p>
    ${openItem?.dueOn ? html`<p class="small muted">due ${formatDay(openItem.dueOn, locale)}</p>` : nothing}
    ${partly ? html`<p class="small muted">of ${formatMoney(openItem.open, locale)} open</p>` : nothing}
  </article>`;
}

function manyItems(items: readonly MatchItem[], locale: string): TemplateResult {
  const sums = sumPerCurrency(items.map(({ applied }) => applied));
  return html`<p class="amount">${sums.map((sum) => formatMoney(sum, locale)).join(' + ')}</p>
    <p class="small muted">${items.length} items together</p>
    <ul class="items">
      ${items.map(
        ({ openItem, applied }) =>
          html`<li>
            <span>${openItem?.reference ?? openItem?.label ?? 'Not visible to you'}</span>
            <span class="figures">${formatMoney(applied, locale)}</span>
          </li>`,
      )}
    </ul>`;
}

/** The evidence: one bar with a part per signal, then each signal with its score and what was seen. */
export function evidenceList({
  evidence,
  confidence,
}: Pick<MatchDetail, 'evidence' | 'confidence'>): TemplateResult {
  return html`<section part="evidence" class="evidence">
    <h3>Why ${percent(confidence)} %</h3>
    <div class="bar" aria-hidden="true">${evidence.map(({ score }) => barPart(score))}</div>
    <ul>
      ${evidence.map(signal)}
    </ul>
  </section>`;
}

function barPart(score: string): TemplateResult {
  return html`<svg class=${confidenceTone(score)} viewBox="0 0 100 6" preserveAspectRatio="none">
    <rect width=${percent(score)} height="6" fill="currentColor"></rect>
  </svg>`;
}

function signal({ signal: name, score, detail }: Evidence): TemplateResult {
  return html`<li>
    <span class="dot ${confidenceTone(score)}"></span>
    <span class="name">${words(name)}</span>
    <span class="detail muted">${detail}</span>
    <span class="score figures strong">${percent(score)} %</span>
  </li>`;
}

/** The candidates that lost, each with the reason. */
export function rivalList(rivals: readonly Rival[]): TemplateResult | typeof nothing {
  if (rivals.length === 0) return nothing;
  return html`<section part="rivals" class="rivals">
    <h3>Why not ${rivals.length === 1 ? 'the other' : 'the others'}</h3>
    <ul>
      ${rivals.map(
        ({ itemLabel, confidence, reason }) =>
          html`<li>
            <span>${itemLabel}<span class="muted small">${reason}</span></span>
            ${confidenceChip(confidence)}
          </li>`,
      )}
    </ul>
  </section>`;
}

/** What is left when the items are taken from the bank line. */
export function differenceLine(
  { difference }: Pick<MatchDetail, 'difference'>,
  locale: string,
): TemplateResult {
  const exact = !difference || /^-?0(\.0+)?$/.test(difference.amount);
  return html`<p class="difference" part="difference">
    <span>Difference</span>
    ${
      exact
        ? html`<span class="chip ok">${icon('check', 12)}none</span>`
        : html`<span class="chip warn">${formatMoney(difference, locale, 'always')}</span>`
    }
  </p>`;
}
