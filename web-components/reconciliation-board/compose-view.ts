import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { decimalOf } from '../base/amounts.ts';
import { formatMoney } from '../base/format.ts';
import { icon } from '../theme/icons.ts';
import { accountList, type BookingAccount } from './board-forms.ts';
import type { BoardItem } from './board.operations.ts';
import { balanceOf, type Balance, type Composition, type Share, type ShareFault } from './composition.ts';
import { nameOf } from './decisions.ts';
import { itemText } from './line-detail.ts';

/** What the composing form asks of the board. */
export interface ComposeActions {
  readonly search: (text: string) => void;
  readonly take: (item: BoardItem) => void;
  readonly drop: (itemId: string) => void;
  readonly type: (itemId: string, typed: string) => void;
  readonly account: (code: string) => void;
  readonly send: () => void;
  readonly cancel: () => void;
}

interface ComposeView {
  readonly composition: Composition;
  /** What can be taken: ranked for the line, or what the search has found. */
  readonly offered: readonly BoardItem[];
  /** What the search looks through, said when it is not everything. */
  readonly searched: string;
  readonly accounts: readonly BookingAccount[];
  readonly locale: string;
  readonly actions: ComposeActions;
}

const faultWords: Record<ShareFault, (open: string) => string> = {
  'no amount': () => 'Give an amount above zero.',
  'too much': (open) => `No more than ${open} is open.`,
};

/** Shares one line, or several together, among open items: amounts can be changed, the rest is shown all the time. */
export function composeView(view: ComposeView): TemplateResult {
  const { composition, offered, searched, locale, actions } = view;
  const balance = balanceOf(composition);
  const chosen = new Set(composition.shares.map(({ item }) => item.id));
  const left = offered.filter(({ id }) => !chosen.has(id));
  return html`<form
    class="compose"
    part="compose"
    @submit=${(event: Event) => {
      event.preventDefault();
      actions.send();
    }}
  >
    <div class="scroll">
      ${linesHead(composition, balance, locale)}
      <h4>${composition.shares.length === 0 ? 'No item taken yet' : 'Taken'}</h4>
      <ul class="shares">
        ${repeat(
          composition.shares,
          ({ item }) => item.id,
          (share) => shareRow(share, balance, view),
        )}
      </ul>
      <div class="find">
        <label class="unseen" for="find-item">Find open items</label>
        <input
          type="search"
          id="find-item"
          placeholder="Find open items by name, number or amount"
          autocomplete="off"
          .value=${composition.search}
          @input=${(event: Event) => actions.search((event.target as HTMLInputElement).value)}
        />
      </div>
      <ul class="offered" aria-label="Open items">
        ${repeat(
          left,
          ({ id }) => id,
          (item) =>
            html`<li>
              <button type="button" class="offer" @click=${() => actions.take(item)}>
                <span class="plus">${icon('plus', 14)}</span>
                <span class="item">${itemText(item, locale)}</span>
                <span class="amount">${formatMoney(item.open, locale)}</span>
              </button>
            </li>`,
        )}
        ${left.length === 0 ? html`<li class="small muted none">Nothing else is open${composition.search ? ' with these words' : ''}.</li>` : nothing}
      </ul>
      ${searched ? html`<p class="small muted">${searched}</p>` : nothing}
    </div>
    ${balanceBar(composition, balance, view)}
  </form>`;
}

function linesHead({ lines }: Composition, balance: Balance, locale: string): TemplateResult {
  const total = formatMoney(asMoney(balance.total, balance), locale);
  return html`<header class="line-head">
    <div class="line-title">
      <h3 class="clip">
        ${lines.length === 1 && lines[0] ? `Split ${nameOf(lines[0])}` : `Merge ${lines.length} lines`}
      </h3>
    </div>
    <p class="line-amount">${total}</p>
    ${
      lines.length === 1
        ? html`<p class="remittance">${lines[0]?.remittance}</p>`
        : html`<ul class="merged small">
            ${lines.map(
              (line) =>
                html`<li>
                  <span class="clip">${nameOf(line)}</span>
                  <span class="figures">${formatMoney(line.amount, locale)}</span>
                </li>`,
            )}
          </ul>`
    }
  </header>`;
}

function shareRow(
  { item, typed }: Share,
  balance: Balance,
  { locale, actions }: ComposeView,
): TemplateResult {
  const fault = balance.faults.get(item.id);
  const open = formatMoney(item.open, locale);
  const name = item.reference ?? item.label;
  return html`<li>
    <button type="button" class="plain drop" @click=${() => actions.drop(item.id)}>
      ${icon('cross', 14)}<span class="unseen">Leave out ${name}</span>
    </button>
    <span class="item">${itemText(item, locale)}</span>
    <span class="share">
      <label class="unseen" for="share-${item.id}">Amount for ${name}, ${open} open</label>
      <input
        type="text"
        id="share-${item.id}"
        inputmode="decimal"
        autocomplete="off"
        aria-invalid=${fault ? 'true' : 'false'}
        aria-describedby=${fault ? `fault-${item.id}` : nothing}
        .value=${typed}
        @input=${(event: Event) => actions.type(item.id, (event.target as HTMLInputElement).value)}
      />
      <span class="small muted figures">of ${open}</span>
    </span>
    ${fault ? html`<span class="fault small" id="fault-${item.id}">${faultWords[fault](open)}</span>` : nothing}
  </li>`;
}

function balanceBar(composition: Composition, balance: Balance, view: ComposeView): TemplateResult {
  const { locale, actions, accounts } = view;
  const { rest, exceeded, exchanged, ready } = balance;
  const amount = formatMoney(asMoney(rest < 0n ? -rest : rest, balance), locale);
  const tone = rest === 0n && ready ? 'ok' : exceeded ? 'bad' : 'warn';
  const word = exchanged ? 'Exchanged by the bank' : exceeded ? `${amount} too much` : `${amount} left`;
  const items = composition.shares.length;
  return html`<div class="action-bar">
    <span class="chip ${tone}" role="status" part="rest"
      >${icon(tone === 'ok' ? 'check' : 'warning', 12)}${rest === 0n && !exchanged ? 'Nothing left' : word}</span
    >
    ${
      rest === 0n || items === 0
        ? nothing
        : html`<label class="to-account small"
            >to account
            <input
              type="text"
              list="accounts"
              maxlength="20"
              autocomplete="off"
              aria-label="Account for the difference"
              .value=${composition.account}
              @input=${(event: Event) => actions.account((event.target as HTMLInputElement).value)}
            />${accountList(accounts)}
          </label>`
    }
    <span class="grow"></span>
    <button type="button" class="plain" @click=${actions.cancel}>Cancel <kbd>Esc</kbd></button>
    <button type="submit" class="filled" ?disabled=${!ready}>
      Match ${items === 1 ? '1 item' : `${items} items`}
    </button>
  </div>`;
}

function asMoney(minor: bigint, { digits, currency }: Balance): { amount: string; currency: string } {
  return { amount: decimalOf(minor, digits), currency };
}
