import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { CfElement, submittedText } from '../base/cf-element.ts';
import { approvalChip, confidenceChip } from '../base/chips.ts';
import { define } from '../base/define.ts';
import { formatAgo, formatMoney } from '../base/format.ts';
import { emptyState } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import { Failure, wasOvertaken } from '../client/failure.ts';
import type { LiveChange, LiveTopic } from '../client/live-events.operations.ts';
import { icon } from '../theme/icons.ts';
import { approvalInFull, type Approval, type ApprovalInFull } from './approval-card.operations.ts';
import { approvalCardStyles } from './approval-card.styles.ts';
import { bookingTable, decisionChain, factList, factsOf, refusalNotice } from './approval-facts.ts';
import { decideRequest, type DecideRequest } from './decide.operations.ts';
import { documentPaper, type FieldName } from './document-paper.ts';

/**
 * `<cf-approval-card approval="…">`: one approval request with the document, the booking it leads to, why it
 * needs approval and the chain of decisions; approves and rejects, and flips when somebody else decided.
 * @attr approval - id of the approval request
 * @fires cf-deciding - cancelable, before a decision is sent; detail has verdict, approval and comment
 * @fires cf-decided - after it was taken; detail has verdict and approval
 * @csspart panel, header, title, status, document, facts, booking, chain, footer, approve, reject
 */
export class CfApprovalCard extends CfElement<Approval> {
  static override properties: PropertyDeclarations = {
    approval: { reflect: true },
    writing: { state: true },
    lit: { state: true },
    busy: { state: true },
    notice: { state: true },
  };
  static override styles = [CfElement.styles, approvalCardStyles];

  declare approval: string | undefined;
  declare private writing: 'approve' | 'reject' | undefined;
  declare private lit: FieldName | undefined;
  declare private busy: boolean;
  declare private notice: string | undefined;
  protected readonly defaultHeading = 'Approval';
  #statusBefore: string | undefined;

  constructor() {
    super();
    this.busy = false;
    this.addEventListener('keydown', this.#onKey);
  }

  protected override get topics(): readonly LiveTopic[] {
    return ['approvalRequestChanged', 'draftChanged'];
  }

  protected override concerns(change: LiveChange): boolean {
    return change === undefined || change.id === this.data?.id || change.id === this.data?.draft?.id;
  }

  protected override async load(client: CrossfootClient): Promise<Approval> {
    if (!this.approval)
      throw new Failure({
        kind: 'refused',
        code: 'NO_APPROVAL',
        message: 'No approval is chosen.',
        remedy: 'Choose one.',
      });
    const { approvalRequest } = await client.run<ApprovalInFull>(approvalInFull, { id: this.approval });
    if (approvalRequest) return approvalRequest;
    throw new Failure({
      kind: 'refused',
      code: 'NOT_FOUND',
      message: 'This approval is not there.',
      remedy: 'It may have been withdrawn.',
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('approval')) {
      this.writing = undefined;
      this.notice = undefined;
      if (this.approval) this.changeSubject();
    }
    if (changed.has('data')) {
      const before = changed.get('data') as Approval | undefined;
      const same = before?.id === this.data?.id;
      this.#statusBefore = same && before?.status !== this.data?.status ? before?.status : undefined;
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('writing') && this.writing) this.renderRoot.querySelector('textarea')?.focus();
  }

  /** Approves with an optional comment. */
  async approve(comment?: string): Promise<void> {
    await this.#decide('approve', comment);
  }

  /** Rejects with the reason. */
  async reject(reason: string): Promise<void> {
    await this.#decide('reject', reason);
  }

  /** Opens the field for the comment that goes with the decision. */
  write(verdict: 'approve' | 'reject'): void {
    if (this.#decidable()) this.writing = verdict;
  }

  #decidable(): boolean {
    const { data } = this;
    // While another approval is on its way the one on screen must not be decided by mistake.
    return !this.busy && data?.id === this.approval && data?.status === 'PENDING' && data.viewerCanDecide;
  }

  async #decide(verdict: 'approve' | 'reject', comment: string | undefined): Promise<void> {
    const { client, data } = this;
    if (!client || !data || !this.#decidable()) return;
    const detail = { verdict, approval: data.id, comment };
    if (!this.emit('cf-deciding', detail, true)) return;
    this.busy = true;
    this.notice = undefined;
    try {
      const decision: DecideRequest = {
        approvalRequestId: data.id,
        verdict: verdict === 'approve' ? 'APPROVE' : 'REJECT',
        version: data.version,
        ...(comment ? { comment } : {}),
      };
      await client.change(decideRequest, decision);
      this.writing = undefined;
      this.emit('cf-decided', { verdict, approval: data.id });
    } catch (thrown) {
      const failure = this.report(thrown);
      if (wasOvertaken(failure)) this.writing = undefined;
      else this.notice = `${failure.message} ${failure.remedy}`;
    } finally {
      this.busy = false;
    }
    await this.refresh();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && this.writing) this.writing = undefined;
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) return;
    const key = event.key.toLowerCase();
    if (key === 'a') void this.approve();
    else if (key === 'r') this.write('reject');
    else if (key === 'c') this.write('approve');
    else return;
    event.preventDefault();
  };

