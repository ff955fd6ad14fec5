import { html, nothing, type TemplateResult } from 'lit';
import { emptyState } from '../base/states.ts';
import { bookForm, declineForm } from './board-forms.ts';
import { actionBar, candidateList } from './board-frame.ts';
import { isOpen } from './board-list.ts';
import type { BoardParts } from './board-parts.ts';
import type { BoardLine } from './board.operations.ts';
import { composeView } from './compose-view.ts';
import { nameOf } from './decisions.ts';
import { exceptionCard } from './exception-card.ts';
import { accountForm, askForm, ruleForm, wordsForm } from './exception-forms.ts';
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
  const exception = desk.exceptionOf(line);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The line and what it may settle">
      ${lineHead(line, detail, locale)} ${match && line.match ? matchCard(match, line, locale) : nothing}
      ${detail && line.status === 'BOOKED' ? bookedCard(detail) : nothing}
      ${
        exception
          ? exceptionCard({
              exception,
              line,
              locale,
              busy: parts.actions.pending.has(line.id),
              take,
              act: (what) => void parts.actions.run(what),
            })
          : nothing
      }
      ${
        detail && isOpen(line)
          ? candidateList({
              candidates: desk.candidatesOf(line),
              line,
              locale,
              after: exception?.proposals.length ?? 0,
              take,
            })
          : nothing
      }
    </div>
    ${action(parts, line)}`;
}

function action(parts: BoardParts, line: BoardLine): TemplateResult {
  const { actions, desk, locale, accounts, leave } = parts;
  const asked = exceptionForm(parts, line);
  if (asked) return asked;
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
    offered: (desk.exceptionOf(line)?.proposals.length ?? 0) > 0,
    undoable: line.status === 'MATCHED' && line.match !== null,
    act: (what) => void (what === 'take-back' ? actions.takeBack() : actions.run(what)),
  });
}

/** What is asked about the exception of a line; undefined when nothing is. */
function exceptionForm(
  { actions, desk, locale, accounts, leave }: BoardParts,
  line: BoardLine,
): TemplateResult | undefined {
  const { exceptions, mode } = actions;
  const { proposal } = exceptions;
  if (mode === 'comment') {
    const label = `What is to be known about ${nameOf(line)}?`;
    const send = (text: string): void => void exceptions.comment(text);
    return wordsForm({ id: 'comment', label, button: 'Comment', send, cancel: leave });
  }
  if (mode === 'resolve') {
    const label = `How was ${nameOf(line)} dealt with?`;
    const send = (text: string): void => void exceptions.resolve(text);
    return wordsForm({ id: 'resolution', label, button: 'Close the exception', send, cancel: leave });
  }
  if (!proposal) return undefined;
  if (mode === 'ask') {
    const send = (question: { message: string; followUpOn: string }): void =>
      void exceptions.apply(proposal, question);
    return askForm({ proposal, line, send, cancel: leave });
  }
  if (mode === 'account') {
    return accountForm({
      proposal,
      line,
      locale,
      accounts: desk.accounts(accounts),
      usual: desk.usualAccount(line),
      send: (accountCode) => void exceptions.apply(proposal, { accountCode }),
      cancel: leave,
    });
  }
  if (mode !== 'rule' || !proposal.rule) return undefined;
  return ruleForm({
    rule: proposal.rule,
    locale,
    send: () => void exceptions.apply(proposal),
    refuse: () => void exceptions.refuseRule(),
    cancel: leave,
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
