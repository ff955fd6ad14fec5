import { html, nothing, type TemplateResult } from 'lit';
import { formatDay, formatMoney, words } from '../base/format.ts';
import type { CardDocument } from './approval-card.operations.ts';

/** A field of the document that also stands in the list of facts; both light up together. */
export type FieldName = 'number' | 'issuedOn' | 'total' | 'tax' | 'counterparty';

interface PaperOptions {
  readonly document: CardDocument;
  readonly locale: string;
  readonly lit: FieldName | undefined;
  readonly light: (field: FieldName | undefined) => void;
}

/** The document as it was read, laid out like paper, with the values the booking rests on marked. */
export function documentPaper({ document, locale, lit, light }: PaperOptions): TemplateResult {
  const read = (field: FieldName, text: string): TemplateResult =>
    html`<mark
      class=${lit === field ? 'lit' : ''}
      @pointerenter=${() => light(field)}
      @pointerleave=${() => light(undefined)}
      >${text}</mark
    >`;
  const { total, tax } = document;
  return html`<figure class="paper" part="document" aria-label="Document as read">
    <p class="letterhead">${read('counterparty', document.counterpartyName ?? 'No name read')}</p>
    <p class="kind">${words(document.kind)} ${document.number ? read('number', document.number) : nothing}</p>
    ${
      document.issuedOn
        ? html`<p>Date ${read('issuedOn', formatDay(document.issuedOn, locale))}</p>`
        : html`<p class="faint">No date read</p>`
    }
    ${document.dueOn ? html`<p class="faint">Due ${formatDay(document.dueOn, locale)}</p>` : nothing}
    ${
      document.lines.length > 0
        ? html`<ul>
            ${document.lines.map(
              (line) =>
                html`<li>
                  <span>${line.description ?? 'Item'}</span><i></i
                  ><span>${formatMoney(line.net, locale)}</span>
                </li>`,
            )}
          </ul>`
        : nothing
    }
    ${tax ? html`<p class="sum"><span>Tax</span><i></i>${read('tax', formatMoney(tax, locale))}</p>` : nothing}
    ${
      total
        ? html`<p class="sum total"><span>Total</span><i></i>${read('total', formatMoney(total, locale))}</p>`
        : nothing
    }
    <figcaption>Source: ${words(document.source).toLowerCase()}</figcaption>
  </figure>`;
}
