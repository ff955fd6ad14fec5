import type { Money, Person } from '../client/values.ts';

/** A suggested match with both sides, its evidence and the candidates that lost. */
export const matchInFull = `query MatchInFull($id: ID!) {
  match(id: $id) {
    id status method confidence automatic createdAt decidedAt
    difference { amount currency }
    decidedBy { id name }
    lines {
      id bookedOn valueOn counterpartyName reference remittance amount { amount currency }
      statement { id reference bankAccount { id name ibanLastFour } }
    }
    items {
      applied { amount currency }
      openItem {
        id kind label reference counterpartyName dueOn
        amount { amount currency } open { amount currency }
      }
    }
    evidence { signal score detail }
    rivals { itemLabel confidence reason }
  }
}`;

/** A bank line of a match. */
export interface MatchLine {
  readonly id: string;
  readonly bookedOn: string;
  readonly valueOn: string | null;
  readonly counterpartyName: string | null;
  readonly reference: string | null;
  readonly remittance: string | null;
  readonly amount: Money;
  readonly statement: {
    readonly id: string;
    readonly reference: string | null;
    readonly bankAccount: {
      readonly id: string;
      readonly name: string;
      readonly ibanLastFour: string | null;
    } | null;
  } | null;
}

/** An open item of a match, with the part of it the bank line settles. */
export interface MatchItem {
  readonly applied: Money;
  readonly openItem: {
    readonly id: string;
    readonly kind: string;
    readonly label: string;
    readonly reference: string | null;
    readonly counterpartyName: string | null;
    readonly dueOn: string | null;
    readonly amount: Money;
    readonly open: Money;
  } | null;
}

/** One reason for a match, scored between 0 and 1. */
export interface Evidence {
  readonly signal: string;
  readonly score: string;
  readonly detail: string;
}

/** A candidate that lost, and why. */
export interface Rival {
  readonly itemLabel: string;
  readonly confidence: string;
  readonly reason: string;
}

/** A match as the review draws it. */
export interface MatchDetail {
  readonly id: string;
  readonly status: 'SUGGESTED' | 'ACCEPTED' | 'DECLINED' | 'UNDONE';
  readonly method: string;
  readonly confidence: string;
  readonly automatic: boolean;
  readonly createdAt: string;
  readonly decidedAt: string | null;
  readonly difference: Money | null;
  readonly decidedBy: Person | null;
  readonly lines: readonly MatchLine[];
  readonly items: readonly MatchItem[];
  readonly evidence: readonly Evidence[];
  readonly rivals: readonly Rival[];
}

/** Answer to `matchInFull`. */
export interface MatchInFull {
  readonly match: MatchDetail | null;
}