  protected override renderState(): TemplateResult {
    if (this.approval) return super.renderState();
    return emptyState({
      emblem: 'inbox',
      title: 'Nothing chosen',
      text: 'Choose an item to see its document and booking.',
    });
  }

  protected override panelTitle(approval: Approval | undefined): string {
    return this.heading ?? (approval && this.approval ? nameOf(approval) : this.defaultHeading);
  }

  protected override renderAside(approval: Approval): TemplateResult {
    const { level, levels, status } = approval;
    const steps = html`<span class="chip">Level ${level} of ${levels}</span>`;
    return html`<span class="grow"></span> ${levels > 1 && status === 'PENDING' ? steps : nothing}
      ${approvalChip(status)}`;
  }

  protected override renderContent(approval: Approval): TemplateResult {
    const { draft } = approval;
    const light = (field: FieldName | undefined): void => {
      this.lit = field;
    };
    return html`<div class="panel-body" tabindex="0" role="region" aria-label="Document and booking">
        <div class="bench">
          ${draft?.document ? this.#renderDesk(approval, light) : nothing}
          <div class="sheet">
            <div class="headline">
              <span class="total-amount" part="amount">${formatMoney(approval.total, this.locale)}</span>
              ${draft ? confidenceChip(draft.confidence) : nothing}
            </div>
            <p class="notice ${approval.status === 'PENDING' ? 'info' : ''} small" part="reason">
              ${icon('shield')}<span>${approval.reason}</span>
            </p>
            ${draft ? refusalNotice(draft) : nothing}
            ${draft ? factList(factsOf(draft, this.locale), this.lit, light) : nothing}
            ${draft && draft.lines.length > 0 ? bookingTable(draft, this.locale) : nothing}
            ${draft && draft.reasons.length > 0 ? this.#renderReasons(draft.reasons) : nothing}
            ${decisionChain(approval, this.locale)}
          </div>
        </div>
      </div>
      <footer class="panel-footer" part="footer">${this.#renderFooter(approval)}</footer>
      <p class="unseen" role="status">
        ${this.#statusBefore ? `Now ${approval.status.toLowerCase()}` : ''}
      </p>`;
  }

