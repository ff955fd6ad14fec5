import type { Money, Person, UserError } from '../client/values.ts';

/** Everything one approval is decided on: the document, the booking it leads to, and who decides. */
export const approvalInFull = `query ApprovalInFull($id: ID!) {
  approvalRequest(id: $id) {
    id status version level levels summary reason requestedAt dueAt decidedAt
    viewerCanDecide viewerBlockedReason
    total { amount currency }
    submittedBy { id name }
    policy { id name fourEyes }
    decisions { level verdict comment decidedAt decidedBy { id name } }
    draft {
      id status description postedOn confidence reasons
      vendor { id name status }
      rule { id name }
      lines { side memo money { amount currency } account { id code name } }
      journalEntry { id number }
      refusal { code message remedy path }
      document {
        id kind number issuedOn dueOn counterpartyName source format receivedAt
        total { amount currency } tax { amount currency }
        file { id name mediaType url }
        lines { description quantity taxRate net { amount currency } }
        problems { code message remedy path }
      }
    }
  }
}`;

/** A decision taken on one level of the chain. */
export interface Decision {
  readonly level: number;
  readonly verdict: 'APPROVE' | 'REJECT';
  readonly comment: string | null;
  readonly decidedAt: string;
  readonly decidedBy: Person | null;
}

/** A document as the card draws it. */
export interface CardDocument {
  readonly id: string;
  readonly kind: string;
  readonly number: string | null;
  readonly issuedOn: string | null;
  readonly dueOn: string | null;
  readonly counterpartyName: string | null;
  readonly source: string;
  readonly format: string;
  readonly receivedAt: string;
  readonly total: Money | null;
  readonly tax: Money | null;
  readonly file: {
    readonly id: string;
    readonly name: string;
    readonly mediaType: string;
    readonly url: string;
  } | null;
  readonly lines: readonly {
    readonly description: string | null;
    readonly quantity: string | null;
    readonly taxRate: string | null;
    readonly net: Money;
  }[];
  readonly problems: readonly UserError[];
}

/** A draft as the card draws it. */
export interface CardDraft {
  readonly id: string;
  readonly status: string;
  readonly description: string;
  readonly postedOn: string;
  readonly confidence: string;
  readonly reasons: readonly string[];
  readonly vendor: (Person & { readonly status: string }) | null;
  readonly rule: Person | null;
  readonly lines: readonly {
    readonly side: 'DEBIT' | 'CREDIT';
    readonly memo: string | null;
    readonly money: Money;
    readonly account: { readonly id: string; readonly code: string; readonly name: string } | null;
  }[];
  readonly journalEntry: { readonly id: string; readonly number: string } | null;
  /** Why it could not be booked although it was approved. */
  readonly refusal: UserError | null;
  readonly document: CardDocument | null;
}

/** An approval request as the card draws it. */
export interface Approval {
  readonly id: string;
  readonly status: 'PENDING' | 'APPROVED' | 'REJECTED' | 'AUTO_APPROVED' | 'CANCELLED';
  readonly version: number;
  readonly level: number;
  readonly levels: number;
  readonly summary: string;
  readonly reason: string;
  readonly requestedAt: string;
  readonly dueAt: string | null;
  readonly decidedAt: string | null;
  readonly viewerCanDecide: boolean;
  readonly viewerBlockedReason: string | null;
  readonly total: Money;
  readonly submittedBy: Person | null;
  readonly policy: { readonly id: string; readonly name: string; readonly fourEyes: boolean } | null;
  readonly decisions: readonly Decision[];
  readonly draft: CardDraft | null;
}

/** Answer to `approvalInFull`. */
export interface ApprovalInFull {
  readonly approvalRequest: Approval | null;
}
