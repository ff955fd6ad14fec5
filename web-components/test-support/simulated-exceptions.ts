import { people, type PersonName } from './simulated-entities.ts';
import { refusal, type Books, type Input, type SimulatedLine, type Viewer } from './simulated-line.ts';

/** A way out of an exception as the simulated gateway keeps it. */
export interface SimulatedWay {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly [field: string]: unknown;
}

/** What is known of the exception of a line beside its reason. */
export interface ExceptionFacts {
  severity: string;
  detail: string;
  dueAt: string;
  followUpOn: string | null;
  escalatedAt: string | null;
  sameAs: number;
  knowledgeNote: string | null;
  owner: { id: string; name: string } | null;
  comments: { id: string; kind: string; text: string; authorName: string; writtenAt: string }[];
  proposals: SimulatedWay[];
}

interface Bank {
  readonly lines: () => readonly SimulatedLine[];
  readonly isOpen: (line: SimulatedLine) => boolean;
  readonly match: (input: Input, by: PersonName) => unknown;
  readonly book: (input: Input, by: PersonName) => unknown;
}

/** An hour, in milliseconds. */
export const hour = 3_600_000;

function usual(): ExceptionFacts {
  return {
    severity: 'MEDIUM',
    detail: 'Two open items have the same amount.',
    dueAt: new Date(Date.now() + 8 * hour).toISOString(),
    followUpOn: null,
    escalatedAt: null,
    sameAs: 0,
    knowledgeNote: null,
    owner: people.ravi,
    comments: [],
    proposals: [],
  };
}

/** Exceptions of lines behind the simulated gateway. */
export class SimulatedExceptions {
  readonly #facts = new Map<string, ExceptionFacts>();
  readonly #books: Books;
  readonly #bank: Bank;

  constructor(books: Books, bank: Bank) {
    this.#books = books;
    this.#bank = bank;
  }

  /** Says what is special about the exception of a line. */
  describe(lineId: string, facts: Partial<ExceptionFacts>): void {
    this.#facts.set(lineId, { ...usual(), ...facts });
  }

  /** What is known of the exception of a line. */
  factsOf(lineId: string): ExceptionFacts {
    const known = this.#facts.get(lineId) ?? usual();
    this.#facts.set(lineId, known);
    return known;
  }

  /** The exception of a line, open or not. */
  of(line: SimulatedLine): object | null {
    if (!line.exceptionReason) return null;
    const open = this.#bank.isOpen(line);
    const facts = this.factsOf(line.id);
    return {
      id: `ex_${line.id}`,
      status: open ? 'OPEN' : 'RESOLVED',
      reason: line.exceptionReason,
      proposedResolution: 'Choose the one that was paid.',
      ...facts,
      proposals: open
        ? facts.proposals.map((way) => ({
            accountCode: null,
            memo: null,
            message: null,
            followUpOn: null,
            items: [],
            vendor: null,
            rule: null,
            ...way,
          }))
        : [],
      line,
    };
  }

  #lineOf(exceptionId: unknown): SimulatedLine | undefined {
    return this.#bank.lines().find(({ id }) => `ex_${id}` === exceptionId);
  }

  /** The root fields about exceptions. */
  roots(): Record<string, (args: Input & { input: Input }, context: Viewer) => unknown> {
    return {
      exception: ({ id }) => {
        const line = this.#lineOf(id);
        return line ? this.of(line) : null;
      },
      viewer: (_args, { viewer }) => ({ member: people[viewer] }),
      applyResolution: ({ input }, { viewer }) =>
        this.#change('applyResolution', { input, by: viewer }, (line) => this.#apply(line, input, viewer)),
      resolveException: ({ input }, { viewer }) =>
        this.#change('resolveException', { input, by: viewer }, (line) => {
          line.exceptionReason = null;
        }),
      commentException: ({ input }, { viewer }) =>
        this.#change('commentException', { input, by: viewer }, (line) =>
          this.#say(line, { kind: 'COMMENT', text: String(input['text']), by: viewer }),
        ),
      assignException: ({ input }, { viewer }) =>
        this.#change('assignException', { input, by: viewer }, (line) => {
          const member = Object.values(people).find(({ id }) => id === input['memberId']);
          this.factsOf(line.id).owner = member ?? null;
        }),
      declineRuleProposal: ({ input }, { viewer }) => {
        this.#books.calls.push({ command: 'declineRuleProposal', by: viewer, input });
        for (const facts of this.#facts.values())
          facts.proposals = facts.proposals.filter(({ kind }) => kind !== 'MAKE_RULE');
        return { proposals: [], errors: [] };
      },
    };
  }

  #change(
    command: string,
    { input, by }: { input: Input; by: PersonName },
    change: (line: SimulatedLine) => unknown,
  ): object {
    this.#books.calls.push({ command, by, input });
    const line = this.#lineOf(input['exceptionId']);
    if (!line) return refusal('NOT_FOUND', 'There is no such exception.');
    if (!this.#bank.isOpen(line)) return refusal('STATE_CONFLICT', 'The exception is resolved already');
    const refused = change(line) as { errors?: readonly unknown[] } | undefined;
    if (refused?.errors?.length) return refused;
    const exception = this.of(line);
    this.#books.tell('exceptionChanged', command, exception ?? { id: `ex_${line.id}` });
    return {
      exception: exception ?? { ...usual(), id: `ex_${line.id}`, status: 'RESOLVED', line },
      errors: [],
    };
  }

  #say(line: SimulatedLine, { kind, text, by }: { kind: string; text: string; by: PersonName }): void {
    const { comments } = this.factsOf(line.id);
    const writtenAt = new Date().toISOString();
    comments.push({
      id: `exc_${line.id}_${comments.length}`,
      kind,
      text,
      authorName: people[by].name,
      writtenAt,
    });
  }

  #apply(line: SimulatedLine, input: Input, by: PersonName): unknown {
    const facts = this.factsOf(line.id);
    const way = facts.proposals.find(({ id }) => id === input['proposalId']);
    if (!way)
      return refusal('STATE_CONFLICT', 'The exception does not propose this; the books may have changed');
    const accountCode = input['accountCode'] ?? way['accountCode'];
    if (way.kind === 'ASK') {
      this.#say(line, { kind: 'QUESTION', text: String(input['message']), by });
      facts.followUpOn = String(input['followUpOn']);
      facts.dueAt = `${facts.followUpOn}T17:00:00Z`;
    } else if (way.kind === 'RESOLVE') {
      line.exceptionReason = null;
    } else if (way.kind === 'MATCH' || way.kind === 'SPLIT') {
      const items = way['items'] as { applied: unknown; openItem: { id: string } }[];
      const applied = items.map((item) => ({ openItemId: item.openItem.id, amount: item.applied }));
      return this.#bank.match({ lineIds: [line.id], applied, differenceAccountCode: accountCode }, by);
    } else {
      return this.#bank.book({ lineId: line.id, accountCode, memo: way['memo'] }, by);
    }
    return undefined;
  }
}