  #renderDesk(
    approval: Approval,
    light: (field: FieldName | undefined) => void,
  ): TemplateResult | typeof nothing {
    const document = approval.draft?.document;
    if (!document) return nothing;
    const { file } = document;
    return html`<div class="desk">
      ${documentPaper({ document, locale: this.locale, lit: this.lit, light })}
      ${document.problems.map(
        (problem) =>
          html`<p class="notice warn small">
            ${icon('warning')}<span>${problem.message} ${problem.remedy}</span>
          </p>`,
      )}
      ${
        file
          ? html`<button
              type="button"
              class="plain"
              @click=${() => void this.#saveOriginal(file.url, file.name)}
            >
              ${icon('file')} <span class="clip">${file.name}</span>
            </button>`
          : nothing
      }
    </div>`;
  }

  #renderReasons(reasons: readonly string[]): TemplateResult {
    return html`<ul class="small muted" aria-label="How the draft came about">
      ${reasons.map((reason) => html`<li>${reason}</li>`)}
    </ul>`;
  }

  async #saveOriginal(url: string, name: string): Promise<void> {
    if (!this.client) return;
    try {
      // A link could not carry the bearer token, so the bytes are fetched and handed to the browser.
      const address = URL.createObjectURL(await this.client.file(url));
      const link = Object.assign(document.createElement('a'), { href: address, download: name });
      link.click();
      URL.revokeObjectURL(address);
    } catch (thrown) {
      this.notice = this.report(thrown).message;
    }
  }

  #renderFooter(approval: Approval): TemplateResult {
    const { notice } = this;
    const said = notice
      ? html`<p class="notice bad small" role="alert">${icon('warning')}<span>${notice}</span></p>`
      : nothing;
    if (approval.status !== 'PENDING') return html`${said}${this.#renderDecided(approval)}`;
    if (!approval.viewerCanDecide) {
      const why = approval.viewerBlockedReason ?? 'Somebody else decides this.';
      return html`<p class="notice warn small grow" part="blocked">${icon('lock')}<span>${why}</span></p>`;
    }
    if (this.writing) return html`${said}${this.#renderComment(this.writing)}`;
    const idle = !this.#decidable();
    return html`${said}
      <button
        type="button"
        class="filled"
        part="approve"
        ?disabled=${idle}
        @click=${() => void this.approve()}
      >
        Approve <kbd>A</kbd>
      </button>
      <button type="button" part="reject" ?disabled=${idle} @click=${() => this.write('reject')}>
        Reject <kbd>R</kbd>
      </button>
      <span class="grow"></span>
      <button type="button" class="plain" ?disabled=${idle} @click=${() => this.write('approve')}>
        ${icon('comment')} Comment <kbd>C</kbd>
      </button>`;
  }

  #renderDecided(approval: Approval): TemplateResult {
    const last = approval.decisions.at(-1);
    const ok = approval.status === 'APPROVED' || approval.status === 'AUTO_APPROVED';
    const by = last?.decidedBy && approval.status !== 'AUTO_APPROVED' ? ` by ${last.decidedBy.name}` : '';
    const when = approval.decidedAt ? formatAgo(approval.decidedAt, this.locale) : '';
    const word = ok ? 'Approved' : approval.status === 'REJECTED' ? 'Rejected' : 'Cancelled';
    return html`<p
      class="decided strong ${ok ? 'ok' : 'bad'} ${this.#statusBefore ? 'settled' : ''}"
      part="decided"
    >
      ${icon(ok ? 'check' : 'cross')} <span>${word}${by}</span>
      <span class="small muted">${when}</span>
    </p>`;
  }

  #renderComment(verdict: 'approve' | 'reject'): TemplateResult {
    const rejecting = verdict === 'reject';
    return html`<form class="comment" @submit=${this.#submit}>
      <label class="small strong" for="comment"
        >${rejecting ? 'Why do you reject it?' : 'Comment on your approval'}</label
      >
      <textarea id="comment" name="comment" rows="2" ?required=${rejecting}></textarea>
      <div class="headline">
        <button type="button" class="plain" @click=${() => (this.writing = undefined)}>Cancel</button>
        <button type="submit" class=${rejecting ? 'danger' : 'filled'} ?disabled=${this.busy}>
          ${rejecting ? 'Reject' : 'Approve'}
        </button>
      </div>
    </form>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.writing) void this.#decide(this.writing, submittedText(event, 'comment'));
  };
}

function nameOf(approval: Approval): string {
  const { draft } = approval;
  return draft?.vendor?.name ?? draft?.document?.counterpartyName ?? approval.summary;
}

define('cf-approval-card', CfApprovalCard);
