import { html, nothing, type TemplateResult } from 'lit';
import { map } from 'lit/directives/map.js';
import { range } from 'lit/directives/range.js';
import { ref } from 'lit/directives/ref.js';
import { formatMoney, sumPerCurrency } from '../base/format.ts';
import { emptyState } from '../base/states.ts';
import { icon } from '../theme/icons.ts';
import { bulkForm } from './board-forms.ts';
import { toolbar } from './board-frame.ts';
import { keyHelp } from './board-keys.ts';
import type { StatusCounts } from './board-list.ts';
import type { BoardParts } from './board-parts.ts';
import type { BoardLine } from './board.operations.ts';
import { lineRow } from './line-rows.ts';
import { sideView } from './side-view.ts';

/** All of the board below its title. */
export function boardView(parts: BoardParts, counts: StatusCounts): TemplateResult {
  const { list, actions, locale, onKey, choose, find, leave } = parts;
  const { filter, search, store } = list;
  const found = search === '' || actions.searching ? undefined : store.total;
  return html`${toolbar({ filter, counts, search, found, locale, choose, find })}
    <div class="board" @keydown=${onKey}>${lineList(parts)} ${sideView(parts)}</div>
    <footer class="panel-footer" part="footer" @keydown=${onKey}>${footer(parts)}</footer>
    <p class="unseen" role="status">${actions.announcement}</p>
    ${actions.mode === 'help' ? keyHelp(leave) : nothing}`;
}

function lineList({ list, actions, window, locale, onClick }: BoardParts): TemplateResult {
  const { first, last } = window.range;
  const active = list.indexOf(list.current);
  const drawn = active >= first && active < last;
  const rows = map(range(first, last), (index) => {
    const line = list.at(index);
    return lineRow(line, {
      index,
      count: list.count,
      current: line !== undefined && line.id === list.current,
      marked: line !== undefined && list.isMarked(line.id),
      pending: line !== undefined && actions.pending.has(line.id),
      locale,
    });
  });
  return html`<div
    class="lines"
    part="lines"
    role="listbox"
    tabindex="0"
    aria-label="Bank lines"
    aria-multiselectable="true"
    aria-activedescendant=${drawn ? `line-${active}` : nothing}
    @click=${onClick}
    ${ref(window.bind)}
  >
    <div class="spacer" role="presentation"><div class="block" role="presentation">${rows}</div></div>
    ${list.count === 0 ? noLines(list.search) : nothing}
  </div>`;
}

function noLines(search: string): TemplateResult {
  if (search)
    return emptyState({
      emblem: 'search',
      title: 'Nothing found',
      text: 'Try fewer words, or the first digits of an amount.',
    });
  return emptyState({
    emblem: 'check',
    title: 'All clear',
    text: 'New bank lines appear here by themselves.',
  });
}

/** A book without bank lines. */
export function emptyBoard(): TemplateResult {
  return emptyState({
    emblem: 'bank',
    title: 'No bank lines yet',
    text: 'They appear here by themselves when a statement comes.',
  });
}

function footer(parts: BoardParts): TemplateResult {
  const { actions, list, locale, leave } = parts;
  if (actions.mode === 'bulk') {
    return bulkForm({
      bulk: actions.bulk,
      locale,
      choose: (threshold) => actions.chooseThreshold(threshold),
      send: () => void actions.acceptSure(),
      cancel: leave,
    });
  }
  const { markedLines } = list;
  const said = actions.notice
    ? html`<p class="notice warn small" role="alert">${icon('warning')}<span>${actions.notice}</span></p>`
    : nothing;
  return html`${said}${markedLines.length > 0 ? marked(parts, markedLines) : tools(parts)}`;
}

function marked({ locale, leave, run }: BoardParts, lines: readonly BoardLine[]): TemplateResult {
  const sums = sumPerCurrency(lines.map(({ amount }) => amount)).map((sum) => formatMoney(sum, locale));
  return html`<span class="small grow figures"
      ><span class="strong">${lines.length} marked</span>
      <span class="muted">${sums.join(' and ')}</span></span
    >
    <button type="button" class="plain" @click=${leave}>Clear <kbd>Esc</kbd></button>
    <button type="button" class="filled" @click=${() => run('merge')}>Merge <kbd>M</kbd></button>`;
}

function tools({ actions, run }: BoardParts): TemplateResult {
  const { last, announcement } = actions;
  return html`<span class="small muted grow clip">${announcement}</span>
    <button type="button" class="plain" ?disabled=${!last} @click=${() => run('undo')}>
      ${icon('undo', 14)} Undo <kbd>Z</kbd>
    </button>
    <button type="button" class="plain" @click=${() => run('bulk')}>
      ${icon('spark', 14)} Accept all sure <kbd>U</kbd>
    </button>
    <button type="button" class="plain" @click=${() => run('help')}>Keys <kbd>?</kbd></button>`;
}
