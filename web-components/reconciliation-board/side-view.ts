import { html, nothing, type TemplateResult } from 'lit';
import { emptyState } from '../base/states.ts';
import { bookForm, declineForm } from './board-forms.ts';
import { actionBar, candidateList } from './board-frame.ts';
import { isOpen } from './board-list.ts';
import type { BoardParts } from './board-parts.ts';
import type { BoardLine } from './board.operations.ts';
import { composeView } from './compose-view.ts';
import { shareOut, type Composition } from './composition.ts';
import { bookedCard, lineHead, matchCard } from './line-detail.ts';

/** The side beside the list: the line with what it may settle, or the items it is being shared among. */
export function sideView(parts: BoardParts): TemplateResult {
  const { line } = parts.list;
  const { composition, mode } = parts.actions;
  return html`<div class="side-pane" part="detail">
    ${mode === 'compose' && composition ? compose(parts, composition) : line ? look(parts, line) : noLine()}
  </div>`;
}

function noLine(): TemplateResult {
  return emptyState({ emblem: 'link', title: 'No line chosen', text: 'Choose one to see what it settles.' });
}

function look(parts: BoardParts, line: BoardLine): TemplateResult {
  const { desk, locale, take } = parts;
  const detail = desk.detailOf(line);
  const match = detail?.matchInFull;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The line and what it may settle">
      ${lineHead(line, detail, locale)} ${match && line.match ? matchCard(match, line, locale) : nothing}
      ${detail && line.status === 'BOOKED' ? bookedCard(detail) : nothing}
      ${detail && isOpen(line) ? candidateList({ candidates: desk.candidatesOf(line), line, locale, take }) : nothing}
    </div>
    ${action(parts, line)}`;
}

function action({ actions, desk, locale, accounts, leave }: BoardParts, line: BoardLine): TemplateResult {
  if (actions.mode === 'decline') {
    return declineForm({ line, cancel: leave, send: (reason) => void actions.decline(reason) });
  }
  if (actions.mode === 'book') {
    return bookForm({
      line,
      locale,
      cancel: leave,
      accounts: desk.accounts(accounts),
      usual: desk.usualAccount(line),
      send: (booking) => void actions.book(booking),
    });
  }
  return actionBar({
    line,
    busy: actions.pending.has(line.id),
    undoable: line.status === 'MATCHED' && line.match !== null,
    act: (what) => void (what === 'take-back' ? actions.takeBack() : actions.run(what)),
  });
}

function compose(
  { actions, desk, accounts, locale, leave }: BoardParts,
  composition: Composition,
): TemplateResult {
  const [line] = composition.lines;
  const { search, shares } = composition;
  const likely = line ? desk.itemsFor(line) : [];
  const change = (changed: Partial<Composition>): void => actions.recompose({ ...composition, ...changed });
  return composeView({
    composition,
    offered: search ? desk.itemsWith(search) : likely,
    searched: search ? desk.searched : '',
    accounts: desk.accounts(accounts),
    locale,
    actions: {
      search: (text) => change({ search: text.trim() }),
      take: (item) => actions.recompose(shareOut(composition, item), `share-${item.id}`),
      drop: (id) =>
        actions.recompose(
          { ...composition, shares: shares.filter(({ item }) => item.id !== id) },
          'find-item',
        ),
      type: (id, typed) =>
        change({ shares: shares.map((share) => (share.item.id === id ? { ...share, typed } : share)) }),
      account: (code) => change({ account: code.trim() }),
      send: () => void actions.sendComposition(),
      cancel: leave,
    },
  });
}
