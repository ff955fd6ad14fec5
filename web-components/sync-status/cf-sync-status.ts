import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { CfElement } from '../base/cf-element.ts';
import type { Tone } from '../base/chips.ts';
import { define } from '../base/define.ts';
import { formatAgo } from '../base/format.ts';
import { emptyState } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import type { LiveTopic } from '../client/live-events.operations.ts';
import { icon } from '../theme/icons.ts';
import {
  connectionStates,
  retryConnection,
  type ConnectionState,
  type ConnectionStates,
} from './sync-status.operations.ts';

type States = readonly ConnectionState[];

interface Standing {
  readonly tone: Tone;
  readonly word: string;
}

function standingOf({ status, pending, failed, lastRun }: ConnectionState): Standing {
  if (status === 'FAILING' || failed > 0) return { tone: 'bad', word: 'failing' };
  if (status === 'PAUSED') return { tone: '', word: 'paused' };
  if (lastRun?.status === 'RUNNING' || lastRun?.status === 'QUEUED') return { tone: 'info', word: 'syncing' };
  return pending > 0 ? { tone: 'warn', word: 'behind' } : { tone: 'ok', word: 'in step' };
}

/**
 * `<cf-sync-status>`: every connected system with its state, counts and last run, live.
 * @csspart panel, header, title, connection
 */
export class CfSyncStatus extends CfElement<States> {
  static override properties: PropertyDeclarations = { notice: { state: true } };
  static override styles = [
    CfElement.styles,
    css`
      li {
        display: grid;
        grid-template-columns: 8px minmax(0, 1fr) auto;
        align-items: start;
        gap: 2px 10px;
        padding-block: var(--_row-padding);
        padding-inline: var(--_padding);
      }
      li + li {
        border-block-start: var(--_border-width) solid var(--_border);
      }
      li > .dot {
        margin-block-start: 6px;
      }
      .below {
        grid-column: 2 / -1;
      }
      .problem {
        display: grid;
        justify-items: start;
        gap: 6px;
        color: var(--_bad);
      }
      progress {
        display: block;
        inline-size: 100%;
        block-size: 4px;
        margin-block-start: 6px;
        overflow: hidden;
        border: 0;
        border-radius: 2px;
        background: var(--_border);
        appearance: none;
      }
      progress::-webkit-progress-bar {
        background: var(--_border);
      }
      progress::-webkit-progress-value {
        background: var(--_accent);
      }
      progress::-moz-progress-bar {
        background: var(--_accent);
      }
    `,
  ];

  declare private notice: string | undefined;
  protected readonly defaultHeading = 'Sync';

  protected override get topics(): readonly LiveTopic[] {
    return ['syncRunChanged', 'journalEntryChanged'];
  }

  protected override async load(client: CrossfootClient): Promise<States> {
    const { connections } = await client.run<ConnectionStates>(connectionStates, { book: client.book });
    return connections;
  }

  protected override renderEmpty(connections: States): TemplateResult | undefined {
    if (connections.length > 0) return undefined;
    return emptyState({
      emblem: 'sync',
      title: 'Nothing connected',
      text: 'Connect an accounting system to send entries to it.',
    });
  }

  protected override renderAside(connections: States): TemplateResult | typeof nothing {
    if (connections.length === 0) return nothing;
    const failing = connections.filter((connection) => standingOf(connection).tone === 'bad').length;
    return html`<span class="grow"></span> ${
        failing > 0
          ? html`<span class="chip bad">${icon('warning', 12)}${failing} failing</span>`
          : html`<span class="chip ok">${icon('check', 12)}all good</span>`
      }`;
  }

  protected override renderContent(connections: States): TemplateResult {
    return html`<ul class="panel-body" role="list">
        ${connections.map((connection) => this.#renderConnection(connection))}
      </ul>
      ${this.notice ? html`<p class="notice bad small stale" role="alert">${this.notice}</p>` : nothing}`;
  }

  #renderConnection(connection: ConnectionState): TemplateResult {
    const { tone, word } = standingOf(connection);
    const { name, pushed, pending, failed, lastRun } = connection;
    const when = lastRun?.finishedAt ?? lastRun?.startedAt;
    const running = lastRun?.status === 'RUNNING' && lastRun.total > 0;
    return html`<li part="connection">
      <span class="dot ${tone}"></span>
      <span class="clip" title=${connection.target}>${name}</span>
      <span class="small muted">${when ? formatAgo(when, this.locale) : 'not run yet'}</span>
      <span class="below small muted figures"
        >${word} · ${pushed} sent, ${pending} waiting${failed > 0 ? `, ${failed} failed` : ''}</span
      >
      ${
        running
          ? html`<progress
              class="below"
              max=${lastRun.total}
              value=${lastRun.pushed + lastRun.skipped}
              aria-label="Sync of ${name}"
            ></progress>`
          : nothing
      }
      ${tone === 'bad' ? this.#renderProblem(connection) : nothing}
    </li>`;
  }

  #renderProblem({ id, lastRun }: ConnectionState): TemplateResult {
    return html`<div class="below problem small">
      <span>${lastRun?.problem ?? 'The last run failed.'}</span>
      <button type="button" class="plain" @click=${() => void this.#retry(id)}>
        ${icon('sync', 14)} Send again
      </button>
    </div>`;
  }

  async #retry(id: string): Promise<void> {
    this.notice = undefined;
    try {
      await this.client?.change(retryConnection, { connectionId: id });
    } catch (thrown) {
      const failure = this.report(thrown);
      this.notice = `${failure.message} ${failure.remedy}`;
    }
    await this.refresh();
  }
}

define('cf-sync-status', CfSyncStatus);
