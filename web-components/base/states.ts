import { html, type TemplateResult } from 'lit';
import type { Failure, FailureKind } from '../client/failure.ts';
import { icon, type IconName } from '../theme/icons.ts';

const titles: Record<FailureKind, string> = {
  offline: 'No connection',
  unauthenticated: 'Signed out',
  forbidden: 'Not part of this session',
  refused: 'Not available',
  server: 'This could not be loaded',
};

const emblems: Record<FailureKind, IconName> = {
  offline: 'cloud',
  unauthenticated: 'lock',
  forbidden: 'lock',
  refused: 'warning',
  server: 'warning',
};

/** Grey lines while the first data is on its way; they show only when that takes longer than a blink. */
export function skeleton(): TemplateResult {
  return html`<div class="skeleton" part="skeleton">
    <span></span><span></span><span></span><span></span><span></span><span></span>
    <p class="unseen" role="status">Loading</p>
  </div>`;
}

interface EmptyState {
  readonly emblem: IconName;
  readonly title: string;
  readonly text: string;
}

/** Nothing to show, said kindly. */
export function emptyState({ emblem, title, text }: EmptyState): TemplateResult {
  return html`<div class="state" part="empty">
    <span class="emblem ok">${icon(emblem, 20)}</span>
    <p class="strong">${title}</p>
    <p class="muted small">${text}</p>
  </div>`;
}

/** What failed, why, and what to do; a retry button where trying again can help. */
export function failureState(failure: Failure, retry: () => void): TemplateResult {
  const quiet = failure.kind === 'forbidden';
  return html`<div class="state" part="error" role=${quiet ? 'note' : 'alert'} data-kind=${failure.kind}>
    <span class="emblem ${quiet ? '' : 'bad'}">${icon(emblems[failure.kind], 20)}</span>
    <p class="strong">${titles[failure.kind]}</p>
    <p class="muted small">${failure.message} ${failure.remedy}</p>
    ${quiet ? '' : html`<button type="button" @click=${retry}>Try again</button>`}
  </div>`;
}

/** Above content that is shown but may be old. */
export function staleBar(failure: Failure): TemplateResult {
  return html`<p class="notice warn stale small" role="status">
    ${icon(emblems[failure.kind])} <span>Not up to date. ${failure.message} ${failure.remedy}</span>
  </p>`;
}
