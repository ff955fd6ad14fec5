import { html, type TemplateResult } from 'lit';
import { icon } from '../theme/icons.ts';
import { percent } from './format.ts';

/** The tone of a chip or dot. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | '';

/** How sure a share between 0 and 1 is: sure from 0.9, doubtful below 0.6. */
export function confidenceTone(confidence: string): Tone {
  const value = percent(confidence);
  if (value >= 90) return 'ok';
  return value >= 60 ? 'warn' : 'bad';
}

/** Confidence as a percentage chip that says what it is to a screen reader. */
export function confidenceChip(confidence: string): TemplateResult {
  return html`<span class="chip ${confidenceTone(confidence)}" part="confidence">
    <span class="unseen">Confidence</span>${percent(confidence)} %
  </span>`;
}

const approvalTones: Record<string, Tone> = {
  PENDING: 'warn',
  APPROVED: 'ok',
  AUTO_APPROVED: 'ok',
  REJECTED: 'bad',
  CANCELLED: '',
};

const approvalWords: Record<string, string> = {
  PENDING: 'Waiting',
  APPROVED: 'Approved',
  AUTO_APPROVED: 'Approved automatically',
  REJECTED: 'Rejected',
  CANCELLED: 'Cancelled',
};

/** The state of an approval request as a chip with icon and word. */
export function approvalChip(status: string): TemplateResult {
  const tone = approvalTones[status] ?? '';
  const sign = tone === 'ok' ? icon('check', 12) : tone === 'bad' ? icon('cross', 12) : icon('clock', 12);
  return html`<span class="chip ${tone}" part="status">${sign}${approvalWords[status] ?? status}</span>`;
}
