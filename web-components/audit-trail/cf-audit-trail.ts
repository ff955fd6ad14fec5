import { css, html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { CfElement } from '../base/cf-element.ts';
import { define } from '../base/define.ts';
import { formatAgo, formatInstant } from '../base/format.ts';
import { emptyState } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import type { LiveTopic } from '../client/live-events.operations.ts';
import { nodesOf } from '../client/values.ts';
import { icon } from '../theme/icons.ts';
import {
  auditVerification,
  latestAuditRecords,
  type AuditRecord,
  type AuditVerification,
  type LatestAuditRecords,
} from './audit-trail.operations.ts';
import { commandWords, recordChanges } from './record-changes.ts';

interface Trail {
  readonly records: readonly AuditRecord[];
  readonly verification: AuditVerification['verifyAudit'];
}

/**
 * `<cf-audit-trail>`: who did what, when and from where, and whether the chain of hashes over all records
 * holds. Records open to show what changed and their place in the chain.
 * @attr subject - id of one thing, to show only its history
 * @csspart panel, header, title, verified, record
 */
export class CfAuditTrail extends CfElement<Trail> {
  static override properties: PropertyDeclarations = { subject: { reflect: true } };
  static override styles = [
    CfElement.styles,
    css`
      details + details {
        border-block-start: var(--_border-width) solid var(--_border);
      }
      summary {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 8px;
        padding-block: 8px;
        padding-inline: var(--_padding);
        cursor: pointer;
        list-style: none;
      }
      summary > :nth-child(even) {
        text-align: end;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary:hover {
        background: var(--_surface-hover);
      }
      summary:focus-visible {
        outline-offset: -2px;
      }
      .arrived {
        animation: arrive 2.4s ease-out;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 2px 10px;
        padding: 4px var(--_padding) 12px;
        font-size: var(--_size-small);
        line-height: 16px;
      }
      dt {
        color: var(--_text-muted);
      }
      dd {
        overflow-wrap: anywhere;
      }
      dd s {
        color: var(--_text-muted);
      }
    `,
  ];

  declare subject: string | undefined;
  protected readonly defaultHeading = 'Audit trail';
  #newest = Number.POSITIVE_INFINITY;

  protected override get topics(): readonly LiveTopic[] {
    return [
      'draftChanged',
      'approvalRequestChanged',
      'matchChanged',
      'journalEntryChanged',
      'syncRunChanged',
    ];
  }

  /** Verifying reads the whole chain, so a burst of changes is let pass first. */
  protected override get settleTime(): number {
    return 400;
  }

  protected override async load(client: CrossfootClient): Promise<Trail> {
    // Verifying seals what was committed just now, so that the records asked for after it are complete.
    const { verifyAudit } = await client.run<AuditVerification>(auditVerification);
    const { auditRecords } = await client.run<LatestAuditRecords>(latestAuditRecords, {
      subject: this.subject ?? null,
    });
    const records = nodesOf(auditRecords).toSorted((a, b) => b.sequence - a.sequence);
    return { records, verification: verifyAudit };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('subject') && this.client) this.changeSubject();
    if (!changed.has('data')) return;
    const before = changed.get('data') as Trail | undefined;
    this.#newest = before?.records[0]?.sequence ?? Number.POSITIVE_INFINITY;
  }

  protected override renderEmpty({ records }: Trail): TemplateResult | undefined {
    if (records.length > 0) return undefined;
    return emptyState({ emblem: 'shield', title: 'No records yet', text: 'Every change leaves one here.' });
  }

  protected override renderAside({ verification }: Trail): TemplateResult {
    const { valid, records, verifiedAt, problem, firstBroken } = verification;
    const told = valid
      ? `${records} records recomputed, ${formatInstant(verifiedAt, this.locale)}`
      : `Record ${firstBroken}: ${problem}`;
    return html`<span class="grow"></span>
      <span class="chip ${valid ? 'ok' : 'bad'}" part="verified" title=${told}>
        ${icon(valid ? 'check' : 'warning', 12)}${valid ? 'chain verified' : `broken at #${firstBroken}`}
      </span>`;
  }

  protected override renderContent({ records }: Trail): TemplateResult {
    return html`<div class="panel-body" tabindex="0" role="region" aria-label="Records, newest first">
      ${repeat(
        records,
        (record) => record.id,
        (record) => this.#renderRecord(record),
      )}
    </div>`;
  }

  #renderRecord(record: AuditRecord): TemplateResult {
    const { sequence, actorName, command, source, occurredAt, hash, previousHash, subjectType, subjectId } =
      record;
    return html`<details part="record" class=${sequence > this.#newest ? 'arrived' : ''}>
      <summary>
        <span class="clip">${commandWords(command)}</span>
        <span class="small muted">${formatAgo(occurredAt, this.locale)}</span>
        <span class="small muted clip">${actorName}</span>
        <span class="mono muted">#${sequence} ${hash.slice(0, 6)}</span>
      </summary>
      <dl>
        <dt>When</dt>
        <dd>${formatInstant(occurredAt, this.locale)}</dd>
        <dt>From</dt>
        <dd>${source}</dd>
        <dt>About</dt>
        <dd>${subjectType} ${subjectId}</dd>
        ${recordChanges(record.before, record.after).map(
          ({ field, before, after }) =>
            html`<dt>${field}</dt>
              <dd>${before ? html`<s>${before}</s> ` : nothing}${after}</dd>`,
        )}
        <dt>Hash</dt>
        <dd class="mono">${hash}</dd>
        <dt>Before it</dt>
        <dd class="mono">${previousHash ?? 'first record'}</dd>
      </dl>
    </details>`;
  }
}

define('cf-audit-trail', CfAuditTrail);
