import type { Money } from '../client/values.ts';

/** How many requests wait, how many went through by policy alone, how many people decided. */
export const approvalFigures = `query ApprovalFigures($book: ID!) {
  waiting: approvalRequests(bookId: $book, status: PENDING, first: 200) {
    totalCount
    edges { node { id viewerCanDecide requestedAt } }
  }
  automatic: approvalRequests(bookId: $book, status: AUTO_APPROVED, first: 1) { totalCount }
  approved: approvalRequests(bookId: $book, status: APPROVED, first: 1) { totalCount }
  rejected: approvalRequests(bookId: $book, status: REJECTED, first: 1) { totalCount }
}`;

/** What is not reconciled yet, per bank account. */
export const reconciliationFigures = `query ReconciliationFigures($book: ID!) {
  reconciliationSummary(bookId: $book) {
    bankAccount { id name }
    unmatched suggested matched exceptions booked
    unreconciled { amount currency }
  }
}`;

/** When each connected system was last brought in step. */
export const syncFigures = `query SyncFigures($book: ID!) {
  connections(bookId: $book) { id status pending failed lastRun { id status finishedAt } }
}`;

/** Answer to `approvalFigures`. */
export interface ApprovalFigures {
  readonly waiting: {
    readonly totalCount: number;
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly viewerCanDecide: boolean; readonly requestedAt: string };
    }[];
  };
  readonly automatic: { readonly totalCount: number };
  readonly approved: { readonly totalCount: number };
  readonly rejected: { readonly totalCount: number };
}

/** Answer to `reconciliationFigures`. */
export interface ReconciliationFigures {
  readonly reconciliationSummary: readonly {
    readonly bankAccount: { readonly id: string; readonly name: string } | null;
    readonly unmatched: number;
    readonly suggested: number;
    readonly matched: number;
    readonly exceptions: number;
    readonly booked: number;
    readonly unreconciled: readonly Money[];
  }[];
}

/** Answer to `syncFigures`. */
export interface SyncFigures {
  readonly connections: readonly {
    readonly id: string;
    readonly status: string;
    readonly pending: number;
    readonly failed: number;
    readonly lastRun: {
      readonly id: string;
      readonly status: string;
      readonly finishedAt: string | null;
    } | null;
  }[];
}
