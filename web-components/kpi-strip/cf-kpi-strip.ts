import { css, html, nothing, type TemplateResult } from 'lit';
import { CfElement } from '../base/cf-element.ts';
import { define } from '../base/define.ts';
import { failureState, staleBar } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import type { LiveTopic } from '../client/live-events.operations.ts';
import { icon } from '../theme/icons.ts';
import { syncFigure, touchlessFigure, unreconciledFigure, waitingFigure, type Figure } from './figures.ts';
import {
  approvalFigures,
  reconciliationFigures,
  syncFigures,
  type ApprovalFigures,
  type ReconciliationFigures,
  type SyncFigures,
} from './kpi-strip.operations.ts';

interface Figures {
  readonly approvals: ApprovalFigures | undefined;
  readonly reconciliation: ReconciliationFigures | undefined;
  readonly sync: SyncFigures | undefined;
}

/**
 * `<cf-kpi-strip>`: four numbers of the book on one line: waiting for you, booked without touch,
 * unreconciled, last sync. A number the session may not see is left out.
 * @csspart panel, figure, label, value, note
 */
export class CfKpiStrip extends CfElement<Figures> {
  static override styles = [
    CfElement.styles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 180px), 1fr));
        gap: 1px;
        background: var(--_border);
      }
      li {
        display: grid;
        align-content: start;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 8px;
        padding-block: 11px;
        padding-inline: calc(var(--_padding) + 4px);
        background: var(--_surface);
      }
      .sign {
        display: grid;
        place-items: center;
        grid-row: 1 / 3;
        grid-column: 2;
        inline-size: 32px;
        block-size: 32px;
        border-radius: var(--_radius);
        background: var(--_surface-sunken);
        color: var(--_text-muted);
      }
      @container (max-width: 560px) {
        li {
          padding-inline: 14px;
        }
        .sign {
          display: none;
        }
      }
      .value {
        grid-column: 1;
        overflow: hidden;
        font-family: var(--_font-figures);
        font-size: var(--_size-figure);
        font-weight: var(--_weight-strong);
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.02em;
        line-height: 32px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .note {
        display: flex;
        align-items: center;
        gap: 4px;
        grid-column: 1 / -1;
      }
      .note.ok {
        color: var(--_ok);
      }
      .note.warn {
        color: var(--_warn);
      }
      .note.bad {
        color: var(--_bad);
      }
      meter {
        inline-size: 72px;
        block-size: 6px;
        margin-inline-end: 4px;
        border: 0;
        border-radius: 3px;
        background: var(--_border);
        appearance: none;
      }
      meter::-webkit-meter-inner-element {
        display: block;
      }
      meter::-webkit-meter-bar {
        block-size: 6px;
        border: 0;
        border-radius: 3px;
        background: var(--_border);
      }
      meter::-webkit-meter-optimum-value {
        border-radius: 3px;
        background: var(--_ok);
      }
      meter::-moz-meter-bar {
        background: var(--_ok);
      }
      .waiting {
        block-size: 12px;
        border-radius: 6px;
        background: var(--_surface-sunken);
      }
      .waiting.wide {
        block-size: 28px;
        inline-size: 60%;
      }
    `,
  ];

  protected readonly defaultHeading = 'Key figures';

  protected override get topics(): readonly LiveTopic[] {
    return ['approvalRequestChanged', 'matchChanged', 'exceptionChanged', 'syncRunChanged'];
  }

  protected override async load(client: CrossfootClient): Promise<Figures> {
    const book = { book: client.book };
    const [approvals, reconciliation, sync] = await Promise.allSettled([
      client.run<ApprovalFigures>(approvalFigures, book),
      client.run<ReconciliationFigures>(reconciliationFigures, book),
      client.run<SyncFigures>(syncFigures, book),
    ]);
    const every = [approvals, reconciliation, sync];
    const refused = every.find((answer) => answer.status === 'rejected');
    if (refused && every.every((answer) => answer.status === 'rejected')) throw refused.reason;
    return { approvals: valueOf(approvals), reconciliation: valueOf(reconciliation), sync: valueOf(sync) };
  }

  override render(): TemplateResult {
    const { data, failure } = this;
    const title = this.panelTitle(data);
    const body = data
      ? this.renderContent(data)
      : failure
        ? failureState(failure, () => void this.retry())
        : waitingStrip();
    return html`<section class="panel" part="panel" aria-label=${title} aria-busy=${!data && !failure}>
      ${data && failure ? staleBar(failure) : nothing} ${body}
    </section>`;
  }

  protected override renderContent({ approvals, reconciliation, sync }: Figures): TemplateResult {
    const figures: Figure[] = [];
    if (approvals) figures.push(waitingFigure(approvals, this.locale), touchlessFigure(approvals));
    if (reconciliation) figures.push(unreconciledFigure(reconciliation, this.locale));
    if (sync) figures.push(syncFigure(sync, this.locale));
    return html`<ul role="list">
      ${figures.map(renderFigure)}
    </ul>`;
  }
}

function valueOf<Value>(answer: PromiseSettledResult<Value>): Value | undefined {
  return answer.status === 'fulfilled' ? answer.value : undefined;
}

function waitingStrip(): TemplateResult {
  const cell = html`<li><span class="waiting"></span><span class="waiting wide"></span></li>`;
  return html`<ul role="list" aria-hidden="true">
    ${[cell, cell, cell, cell]}
  </ul>`;
}

function renderFigure({ label, value, note, tone, icon: sign, share }: Figure): TemplateResult {
  return html`<li part="figure">
    <span class="small muted" part="label">${label}</span>
    <span class="sign">${icon(sign)}</span>
    <span class="value" part="value" title=${value}>${value}</span>
    <span class="note small ${tone || 'muted'}" part="note">
      ${share === undefined ? nothing : html`<meter min="0" max="100" value=${share} aria-label=${label}></meter>`}
      ${tone === 'ok' ? icon('check', 12) : tone === 'bad' ? icon('warning', 12) : nothing} ${note}
    </span>
  </li>`;
}

define('cf-kpi-strip', CfKpiStrip);
