import type { CrossfootClient } from '../client/client.ts';
import {
  boardViewer,
  type BoardLine,
  type BoardViewer,
  type LineDetail,
  type LineException,
  type LineStatus,
  type Proposal,
} from './board.operations.ts';
import type { Change, Mode } from './board-state.ts';
import { nameOf } from './decisions.ts';
import {
  applyProposal,
  closeWithWords,
  giveTo,
  refuseRule,
  sayAbout,
  type ProposalChanges,
} from './exception-decisions.ts';

/** What the actions about exceptions need of the board around them. */
interface Around {
  readonly client: () => CrossfootClient | undefined;
  /** The current line, when there is something to do about it; says so when there is not. */
  readonly openLine: () => BoardLine | undefined;
  readonly detailOf: (line: BoardLine) => LineDetail | undefined;
  readonly open: (mode: Mode) => void;
  readonly leave: () => void;
  readonly say: (notice: string) => void;
  readonly tell: (thrown: unknown) => void;
  readonly announce: (said: string) => void;
  readonly carryOut: (change: Change) => Promise<void>;
  /** Looks at a line again. */
  readonly freshen: (lineId: string) => Promise<void>;
}

/** How a line looks while a way out is carried out; asking leaves it where it is. */
const becomes: Partial<Record<Proposal['kind'], LineStatus>> = {
  MATCH: 'MATCHED',
  SPLIT: 'MATCHED',
  BOOK: 'BOOKED',
  MAKE_RULE: 'BOOKED',
  RESOLVE: 'UNMATCHED',
};

interface Concerned {
  readonly line: BoardLine;
  readonly exception: LineException;
}

/** What can be done about the exception of the current line. */
export class ExceptionActions {
  /** The way out a form asks about. */
  proposal: Proposal | undefined;
  readonly #around: Around;
  #viewer: Promise<BoardViewer['viewer']['member']> | undefined;

  constructor(around: Around) {
    this.#around = around;
  }

  /** Carries a way out out, or first asks what it needs to know: the words of a question, an account, a yes to a rule. */
  async take(proposal: Proposal): Promise<void> {
    const { kind, accountCode, rule } = proposal;
    if (kind === 'ASK') this.#ask('ask', proposal);
    else if (kind === 'MAKE_RULE' && rule) this.#ask('rule', proposal);
    else if (kind === 'BOOK' && accountCode === null) this.#ask('account', proposal);
    else await this.apply(proposal);
  }

  #ask(mode: Mode, proposal: Proposal): void {
    if (!this.#around.openLine()) return;
    this.#around.open(mode);
    this.proposal = proposal;
  }

  /** Carries a way out out, as it stands or changed. */
  async apply(proposal: Proposal, changes: ProposalChanges = {}): Promise<void> {
    const concerned = this.#concerned();
    if (!concerned) return;
    const { line, exception } = concerned;
    const state = becomes[proposal.kind];
    await this.#around.carryOut({
      lines: [line],
      ...(state ? { becomes: state } : {}),
      run: (client) => applyProposal(client, line, { exception, proposal, changes }),
    });
  }

  /** The current line and what needs a person about it; says so when nothing does. */
  #concerned(): Concerned | undefined {
    const line = this.#around.openLine();
    if (!line) return undefined;
    const exception = this.#around.detailOf(line)?.exceptionInFull;
    if (exception?.status === 'OPEN') return { line, exception };
    this.#around.say(`${nameOf(line)} has no exception. Match it, or create an entry.`);
    return undefined;
  }

  /** Opens a form about the exception of the current line. */
  start(mode: 'comment' | 'resolve'): void {
    if (this.#concerned()) this.#around.open(mode);
  }

  /** Opens the form for asking the other side. */
  startAsking(): void {
    const question = this.#concerned()?.exception.proposals.find(({ kind }) => kind === 'ASK');
    if (question) this.#ask('ask', question);
  }

  /** Closes the exception of the current line with words. */
  async resolve(resolution: string): Promise<void> {
    const concerned = this.#concerned();
    if (!concerned) return;
    const { line, exception } = concerned;
    await this.#around.carryOut({
      lines: [line],
      ...(line.status === 'EXCEPTION' ? { becomes: 'UNMATCHED' } : {}),
      run: (client) => closeWithWords(client, line, { exceptionId: exception.id, resolution }),
    });
  }

  /** Says something about the exception of the current line. */
  async comment(text: string): Promise<void> {
    await this.#quietly((client, { exception }) => sayAbout(client, exception.id, text), 'Commented on');
  }

  /** Makes whoever is at work look after the exception of the current line. */
  async takeOver(): Promise<void> {
    const concerned = this.#concerned();
    const client = this.#around.client();
    if (!concerned || !client) return;
    const me = await (this.#viewer ??= viewerOf(client)).catch(() => undefined);
    if (!me) {
      this.#viewer = undefined;
      return this.#around.say('This session belongs to no person who could look after it.');
    }
    if (concerned.exception.owner?.id === me.id) return this.#around.say('You look after it already.');
    await this.#quietly((own, { exception }) => giveTo(own, exception.id, me.id), 'You look after');
  }

  /** Says no to the rule a form asks about, for good. */
  async refuseRule(): Promise<void> {
    const rule = this.proposal?.rule;
    if (rule) await this.#quietly((client) => refuseRule(client, rule.id), 'No rule is made of lines like');
  }

  /** Does what changes nothing about the state of the line. */
  async #quietly(
    run: (client: CrossfootClient, concerned: Concerned) => Promise<void>,
    said: string,
  ): Promise<void> {
    const concerned = this.#concerned();
    const client = this.#around.client();
    if (!concerned || !client) return;
    this.#around.leave();
    try {
      await run(client, concerned);
      this.#around.announce(`${said} ${nameOf(concerned.line)}.`);
    } catch (thrown) {
      this.#around.tell(thrown);
    }
    await this.#around.freshen(concerned.line.id);
  }
}

async function viewerOf(client: CrossfootClient): Promise<BoardViewer['viewer']['member']> {
  const { viewer } = await client.run<BoardViewer>(boardViewer);
  return viewer.member;
}
