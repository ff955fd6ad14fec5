import type { Connection, Money } from '../client/values.ts';

const row = `id bookedOn counterpartyName reference remittance status amount { amount currency }
  match { id confidence } exception { id status reason dueAt }`;
const item = `id kind label reference counterpartyName dueOn amount { amount currency } open { amount currency }`;
const match = `id status method confidence automatic decidedAt difference { amount currency }
  decidedBy { id name }
  lines { id counterpartyName amount { amount currency } }
  items { applied { amount currency } openItem { ${item} } }
  evidence { signal score detail } rivals { itemLabel confidence reason }`;

const exception = `id status reason severity detail proposedResolution dueAt followUpOn escalatedAt sameAs knowledgeNote
  owner { id name }
  comments { id kind text authorName writtenAt }
  proposals {
    id kind label accountCode memo message followUpOn
    items { applied { amount currency } openItem { id label open { amount currency } } }
    vendor { id name }
    rule {
      id takes total accountCode memo upTo { amount currency } backTest { right wrong none }
      lines { id bookedOn counterpartyName bookedAccountCode amount { amount currency } }
    }
  }`;

/** A page of the bank lines of the book. */
export const boardLines = `query BoardLines(
  $book: ID!, $status: StatementLineStatus, $account: ID, $search: String, $first: Int!, $after: String
) {
  statementLines(
    bookId: $book, status: $status, bankAccountId: $account, search: $search, first: $first, after: $after
  ) {
    totalCount
    pageInfo { endCursor hasNextPage }
    edges { node { ${row} } }
  }
}`;

/** How many lines of each account are in which state. */
export const boardCounts = `query BoardCounts($book: ID!) {
  reconciliationSummary(bookId: $book) {
    bankAccount { id name }
    unmatched suggested matched exceptions booked
  }
}`;

/** A line with all that is known of it. */
export const lineInFull = `query LineInFull($id: ID!) {
  statementLine(id: $id) {
    ${row}
    valueOn counterpartyLastFour memo bookedAccountCode
    journalEntry { id number }
    statement { id bankAccount { id name ibanLastFour } }
    exceptionInFull: exception { ${exception} }
    matchInFull: match { ${match} }
    openItemCandidates(first: 9) {
      score reason difference { amount currency }
      items { applied { amount currency } openItem { ${item} } }
      evidence { signal score detail }
    }
  }
}`;

/** A line as it stands now. */
export const lineNow = `query LineNow($id: ID!) { statementLine(id: $id) { ${row} } }`;

/** The lines of a match as they stand now. */
export const linesOfMatch = `query LinesOfMatch($id: ID!) { match(id: $id) { id lines { ${row} } } }`;

/** The line of an exception as it stands now. */
export const lineOfException = `query LineOfException($id: ID!) { exception(id: $id) { id line { ${row} } } }`;

/** Who is at work. */
export const boardViewer = `query BoardViewer { viewer { member { id name } } }`;

/** How far a run of the matcher is. */
export const matchingProgress = `query MatchingProgress($id: ID!) {
  matchingRun(id: $id) { id done total accepted suggested exceptions finishedAt }
}`;

/** A page of what is open in the book. */
export const boardItems = `query BoardItems($book: ID!, $after: String) {
  openItems(bookId: $book, first: 500, after: $after) {
    totalCount
    pageInfo { endCursor hasNextPage }
    edges { node { ${item} } }
  }
}`;

/** A page of the suggestions of the book. */
export const boardSuggestions = `query BoardSuggestions($book: ID!, $after: String) {
  matches(bookId: $book, status: SUGGESTED, first: 500, after: $after) {
    totalCount
    pageInfo { endCursor hasNextPage }
    edges { node { id confidence lines { id amount { amount currency } } } }
  }
}`;

/** A page of what is not suggested together any more. */
export const declinedPairs = `query DeclinedPairs($book: ID!, $after: String) {
  declinedPairs(bookId: $book, first: 500, after: $after) {
    totalCount
    pageInfo { endCursor hasNextPage }
    edges { node { id match { id } } }
  }
}`;

