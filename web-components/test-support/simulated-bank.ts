import { people, type PersonName, type SimulatedMatch } from './simulated-entities.ts';
import { SimulatedExceptions } from './simulated-exceptions.ts';
import {
  refusal,
  type Books,
  type Input,
  type Refusal,
  type SimulatedItem,
  type SimulatedLine,
  type Viewer,
} from './simulated-line.ts';

interface PageArguments {
  readonly status?: string;
  readonly search?: string | null;
  readonly first?: number;
  readonly after?: string | null;
}

/** Whether words of a line, or the digits of its amount, begin with each of these. */
function has(line: SimulatedLine, search: string): boolean {
  const texts = [line['counterpartyName'], line['reference'], line['remittance']].join(' ').toLowerCase();
  const words = texts.split(/[^\p{L}\p{N}]+/u);
  const digits = line.amount.amount.replaceAll(/\D/g, '');
  return search
    .toLowerCase()
    .split(/\s+/)
    .every(
      (word) =>
        words.some((one) => one.startsWith(word)) || digits.startsWith(word.replaceAll(/\D/g, '') || '-'),
    );
}

/** The newest first; of one day, in the order of their ids. */
function byDay(a: SimulatedLine, b: SimulatedLine): number {
  if (a.bookedOn !== b.bookedOn) return a.bookedOn < b.bookedOn ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

const cents = ({ amount }: { readonly amount: string }): number => Math.round(Number(amount) * 100);

/** Bank lines and open items behind the simulated gateway, and what can be done with them by hand. */
export class SimulatedBank {
  lines: SimulatedLine[] = [];
  items: SimulatedItem[] = [];
  /** Whether the summary counts the lines; otherwise it tells of more accounts than are there. */
  counted = false;
  /** Lines whose next decision is refused, and why. */
  readonly refusals = new Map<string, string>();
  /** What needs a person, and what may be done about it. */
  readonly exceptions: SimulatedExceptions;
  readonly #books: Books;
  readonly #runs: Record<string, unknown>[] = [];

  constructor(books: Books) {
    this.#books = books;
    this.exceptions = new SimulatedExceptions(books, {
      lines: () => this.lines,
      isOpen: (line) => this.statusOf(line) === 'EXCEPTION',
      match: (input, by) => this.#match(input, by),
      book: (input, by) => this.#book(input, by),
    });
  }

  /** Tells how far a run of the matcher is. */
  tellRun(facts: {
    id: string;
    done: number;
    total: number;
    suggested: number;
    finishedAt: string | null;
  }): void {
    const run = { accepted: 0, exceptions: 0, ...facts };
    this.#runs.unshift(run);
    this.#books.tell('matchingChanged', facts.finishedAt ? 'finished' : 'progressed', run);
  }

  /** Takes a bank line in. */
  addLine(facts: Record<string, unknown>): SimulatedLine {
    const line = Object.assign(facts, {
      remittance: facts['remittance'] ?? '',
      counterpartyLastFour: '4711',
      bookedAccountCode: null,
      memo: null,
      journalEntry: null,
      exceptionReason: facts['exceptionReason'] ?? null,
      status: () => this.statusOf(line),
      match: () => this.matchOf(line.id) ?? null,
      exception: () => this.exceptionOf(line),
      openItemCandidates: () => this.candidatesOf(line),
    }) as unknown as SimulatedLine;
    this.lines.push(line);
    return line;
  }

  /** The match a line stands in. */
  matchOf(lineId: string): SimulatedMatch | undefined {
    return this.#byLine().get(lineId);
  }

  #byLine(): Map<string, SimulatedMatch> {
    const live = this.#books.matches.filter(({ status }) => status === 'SUGGESTED' || status === 'ACCEPTED');
    return new Map(live.flatMap((match) => (match['lines'] as SimulatedLine[]).map(({ id }) => [id, match])));
  }

  /** How far a line is reconciled. */
  statusOf(line: SimulatedLine, match: SimulatedMatch | undefined = this.matchOf(line.id)): string {
    if (line.bookedAccountCode) return 'BOOKED';
    if (match) return match.status === 'ACCEPTED' ? 'MATCHED' : 'SUGGESTED';
    return line.exceptionReason ? 'EXCEPTION' : 'UNMATCHED';
  }

  /** What needs a person about a line. */
  exceptionOf(line: SimulatedLine): object | null {
    return this.exceptions.of(line);
  }

  /** Items of the party of a line, alone and all together, then those of its amount. */
  candidatesOf(line: SimulatedLine): object[] {
    const own = this.items.filter(
      ({ counterpartyName, open }) => counterpartyName === line['counterpartyName'] && cents(open) !== 0,
    );
    const candidate = (items: readonly SimulatedItem[], reason: string): object => {
      const rest = cents(line.amount) - items.reduce((sum, { open }) => sum + cents(open), 0);
      return {
        score: rest === 0 ? '0.9' : '0.5',
        reason,
        difference: rest === 0 ? null : { amount: (rest / 100).toFixed(2), currency: 'EUR' },
        items: items.map((openItem) => ({ applied: openItem.open, openItem })),
        evidence: [],
      };
    };
    return [
      ...(own.length > 2 ? [candidate(own, 'All that is open with this party')] : []),
      ...own.map((item) => candidate([item], 'Open with this party')),
      ...this.items
        .filter((item) => !own.includes(item) && cents(item.open) === cents(line.amount))
        .map((item) => candidate([item], 'The same amount')),
    ];
  }

  /** How many lines are in which state. */
  counts(): Record<string, number> {
    const byLine = this.#byLine();
    const counts: Record<string, number> = {};
    for (const line of this.lines) {
      const status = this.statusOf(line, byLine.get(line.id));
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  #page({ status, search, first = 50, after }: PageArguments): object {
    const byLine = this.#byLine();
    const all = this.lines
      .filter((line) => !status || this.statusOf(line, byLine.get(line.id)) === status)
      .filter((line) => !search || has(line, search))
      .toSorted(byDay);
    return pageOf(
      all.map((line) => ({
        ...line,
        status: this.statusOf(line, byLine.get(line.id)),
        match: byLine.get(line.id) ?? null,
      })),
      { first, after },
    );
  }

  /** The root fields of the bank side. */
  roots(): Record<string, (args: Input & { input: Input }, context: Viewer) => unknown> {
    return {
      statementLines: (args) => this.#page(args as object),
      statementLine: ({ id }) => this.lines.find((line) => line.id === id) ?? null,
      ...this.exceptions.roots(),
      matchingRun: ({ id }) => this.#runs.find((run) => run['id'] === id) ?? null,
      openItems: ({ first, after }) =>
        pageOf(
          this.items.filter(({ open }) => cents(open) !== 0),
          { first: Number(first ?? 50), after: after as string | null },
        ),
      matchManually: ({ input }, { viewer }) => this.#match(input, viewer),
      bookStatementLine: ({ input }, { viewer }) => this.#book(input, viewer),
      declinedPairs: ({ first, after }) =>
        pageOf(
          this.declined.map((match) => ({ id: `pair_${match.id}`, match })),
          { first: Number(first ?? 50), after: after as string | null },
        ),
      withdrawDeclinedPair: ({ input }, { viewer }) => this.#suggestAgain(input, viewer),
      acceptMatches: ({ input }, { viewer }) => this.#each('acceptMatch', input, viewer),
      undoMatches: ({ input }, { viewer }) => this.#each('undoMatch', input, viewer),
    };
  }

  /** One decision for many matches; those refused are told of. */
  #each(command: string, input: Input, by: PersonName): object {
    this.#books.calls.push({
      command: command === 'acceptMatch' ? 'acceptMatches' : 'undoMatches',
      by,
      input,
    });
    const ids = input['matchIds'] as string[];
    const results = ids.map((matchId) => this.#books.decideMatch(command, { matchId }, by));
    return {
      matches: results.flatMap(({ match }) => (match ? [match] : [])),
      errors: results.flatMap(({ errors }) => errors),
    };
  }

  /** What somebody said no to: pairs that are not suggested together. */
  get declined(): SimulatedMatch[] {
    return this.#books.matches.filter(({ status }) => status === 'DECLINED' || status === 'UNDONE');
  }

  /** As if the matcher had run at once: the match is suggested as it was. */
  #suggestAgain(input: Input, by: PersonName): object {
    this.#books.calls.push({ command: 'withdrawDeclinedPair', by, input });
    const match = this.declined.find(({ id }) => `pair_${id}` === input['declinedPairId']);
    if (!match) return refusal('NOT_FOUND', 'There is no such pair.');
    match.status = match['method'] === 'manual' ? 'WITHDRAWN' : 'SUGGESTED';
    this.#books.tell('matchChanged', 'suggested', match);
    return { withdrawn: true, errors: [] };
  }

  #open(ids: readonly string[]): SimulatedLine[] | Refusal {
    const lines = this.lines.filter(({ id }) => ids.includes(id));
    const refused = lines.map(({ id }) => this.refusals.get(id)).find(Boolean);
    if (refused) return refusal('FIELD_INVALID', refused);
    const done = lines.some((line) => ['MATCHED', 'BOOKED'].includes(this.statusOf(line)));
    return done ? refusal('STATE_CONFLICT', 'It has been decided.') : lines;
  }

  #match(input: Input, by: PersonName): unknown {
    this.#books.calls.push({ command: 'matchManually', by, input });
    const lines = this.#open(input['lineIds'] as string[]);
    if (!Array.isArray(lines)) return lines;
    const paid = (
      input['applied'] as {
        openItemId: string;
        amount: { readonly amount: string; readonly currency: string };
      }[]
    ).map(({ openItemId, amount }) => ({
      openItem: this.items.find(({ id }) => id === openItemId)!,
      applied: amount,
    }));
    const total = (all: readonly { readonly amount: string }[]): number =>
      all.reduce((sum, money) => sum + cents(money), 0);
    const difference = total(lines.map(({ amount }) => amount)) - total(paid.map(({ applied }) => applied));
    if (difference !== 0 && !input['differenceAccountCode'])
      return refusal('AMOUNTS_DIFFER', 'The items do not come to what the lines come to.');
    for (const { openItem, applied } of paid) {
      openItem.open = {
        ...openItem.open,
        amount: ((cents(openItem.open) - cents(applied)) / 100).toFixed(2),
      };
    }
    const match = {
      id: `mt_manual_${this.#books.matches.length}`,
      status: 'ACCEPTED',
      method: 'manual',
      confidence: '1',
      automatic: false,
      createdAt: new Date().toISOString(),
      decidedAt: new Date().toISOString(),
      decidedBy: people[by],
      difference: { amount: (difference / 100).toFixed(2), currency: 'EUR' },
      lines,
      items: paid,
      evidence: [],
      rivals: [],
    };
    this.#withdraw(lines);
    this.#books.matches.push(match);
    this.#books.tell('matchChanged', 'accepted', match);
    return { match, errors: [] };
  }

  #withdraw(lines: readonly SimulatedLine[]): void {
    const ids = new Set(lines.map(({ id }) => id));
    for (const match of this.#books.matches) {
      if (match.status === 'SUGGESTED' && (match['lines'] as SimulatedLine[]).some(({ id }) => ids.has(id)))
        match.status = 'WITHDRAWN';
    }
  }

  #book(input: Input, by: PersonName): unknown {
    this.#books.calls.push({ command: 'bookStatementLine', by, input });
    const lines = this.#open([String(input['lineId'])]);
    if (!Array.isArray(lines)) return lines;
    const [line] = lines;
    if (!line) return refusal('NOT_FOUND', 'There is no such line.');
    this.#withdraw(lines);
    line.bookedAccountCode = String(input['accountCode']);
    line.memo = (input['memo'] as string | undefined) ?? null;
    line['journalEntry'] = { id: `je_${line.id}`, number: 'JE-2026-000712' };
    this.#books.tell('journalEntryChanged', 'posted', line['journalEntry']);
    return { line, errors: [] };
  }
}

/** A page of a connection whose cursors are places. */
export function pageOf(
  all: readonly unknown[],
  { first, after }: { first: number; after?: string | null | undefined },
): object {
  const start = after ? Number(after) : 0;
  const nodes = all.slice(start, start + first);
  const end = start + nodes.length;
  return {
    totalCount: all.length,
    pageInfo: { endCursor: nodes.length > 0 ? end.toString() : null, hasNextPage: end < all.length },
    edges: nodes.map((node) => ({ node })),
  };
}
