import { html, nothing, type TemplateResult } from 'lit';
import { formatAgo, formatDay, formatMoney } from '../base/format.ts';
import { icon } from '../theme/icons.ts';
import type { Approval, CardDraft } from './approval-card.operations.ts';
import type { FieldName } from './document-paper.ts';

interface Fact {
  readonly label: string;
  readonly value: string;
  readonly origin: string;
  readonly tone: 'ok' | 'warn' | 'info' | '';
  readonly field?: FieldName;
}

/** What was read and concluded, each with where it comes from. */
export function factsOf(draft: CardDraft, locale: string): readonly Fact[] {
  const { document, vendor, rule } = draft;
  const facts: Fact[] = [];
  const name = vendor?.name ?? document?.counterpartyName;
  if (name) {
    const known = vendor?.status === 'ACTIVE';
    const origin = vendor ? (known ? 'known vendor' : 'new vendor') : 'document';
    facts.push({ label: 'Vendor', value: name, origin, tone: known ? 'ok' : 'warn', field: 'counterparty' });
  }
  if (document?.number) {
    facts.push({ label: 'Number', value: document.number, origin: 'document', tone: '', field: 'number' });
  }
  if (document?.issuedOn) {
    const value = formatDay(document.issuedOn, locale);
    facts.push({ label: 'Date', value, origin: 'document', tone: '', field: 'issuedOn' });
  }
  if (document?.tax) {
    facts.push({
      label: 'Tax',
      value: formatMoney(document.tax, locale),
      origin: 'document',
      tone: '',
      field: 'tax',
    });
  }
  const account = draft.lines.find((line) => line.side === 'DEBIT')?.account;
  if (account) {
    const origin = rule ? `rule: ${rule.name}` : 'suggested';
    facts.push({
      label: 'Account',
      value: `${account.code} ${account.name}`,
      origin,
      tone: rule ? 'ok' : 'info',
    });
  }
  return facts;
}

/** The facts as a list of label, value and origin; pointing at one lights its place on the paper. */
export function factList(
  facts: readonly Fact[],
  lit: FieldName | undefined,
  light: (field: FieldName | undefined) => void,
): TemplateResult {
  return html`<dl class="facts" part="facts">
    ${facts.map(
      ({ label, value, origin, tone, field }) =>
        html`<div
          class=${field !== undefined && lit === field ? 'lit' : ''}
          @pointerenter=${() => light(field)}
          @pointerleave=${() => light(undefined)}
        >
          <dt>${label}</dt>
          <dd>${value}</dd>
          <dd class="origin">
            <span class="chip ${tone}" title=${`From: ${origin}`}><span class="clip">${origin}</span></span>
          </dd>
        </div>`,
    )}
  </dl>`;
}

/** The booking the approval leads to, debit and credit in columns. */
export function bookingTable(draft: CardDraft, locale: string): TemplateResult {
  return html`<table class="booking" part="booking">
    <caption class="small muted">
      ${draft.journalEntry ? `Booked as ${draft.journalEntry.number}` : `Books on ${formatDay(draft.postedOn, locale)}`}
    </caption>
    <thead class="unseen">
      <tr>
        <th scope="col">Account</th>
        <th scope="col">Debit</th>
        <th scope="col">Credit</th>
      </tr>
    </thead>
    <tbody>
      ${draft.lines.map(
        ({ side, money, account, memo }) =>
          html`<tr title=${memo ?? ''}>
            <td class=${side === 'CREDIT' ? 'credit' : ''}>
              <span class="mono muted">${account?.code}</span> ${account?.name ?? 'Unknown account'}
            </td>
            <td class="figures">${side === 'DEBIT' ? formatMoney(money, locale) : nothing}</td>
            <td class="figures">${side === 'CREDIT' ? formatMoney(money, locale) : nothing}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The chain of decisions: who sent it in, who decided, which level is due, which come after. */
export function decisionChain(approval: Approval, locale: string): TemplateResult {
  const { decisions, level, levels, status } = approval;
  const open =
    status === 'PENDING' ? Array.from({ length: levels - level + 1 }, (_, step) => level + step) : [];
  return html`<ol class="chain" part="chain" aria-label="Approval chain">
    <li class="done">
      ${icon('person')}
      <span>${approval.submittedBy?.name ?? 'Submitted'} <span class="muted">sent it in</span></span>
      <span class="small muted">${formatAgo(approval.requestedAt, locale)}</span>
    </li>
    ${decisions.map(
      ({ decidedBy, verdict, comment, decidedAt }) =>
        html`<li class=${verdict === 'APPROVE' ? 'ok' : 'bad'}>
          ${icon(verdict === 'APPROVE' ? 'check' : 'cross')}
          <span
            >${decidedBy?.name ?? 'Somebody'}
            <span class="muted">${verdict === 'APPROVE' ? 'approved' : 'rejected'}</span>
            ${comment ? html`<q class="small">${comment}</q>` : nothing}</span
          >
          <span class="small muted">${formatAgo(decidedAt, locale)}</span>
        </li>`,
    )}
    ${open.map((due) => openLevel(approval, due, locale))}
  </ol>`;
}

function openLevel(approval: Approval, due: number, locale: string): TemplateResult {
  const now = due === approval.level;
  const yours = now && approval.viewerCanDecide ? ', waiting for you' : '';
  return html`<li class=${now ? 'due' : 'later'}>
    ${icon('clock')} <span>${approval.levels > 1 ? `Level ${due}` : 'Approval'}${yours}</span>
    <span class="small muted"
      >${now && approval.dueAt ? `due ${formatAgo(approval.dueAt, locale)}` : nothing}</span
    >
  </li>`;
}

/** Why an approved draft could not be booked, and what to do about it. */
export function refusalNotice({ refusal }: CardDraft): TemplateResult | typeof nothing {
  if (!refusal) return nothing;
  return html`<p class="notice bad small" role="alert" part="refusal">
    ${icon('warning')}<span>${refusal.message} ${refusal.remedy}</span>
  </p>`;
}