/** Accounts lines were booked to before. */
export const bookedLines = `query BookedLines($book: ID!) {
  statementLines(bookId: $book, status: BOOKED, first: 100) {
    edges { node { id counterpartyName bookedAccountCode memo } }
  }
}`;

/** How far a bank line is reconciled. */
export type LineStatus = 'UNMATCHED' | 'SUGGESTED' | 'EXCEPTION' | 'MATCHED' | 'BOOKED';

/** A bank line as the list draws it. */
export interface BoardLine {
  readonly id: string;
  readonly bookedOn: string;
  readonly counterpartyName: string | null;
  readonly reference: string | null;
  readonly remittance: string;
  readonly status: LineStatus;
  readonly amount: Money;
  readonly match: { readonly id: string; readonly confidence: string } | null;
  readonly exception: {
    readonly id: string;
    readonly status: string;
    readonly reason: string;
    readonly dueAt: string;
  } | null;
}

/** Something open in the books. */
export interface BoardItem {
  readonly id: string;
  readonly kind: 'PAYABLE' | 'RECEIVABLE';
  readonly label: string;
  readonly reference: string | null;
  readonly counterpartyName: string | null;
  readonly dueOn: string | null;
  readonly amount: Money;
  readonly open: Money;
}

/** One reason for a match, scored between 0 and 1. */
export interface BoardEvidence {
  readonly signal: string;
  readonly score: string;
  readonly detail: string;
}

/** A match with both sides and its reasons. */
export interface BoardMatch {
  readonly id: string;
  readonly status: 'SUGGESTED' | 'ACCEPTED' | 'DECLINED' | 'UNDONE';
  readonly method: string;
  readonly confidence: string;
  readonly automatic: boolean;
  readonly decidedAt: string | null;
  readonly difference: Money | null;
  readonly decidedBy: { readonly id: string; readonly name: string } | null;
  readonly lines: readonly {
    readonly id: string;
    readonly counterpartyName: string | null;
    readonly amount: Money;
  }[];
  readonly items: readonly { readonly applied: Money; readonly openItem: BoardItem | null }[];
  readonly evidence: readonly BoardEvidence[];
  readonly rivals: readonly {
    readonly itemLabel: string;
    readonly confidence: string;
    readonly reason: string;
  }[];
}

/** Open items a line may pay, alone or together, and what speaks for it. */
export interface BoardCandidate {
  readonly score: string;
  readonly reason: string;
  readonly difference: Money | null;
  readonly items: BoardMatch['items'];
  readonly evidence: readonly BoardEvidence[];
}

/** How often a rule would have done as somebody did, otherwise, or nothing. */
export type BackTest = Readonly<Record<'right' | 'wrong' | 'none', number>>;

/** A rule that past decisions suggest, with what it would have done over them. */
export interface ProposedRule {
  readonly id: string;
  readonly takes: string;
  readonly total: number;
  readonly accountCode: string;
  readonly memo: string | null;
  readonly upTo: Money;
  readonly backTest: BackTest;
  readonly lines: readonly {
    readonly id: string;
    readonly bookedOn: string;
    readonly counterpartyName: string | null;
    readonly bookedAccountCode: string | null;
    readonly amount: Money;
  }[];
}

/** A way out of an exception, which one call carries out. */
export interface Proposal {
  readonly id: string;
  readonly kind: 'MAKE_RULE' | 'BOOK' | 'MATCH' | 'SPLIT' | 'RESOLVE' | 'RELEASE' | 'ASK';
  readonly label: string;
  readonly accountCode: string | null;
  readonly memo: string | null;
  readonly message: string | null;
  readonly followUpOn: string | null;
  readonly items: readonly {
    readonly applied: Money;
    readonly openItem: { readonly id: string; readonly label: string; readonly open: Money } | null;
  }[];
  readonly vendor: { readonly id: string; readonly name: string } | null;
  readonly rule: ProposedRule | null;
}

