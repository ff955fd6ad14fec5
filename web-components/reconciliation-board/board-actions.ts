import type { CrossfootClient } from '../client/client.ts';
import { failureOf, wasOvertaken, type Failure } from '../client/failure.ts';
import { undoMatch } from '../match-review/decide.operations.ts';
import type { BoardDesk } from './board-desk.ts';
import { bulkTargets, sureEnough, type Bulk } from './board-forms.ts';
import type { BoardCommand } from './board-keys.ts';
import { isOpen, type BoardList } from './board-list.ts';
import type { Change, Decided, Mode } from './board-state.ts';
import { lineNow, type BoardCandidate, type BoardLine, type LineNow } from './board.operations.ts';
import { balanceOf, paymentOf, startShares, type Composition } from './composition.ts';
import {
  acceptAll,
  acceptLines,
  allSuggestions,
  bookLine,
  declineLine,
  matchLines,
  nameOf,
  takeBack,
  type BulkOutcome,
  type Deed,
} from './decisions.ts';
import { ExceptionActions } from './exception-actions.ts';

interface Board {
  readonly list: BoardList;
  readonly desk: BoardDesk;
  readonly draw: () => void;
  /** Fetches what is known of the current line, where it may have changed. */
  readonly look: () => void;
  readonly failed: (thrown: unknown) => Failure;
  readonly decided: (detail: Decided) => void;
  /** Gives the list the focus back. */
  readonly back: () => void;
}

const fewLines = 16;

/**
 * What can be done on the board. A decision shows at once and goes back to what it was, with a plain message, when it is
 * refused; several may be under way, but one for each line.
 */
export class BoardActions {
  client: CrossfootClient | undefined;
  mode: Mode = 'look';
  notice: string | undefined;
  announcement = '';
  /** Whether what is searched for is not found yet. */
  searching = false;
  composition: Composition | undefined;
  /** The id of the field that gets the focus when it is drawn. */
  focus: string | undefined;
  bulk: Bulk = { suggestions: undefined, threshold: sureEnough };
  readonly pending = new Set<string>();
  /** What can be done about the exception of the current line. */
  readonly exceptions = new ExceptionActions({
    client: () => this.client,
    openLine: () => this.#openLine(),
    detailOf: (line) => this.#board.desk.detailOf(line),
    open: (mode) => this.#open(mode),
    leave: () => this.leave(),
    say: (notice) => this.#say(notice),
    tell: (thrown) => this.tell(thrown),
    announce: (said) => (this.announcement = said),
    carryOut: (change) => this.#do(change),
    freshen: async (id) => {
      this.#board.back();
      await this.#freshen([id]);
    },
  });
  readonly #board: Board;
  readonly #deeds: Deed[] = [];
  /** What was sent last and may not be answered yet. */
  #underway: Promise<Deed> | undefined;

  constructor(board: Board) {
    this.#board = board;
  }

  /** What Z takes back next. */
  get last(): Deed | undefined {
    return this.#deeds.at(-1);
  }

  /** Leaves a form without doing anything. */
  leave(): void {
    this.mode = 'look';
    this.notice = undefined;
    this.composition = undefined;
    this.exceptions.proposal = undefined;
  }

  /** Shows what went wrong. */
  tell(thrown: unknown): void {
    const failure = this.#board.failed(thrown);
    this.notice = `${failure.message} ${failure.remedy}`;
    this.#board.draw();
  }

