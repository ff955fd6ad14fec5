import type { Connection, Money, Person } from '../client/values.ts';

/** Approval requests that wait for a decision, with the draft each is about. */
export const waitingApprovals = `query WaitingApprovals($book: ID!) {
  approvalRequests(bookId: $book, status: PENDING, first: 200) {
    totalCount
    edges { node {
      id version level levels total { amount currency } requestedAt dueAt
      viewerCanDecide viewerBlockedReason
      submittedBy { id name }
      draft {
        id description confidence reasons
        vendor { id name }
        document { id kind number counterpartyName source }
      }
    } }
  }
}`;

/** Suggested matches that wait for a decision. */
export const waitingMatches = `query WaitingMatches($book: ID!) {
  matches(bookId: $book, status: SUGGESTED, first: 200) {
    totalCount
    edges { node {
      id method confidence createdAt
      difference { amount currency }
      lines { id counterpartyName reference remittance bookedOn amount { amount currency } }
      items { applied { amount currency } openItem { id label reference counterpartyName } }
    } }
  }
}`;

/** An approval request as the queue needs it. */
export interface WaitingApproval {
  readonly id: string;
  readonly version: number;
  readonly level: number;
  readonly levels: number;
  readonly total: Money;
  readonly requestedAt: string;
  readonly dueAt: string | null;
  readonly viewerCanDecide: boolean;
  readonly viewerBlockedReason: string | null;
  readonly submittedBy: Person | null;
  readonly draft: {
    readonly id: string;
    readonly description: string;
    readonly confidence: string;
    readonly reasons: readonly string[];
    readonly vendor: Person | null;
    readonly document: {
      readonly id: string;
      readonly kind: string;
      readonly number: string | null;
      readonly counterpartyName: string | null;
      readonly source: string;
    } | null;
  } | null;
}

/** A suggested match as the queue needs it. */
export interface WaitingMatch {
  readonly id: string;
  readonly method: string;
  readonly confidence: string;
  readonly createdAt: string;
  readonly difference: Money | null;
  readonly lines: readonly {
    readonly id: string;
    readonly counterpartyName: string | null;
    readonly reference: string | null;
    readonly remittance: string | null;
    readonly bookedOn: string;
    readonly amount: Money;
  }[];
  readonly items: readonly {
    readonly applied: Money;
    readonly openItem: {
      readonly id: string;
      readonly label: string;
      readonly reference: string | null;
      readonly counterpartyName: string | null;
    } | null;
  }[];
}

/** Answer to `waitingApprovals`. */
export interface WaitingApprovals {
  readonly approvalRequests: Connection<WaitingApproval>;
}

/** Answer to `waitingMatches`. */
export interface WaitingMatches {
  readonly matches: Connection<WaitingMatch>;
}
