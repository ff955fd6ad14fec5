import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '../approval-card/cf-approval-card.ts';
import { CfElement } from '../base/cf-element.ts';
import { define } from '../base/define.ts';
import { formatAgo, formatMoney } from '../base/format.ts';
import { emptyState } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import type { LiveTopic } from '../client/live-events.operations.ts';
import { nodesOf } from '../client/values.ts';
import { icon } from '../theme/icons.ts';
import {
  pendingApprovals,
  type PendingApproval,
  type PendingApprovals,
} from './approval-inbox.operations.ts';

type Inbox = readonly PendingApproval[];

/**
 * `<cf-approval-inbox>`: the approvals that wait, those you can decide apart from those somebody else must,
 * each with the reason; the chosen one opens as a card beside the list, or below it where space is short.
 * @fires cf-select - an approval was chosen; detail has kind ("approval") and id
 * @fires cf-decided - an approval was decided; detail has verdict and approval
 * @csspart panel, header, title, bucket, request
 */
export class CfApprovalInbox extends CfElement<Inbox> {
  static override properties: PropertyDeclarations = { chosen: { state: true } };
  static override styles = [
    CfElement.styles,
    css`
      .split {
        display: grid;
        flex: 1 1 auto;
        grid-template-columns: minmax(0, 1fr);
        min-block-size: 0;
      }
      h3 {
        display: flex;
        gap: 6px;
        padding-block: 10px 6px;
        padding-inline: var(--_padding);
        color: var(--_text-muted);
        font-size: var(--_size-small);
        line-height: 16px;
      }
      .request {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 12px;
        inline-size: 100%;
        min-block-size: 0;
        padding-block: var(--_row-padding);
        padding-inline: var(--_padding);
        border: 0;
        border-block-end: var(--_border-width) solid var(--_border);
        border-radius: 0;
        background: none;
        text-align: start;
      }
      .request:focus-visible {
        outline-offset: -2px;
      }
      .request[aria-pressed='true'] {
        background: var(--_surface-selected);
        box-shadow: inset 3px 0 0 var(--_accent);
      }
      .why {
        display: flex;
        gap: 6px;
        grid-column: 1 / -1;
        white-space: normal;
      }
      .when {
        text-align: end;
      }
      .amount {
        font-weight: var(--_weight-strong);
        font-variant-numeric: tabular-nums;
        text-align: end;
      }
      cf-approval-card {
        min-block-size: 0;
        border-block-start: 1px solid var(--_border);
      }
      cf-approval-card::part(panel) {
        border: 0;
        border-radius: 0;
        box-shadow: none;
      }
      @container (min-width: 720px) {
        .split {
          grid-template-columns: minmax(260px, 1fr) minmax(0, 2fr);
        }
        cf-approval-card {
          border-block-start: 0;
          border-inline-start: 1px solid var(--_border);
        }
      }
    `,
  ];

  declare private chosen: string | undefined;
  protected readonly defaultHeading = 'Approvals';

  protected override get topics(): readonly LiveTopic[] {
    return ['approvalRequestChanged'];
  }

  protected override async load(client: CrossfootClient): Promise<Inbox> {
    const { approvalRequests } = await client.run<PendingApprovals>(pendingApprovals, { book: client.book });
    return nodesOf(approvalRequests).toSorted((a, b) => a.requestedAt.localeCompare(b.requestedAt));
  }

  protected override willUpdate(changed: PropertyValues): void {
    // A chosen approval that has just been decided stays open, so that the decision can be seen.
    if (changed.has('data') && this.chosen === undefined) {
      this.chosen = (this.data?.find((request) => request.viewerCanDecide) ?? this.data?.[0])?.id;
    }
  }

  protected override renderAside(inbox: Inbox): TemplateResult {
    return html`<span class="count">${inbox.length}</span>`;
  }

  protected override renderEmpty(inbox: Inbox): TemplateResult | undefined {
    if (inbox.length > 0 || this.chosen !== undefined) return undefined;
    return emptyState({
      emblem: 'check',
      title: 'Nothing to approve',
      text: 'Documents above the limit of the policy appear here.',
    });
  }

  protected override renderContent(inbox: Inbox): TemplateResult {
    const yours = inbox.filter((request) => request.viewerCanDecide);
    const others = inbox.filter((request) => !request.viewerCanDecide);
    return html`<div class="split">
      <div class="panel-body" tabindex="0" role="region" aria-label="Waiting approvals">
        ${this.#renderBucket('You can decide', yours)} ${this.#renderBucket('Somebody else decides', others)}
      </div>
      <cf-approval-card .approval=${this.chosen}></cf-approval-card>
    </div>`;
  }

  #renderBucket(label: string, requests: Inbox): TemplateResult | typeof nothing {
    if (requests.length === 0) return nothing;
    return html`<section part="bucket" aria-label=${label}>
      <h3>${label} <span class="count">${requests.length}</span></h3>
      ${repeat(
        requests,
        (request) => request.id,
        (request) => this.#renderRequest(request),
      )}
    </section>`;
  }

  #renderRequest(request: PendingApproval): TemplateResult {
    const { id, draft, summary, total, viewerCanDecide, viewerBlockedReason, requestedAt } = request;
    const name = draft?.vendor?.name ?? draft?.document?.counterpartyName ?? summary;
    return html`<button
      type="button"
      class="request"
      part="request"
      aria-pressed=${id === this.chosen}
      @click=${() => this.#choose(id)}
    >
      <span class="strong clip">${name}</span>
      <span class="amount">${formatMoney(total, this.locale)}</span>
      <span class="small muted clip">${request.submittedBy?.name ?? summary}</span>
      <span class="small muted when">${formatAgo(requestedAt, this.locale)}</span>
      ${viewerCanDecide ? nothing : html`<span class="why small muted">${icon('lock', 14)}${viewerBlockedReason}</span>`}
    </button>`;
  }

  #choose(id: string): void {
    this.chosen = id;
    this.emit('cf-select', { kind: 'approval', id });
  }
}

define('cf-approval-inbox', CfApprovalInbox);
