/** How many documents came in, how many became drafts, how many entries were booked. */
export const bookingCounts = `query BookingCounts($book: ID!) {
  documents(bookId: $book, first: 1) { totalCount }
  drafts(bookId: $book, first: 1) { totalCount }
  journalEntries(bookId: $book, first: 1) { totalCount }
}`;

/** How many approvals wait and how many there are. */
export const decisionCounts = `query DecisionCounts($book: ID!) {
  waiting: approvalRequests(bookId: $book, status: PENDING, first: 1) { totalCount }
  all: approvalRequests(bookId: $book, first: 1) { totalCount }
}`;

/** How many matches are made and how many are suggested. */
export const matchCounts = `query MatchCounts($book: ID!) {
  suggested: matches(bookId: $book, status: SUGGESTED, first: 1) { totalCount }
  accepted: matches(bookId: $book, status: ACCEPTED, first: 1) { totalCount }
}`;

/** How many entries the connected systems have and still wait for. */
export const sentCounts = `query SentCounts($book: ID!) {
  connections(bookId: $book) { id pushed pending failed }
}`;

interface Count {
  readonly totalCount: number;
}

/** Answer to `bookingCounts`. */
export interface BookingCounts {
  readonly documents: Count;
  readonly drafts: Count;
  readonly journalEntries: Count;
}

/** Answer to `decisionCounts`. */
export interface DecisionCounts {
  readonly waiting: Count;
  readonly all: Count;
}

/** Answer to `matchCounts`. */
export interface MatchCounts {
  readonly suggested: Count;
  readonly accepted: Count;
}

/** Answer to `sentCounts`. */
export interface SentCounts {
  readonly connections: readonly {
    readonly id: string;
    readonly pushed: number;
    readonly pending: number;
    readonly failed: number;
  }[];
}