  #say(notice: string): void {
    this.leave();
    this.notice = notice;
    this.#board.draw();
  }

  /** Puts a line in its place as the API has it now, unless a decision about it is on its way; false when it has none. */
  put(line: BoardLine): boolean {
    if (this.pending.has(line.id)) return true;
    return this.#board.list.store.put(line);
  }

  /** Does what a key or button asks for. */
  async run(command: BoardCommand): Promise<void> {
    const actions: Partial<Record<BoardCommand, () => Promise<void> | void>> = {
      accept: () => this.accept(),
      decline: () => this.#startDecline(),
      split: () => this.#startSplit(),
      merge: () => this.#startMerge(),
      book: () => this.#startBooking(),
      bulk: () => this.#startBulk(),
      undo: () => this.undo(),
      help: () => this.#open('help'),
      comment: () => this.exceptions.start('comment'),
      resolve: () => this.exceptions.start('resolve'),
      ask: () => this.exceptions.startAsking(),
      'take-over': () => this.exceptions.takeOver(),
    };
    await actions[command]?.();
  }

  #open(mode: Mode): void {
    this.leave();
    this.mode = mode;
    this.#board.draw();
  }

  /** The current line, when there is something to do about it; says so when there is not. */
  #openLine(): BoardLine | undefined {
    const { line } = this.#board.list;
    if (line && isOpen(line)) return this.pending.has(line.id) ? undefined : line;
    if (line) this.#say(`${nameOf(line)} is done already.`);
    return undefined;
  }

  #suggestedLine(): { line: BoardLine; matchId: string } | undefined {
    const line = this.#openLine();
    if (!line) return undefined;
    if (line.status === 'SUGGESTED' && line.match) return { line, matchId: line.match.id };
    this.#say(`Nothing is suggested for ${nameOf(line)}. Take a candidate by its number, or choose with S.`);
    return undefined;
  }

  /** Accepts the suggestion of the current line, for all the lines it is about. */
  async accept(): Promise<void> {
    const suggested = this.#suggestedLine();
    if (!suggested) return;
    const { matchId } = suggested;
    const lines = this.#board.list.store.all().filter(({ match }) => match?.id === matchId);
    await this.#do({ lines, becomes: 'MATCHED', run: (client) => acceptLines(client, lines, matchId) });
  }

  #startDecline(): void {
    if (this.#suggestedLine()) this.#open('decline');
  }

  /** Declines the suggestion of the current line. */
  async decline(reason: string): Promise<void> {
    const suggested = this.#suggestedLine();
    if (!suggested) return;
    const { line, matchId } = suggested;
    const run = (client: CrossfootClient): Promise<Deed> => declineLine(client, line, { matchId, reason });
    await this.#do({ lines: [line], becomes: 'UNMATCHED', run });
  }

  async #startBooking(): Promise<void> {
    if (!this.#openLine() || !this.client) return;
    await this.#board.desk.lookAtAccounts(this.client).catch((thrown: unknown) => this.#board.failed(thrown));
    this.#open('book');
  }

  /** Books the current line to an account. */
  async book(booking: { accountCode: string; memo: string }): Promise<void> {
    const line = this.#openLine();
    if (!line) return;
    await this.#do({ lines: [line], becomes: 'BOOKED', run: (client) => bookLine(client, line, booking) });
  }

  #startSplit(): void {
    const line = this.#openLine();
    if (!line) return;
    const suggested = line.status === 'SUGGESTED' ? this.#board.desk.detailOf(line)?.matchInFull : undefined;
    this.#compose([line], suggested?.items);
  }

  #startMerge(): void {
    const lines = this.#board.list.markedLines.filter(isOpen);
    if (lines.length < 2)
      return this.#say('Mark at least two lines with Space, or with Shift and J, to merge them.');
    if (new Set(lines.map(({ amount }) => amount.currency)).size > 1)
      return this.#say('Lines of several currencies cannot be merged; mark those of one.');
    return this.#compose(lines);
  }

  /** Starts to share the current line among the items of a candidate. */
  take({ items }: BoardCandidate): void {
    const line = this.#openLine();
    if (line) this.#compose([line], items);
  }

  #compose(lines: readonly BoardLine[], items: BoardCandidate['items'] = []): void {
    this.composition = { lines, shares: startShares(items), search: '', account: '' };
    this.mode = 'compose';
    this.notice = undefined;
    void this.#lookAround();
    this.#board.draw();
  }

  /** Fetches what a composition is made of: what is open, and the accounts for what is left. */
  async #lookAround(): Promise<void> {
    const { client } = this;
    const { desk, draw } = this.#board;
    if (!client) return;
    try {
      await Promise.all([desk.lookAtItems(client), desk.lookAtAccounts(client)]);
      draw();
    } catch (thrown) {
      this.tell(thrown);
    }
  }

  /** Replaces what is being composed; the focus goes to a field where what had it is not there any more. */
  recompose(composition: Composition, focus?: string): void {
    this.composition = composition;
    this.focus = focus;
    this.#board.draw();
  }

  /** Sends what was composed, when it adds up. */
  async sendComposition(): Promise<void> {
    const { composition } = this;
    if (!composition || !balanceOf(composition).ready) return;
    const { lines } = composition;
    const paid = paymentOf(composition);
    await this.#do({ lines, becomes: 'MATCHED', run: (client) => matchLines(client, lines, paid) });
  }

  async #do({ lines, becomes, run }: Change): Promise<void> {
    const { client } = this;
    const { list, draw, back, decided, failed } = this.#board;
    if (!client || lines.length === 0 || lines.some(({ id }) => this.pending.has(id))) return;
    const ids = lines.map(({ id }) => id);
    for (const line of lines) {
      this.pending.add(line.id);
      if (becomes) list.store.put({ ...line, status: becomes });
    }
    list.unmark(ids);
    if (becomes && becomes !== 'UNMATCHED') list.advance();
    this.leave();
    draw();
    back();
    const running = run(client);
    this.#underway = running;
    try {
      const deed = await running;
      this.#deeds.push(deed);
      this.announcement = `${deed.said}.`;
      decided({ verdict: deed.verdict, lines: ids });
    } catch (thrown) {
      const failure = failed(thrown);
      for (const line of lines) list.store.put(line);
      this.notice = `${lines[0] ? nameOf(lines[0]) : ''}: ${plain(failure)}`;
    } finally {
      for (const id of ids) this.pending.delete(id);
    }
    await this.#freshen(ids);
  }

  /** Takes what the API says of lines now; a failure leaves them as they are, the live connection brings them later. */
  async #freshen(ids: readonly string[]): Promise<void> {
    const { client } = this;
    if (!client) return;
    this.#board.desk.forget(ids);
    const answers = await Promise.allSettled(
      ids.slice(0, fewLines).map((id) => client.run<LineNow>(lineNow, { id })),
    );
    for (const answer of answers) {
      if (answer.status === 'fulfilled' && answer.value.statementLine) this.put(answer.value.statementLine);
    }
    this.#board.look();
    this.#board.draw();
  }

  async #startBulk(): Promise<void> {
    const { client } = this;
    if (!client) return;
    this.bulk = { suggestions: undefined, threshold: this.bulk.threshold };
    this.#open('bulk');
    try {
      this.bulk = { ...this.bulk, suggestions: await allSuggestions(client) };
      this.#board.draw();
    } catch (thrown) {
      this.mode = 'look';
      this.tell(thrown);
    }
  }

  /** Chooses from which confidence on, in percent, suggestions are accepted together. */
  chooseThreshold(threshold: number): void {
    this.bulk = { ...this.bulk, threshold };
    this.#board.draw();
  }

  /** Accepts all suggestions from the chosen confidence on. */
  async acceptSure(): Promise<void> {
    const { client } = this;
    const targets = bulkTargets(this.bulk);
    if (!client || targets.length === 0) return;
    const lineIds = targets.flatMap(({ lines }) => lines.map(({ id }) => id));
    this.#progress(0, targets.length);
    const ids = targets.map(({ id }) => id);
    const { done, refused, failure } = await acceptAll(client, ids, (count) =>
      this.#progress(count, ids.length),
    );
    const said = `Accepted ${done.length === 1 ? '1 suggestion' : `${done.length} suggestions`}`;
    if (done.length > 0) this.#deeds.push({ verdict: 'accept', said, lineIds, matchIds: done });
    this.leave();
    this.announcement = `${said}.`;
    if (failure)
      this.notice = `${refused} of ${ids.length} were refused. ${plain(this.#board.failed(failure))}`;
    await this.#after({ verdict: 'accept', lines: lineIds });
  }

  #progress(done: number, of: number): void {
    this.bulk = { ...this.bulk, done, of };
    this.#board.draw();
  }

  async #after(detail: Decided): Promise<void> {
    this.#board.desk.forget(detail.lines);
    this.#board.back();
    this.#board.decided(detail);
    await this.#freshen(detail.lines);
  }

  /** Takes back what was done last. */
  async undo(): Promise<void> {
    const { client } = this;
    // Whoever is quicker than the answer means what is on its way.
    await this.#underway?.catch(() => undefined);
    const deed = this.#deeds.pop();
    if (!deed) return this.#say('Nothing was done here that could be undone.');
    if (deed.lasting !== undefined) return this.#say(`${deed.said}. ${deed.lasting}`);
    if (!client) return undefined;
    const { refused, failure } = await this.#takeBack(client, deed);
    this.announcement = `Undone: ${deed.said}.`;
    if (failure) this.notice = `${refused} could not be undone. ${plain(this.#board.failed(failure))}`;
    this.#board.list.bringBack(deed.lineIds[0]);
    return this.#after({ verdict: 'undo', lines: deed.lineIds });
  }

  /** Takes back the match of the current line, whoever accepted it; it is not suggested again. */
  async takeBack(): Promise<void> {
    const { client } = this;
    const { line } = this.#board.list;
    if (!client || !line?.match || line.status !== 'MATCHED') return;
    this.leave();
    const failure = await client.change(undoMatch, { matchId: line.match.id }).then(
      () => undefined,
      (thrown: unknown) => this.#board.failed(thrown),
    );
    if (failure) this.notice = `${nameOf(line)}: ${plain(failure)}`;
    else this.announcement = `Undone: ${nameOf(line)} is open again.`;
    await this.#after({ verdict: 'undo', lines: [line.id] });
  }

  async #takeBack(client: CrossfootClient, deed: Deed): Promise<BulkOutcome> {
    const { length } = deed.matchIds;
    this.leave();
    if (length > 1) this.mode = 'bulk';
    const outcome = await takeBack(client, deed, (done) => this.#progress(done, length));
    this.leave();
    return outcome;
  }
}

function plain(failure: Failure): string {
  if (wasOvertaken(failure)) return 'somebody else has decided this already.';
  return `${failureOf(failure).message} ${failure.remedy}`;
}