/** What needs a person about a line, with all that is known of it. */
export interface LineException {
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  readonly severity: string;
  readonly detail: string;
  readonly proposedResolution: string | null;
  readonly dueAt: string;
  readonly followUpOn: string | null;
  readonly escalatedAt: string | null;
  readonly sameAs: number;
  readonly knowledgeNote: string | null;
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly comments: readonly {
    readonly id: string;
    readonly kind: 'COMMENT' | 'QUESTION';
    readonly text: string;
    readonly authorName: string;
    readonly writtenAt: string;
  }[];
  readonly proposals: readonly Proposal[];
}

/** A bank line as the right side draws it. */
export interface LineDetail extends BoardLine {
  readonly valueOn: string | null;
  readonly counterpartyLastFour: string | null;
  readonly memo: string | null;
  readonly bookedAccountCode: string | null;
  readonly journalEntry: { readonly id: string; readonly number: string } | null;
  readonly statement: {
    readonly id: string;
    readonly bankAccount: {
      readonly id: string;
      readonly name: string;
      readonly ibanLastFour: string | null;
    } | null;
  } | null;
  readonly exceptionInFull: LineException | null;
  readonly matchInFull: BoardMatch | null;
  readonly openItemCandidates: readonly BoardCandidate[];
}

/** A page of a connection that says how to go on. */
export interface Page<Node> extends Connection<Node> {
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** Answer to `boardLines`. */
export interface BoardLines {
  readonly statementLines: Page<BoardLine>;
}

/** Answer to `boardCounts`. */
export interface BoardCounts {
  readonly reconciliationSummary: readonly {
    readonly bankAccount: { readonly id: string; readonly name: string } | null;
    readonly unmatched: number;
    readonly suggested: number;
    readonly matched: number;
    readonly exceptions: number;
    readonly booked: number;
  }[];
}

/** Answer to `lineInFull`. */
export interface LineInFull {
  readonly statementLine: LineDetail | null;
}

/** Answer to `lineNow`. */
export interface LineNow {
  readonly statementLine: BoardLine | null;
}

/** Answer to `linesOfMatch`. */
export interface LinesOfMatch {
  readonly match: { readonly id: string; readonly lines: readonly BoardLine[] } | null;
}

/** Answer to `lineOfException`. */
export interface LineOfException {
  readonly exception: { readonly id: string; readonly line: BoardLine | null } | null;
}

/** Answer to `boardViewer`. */
export interface BoardViewer {
  readonly viewer: { readonly member: { readonly id: string; readonly name: string } | null };
}

/** A run of the matcher, as far as it is. */
export interface MatcherRun {
  readonly id: string;
  readonly done: number;
  readonly total: number;
  readonly accepted: number;
  readonly suggested: number;
  readonly exceptions: number;
  readonly finishedAt: string | null;
}

/** Answer to `matchingProgress`. */
export interface MatchingProgress {
  readonly matchingRun: MatcherRun | null;
}

/** Answer to `boardItems`. */
export interface BoardItems {
  readonly openItems: Page<BoardItem>;
}

/** A suggestion as bulk accept counts it. */
export interface BoardSuggestion {
  readonly id: string;
  readonly confidence: string;
  readonly lines: readonly { readonly id: string; readonly amount: Money }[];
}

/** Answer to `boardSuggestions`. */
export interface BoardSuggestions {
  readonly matches: Page<BoardSuggestion>;
}

/** Answer to `declinedPairs`. */
export interface DeclinedPairs {
  readonly declinedPairs: Page<{ readonly id: string; readonly match: { readonly id: string } | null }>;
}

/** Answer to `bookedLines`. */
export interface BookedLines {
  readonly statementLines: {
    readonly edges: readonly {
      readonly node: {
        readonly id: string;
        readonly counterpartyName: string | null;
        readonly bookedAccountCode: string | null;
        readonly memo: string | null;
      };
    }[];
  };
}
