import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { CfElement } from '../base/cf-element.ts';
import { define } from '../base/define.ts';
import { failureState, staleBar } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import type { LiveChange, LiveTopic } from '../client/live-events.operations.ts';
import { icon, type IconName } from '../theme/icons.ts';
import {
  bookingCounts,
  decisionCounts,
  matchCounts,
  sentCounts,
  type BookingCounts,
  type DecisionCounts,
  type MatchCounts,
  type SentCounts,
} from './flow-ribbon.operations.ts';

interface Counts {
  readonly booking: BookingCounts | undefined;
  readonly decisions: DecisionCounts | undefined;
  readonly matches: MatchCounts | undefined;
  readonly sent: SentCounts | undefined;
}

const nothingYet: Counts = { booking: undefined, decisions: undefined, matches: undefined, sent: undefined };

type StageName = 'received' | 'drafted' | 'approved' | 'booked' | 'matched' | 'sent';

interface Stage {
  readonly name: StageName;
  readonly label: string;
  readonly icon: IconName;
  readonly count: number | undefined;
  readonly waiting: number;
}

const stagesOfTopic: Partial<Record<LiveTopic, readonly StageName[]>> = {
  draftChanged: ['received', 'drafted'],
  approvalRequestChanged: ['approved'],
  journalEntryChanged: ['booked'],
  matchChanged: ['matched'],
  syncRunChanged: ['sent'],
};

function stagesOf({ booking, decisions, matches, sent }: Counts): readonly Stage[] {
  const add = (pick: (connection: SentCounts['connections'][number]) => number): number | undefined =>
    sent?.connections.reduce((sum, connection) => sum + pick(connection), 0);
  const waiting = decisions?.waiting.totalCount ?? 0;
  const approved = decisions && decisions.all.totalCount - waiting;
  return [
    {
      name: 'received',
      label: 'Received',
      icon: 'receipt',
      count: booking?.documents.totalCount,
      waiting: 0,
    },
    { name: 'drafted', label: 'Drafted', icon: 'spark', count: booking?.drafts.totalCount, waiting: 0 },
    { name: 'approved', label: 'Decided', icon: 'shield', count: approved, waiting },
    { name: 'booked', label: 'Booked', icon: 'book', count: booking?.journalEntries.totalCount, waiting: 0 },
    {
      name: 'matched',
      label: 'Matched',
      icon: 'link',
      count: matches?.accepted.totalCount,
      waiting: matches?.suggested.totalCount ?? 0,
    },
    {
      name: 'sent',
      label: 'In the ledger',
      icon: 'sync',
      count: add((c) => c.pushed),
      waiting: add((c) => c.pending) ?? 0,
    },
  ];
}

/**
 * `<cf-flow-ribbon>`: the way of a document from received to the accounting system, with the count at each
 * stage; a stage lights up when something passes it.
 * @csspart panel, stage
 */
export class CfFlowRibbon extends CfElement<Counts> {
  static override properties: PropertyDeclarations = { lit: { state: true } };
  static override styles = [
    CfElement.styles,
    css`
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 128px), 1fr));
        gap: 4px;
        padding: 8px;
      }
      li {
        position: relative;
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        column-gap: 10px;
        padding: 6px 12px;
        border-radius: var(--_radius);
      }
      li:not(:last-child)::after {
        position: absolute;
        inset-block-start: calc(50% - 4px);
        inset-inline-end: 0;
        inline-size: 7px;
        block-size: 7px;
        border-block-start: 1.5px solid var(--_border-control);
        border-inline-end: 1.5px solid var(--_border-control);
        content: '';
        transform: rotate(45deg);
      }
      :host(:dir(rtl)) li:not(:last-child)::after {
        transform: rotate(-45deg);
      }
      .sign {
        display: grid;
        place-items: center;
        inline-size: 32px;
        block-size: 32px;
        border-radius: 50%;
        background: var(--_surface-sunken);
        color: var(--_text-muted);
      }
      @container (max-width: 760px) {
        li::after {
          display: none;
        }
      }
      .count {
        color: var(--_text);
        font-weight: var(--_weight-strong);
      }
      .waits {
        color: var(--_warn);
      }
      .lit {
        animation: pass-row 2.4s ease-out;
      }
      .lit .sign {
        animation: pass 2.4s ease-out;
      }
      @keyframes pass {
        from,
        40% {
          background: var(--_accent);
          color: var(--_on-accent);
        }
      }
      @keyframes pass-row {
        from,
        40% {
          background: var(--_surface-selected);
        }
      }
    `,
  ];

  declare private lit: ReadonlySet<StageName>;
  protected readonly defaultHeading = 'From receipt to ledger';

  constructor() {
    super();
    this.lit = new Set();
  }

  protected override get topics(): readonly LiveTopic[] {
    return [
      'draftChanged',
      'approvalRequestChanged',
      'journalEntryChanged',
      'matchChanged',
      'syncRunChanged',
    ];
  }

  protected override concerns(change: LiveChange): boolean {
    if (change) this.lit = new Set([...this.lit, ...(stagesOfTopic[change.topic] ?? [])]);
    return true;
  }

  protected override async load(client: CrossfootClient): Promise<Counts> {
    const book = { book: client.book };
    const [booking, decisions, matches, sent] = await Promise.allSettled([
      client.run<BookingCounts>(bookingCounts, book),
      client.run<DecisionCounts>(decisionCounts, book),
      client.run<MatchCounts>(matchCounts, book),
      client.run<SentCounts>(sentCounts, book),
    ]);
    if (booking.status === 'rejected' && decisions.status === 'rejected') throw booking.reason;
    return {
      booking: valueOf(booking),
      decisions: valueOf(decisions),
      matches: valueOf(matches),
      sent: valueOf(sent),
    };
  }

  override render(): TemplateResult {
    const { data, failure } = this;
    const body = failure && !data ? failureState(failure, () => void this.retry()) : this.renderContent(data);
    return html`<section
      class="panel"
      part="panel"
      aria-label=${this.panelTitle(data)}
      aria-busy=${!data && !failure}
    >
      ${data && failure ? staleBar(failure) : nothing} ${body}
    </section>`;
  }

  protected override renderContent(data: Counts | undefined): TemplateResult {
    const stages = stagesOf(data ?? nothingYet);
    return html`<ol>
      ${stages.map(
        ({ name, label, icon: sign, count, waiting }) =>
          html`<li
            part="stage"
            data-stage=${name}
            class=${this.lit.has(name) ? 'lit' : ''}
            @animationend=${() => this.#dim(name)}
          >
            <span class="sign">${icon(sign)}</span>
            <span>
              <span class="small muted">${label}</span><br />
              <span class="count">${count ?? '–'}</span>
              ${waiting > 0 ? html`<span class="small waits">${waiting} waiting</span>` : nothing}
            </span>
          </li>`,
      )}
    </ol>`;
  }

  #dim(name: StageName): void {
    this.lit = new Set([...this.lit].filter((stage) => stage !== name));
  }
}

function valueOf<Value>(answer: PromiseSettledResult<Value>): Value | undefined {
  return answer.status === 'fulfilled' ? answer.value : undefined;
}

define('cf-flow-ribbon', CfFlowRibbon);
