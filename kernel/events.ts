import type { CalendarDate } from '#kernel/calendar';
import type { SealedPlace } from '#kernel/secrets';

/** An amount on the wire between subgraphs: minor units as decimal text, because JSON has no bigint. */
export interface WireMoney {
  readonly minor: string;
  readonly currency: string;
}

/** One line of a posted entry; the money is never negative, its side says which way it goes. */
export interface PostedLine {
  readonly accountCode: string;
  readonly accountName: string;
  readonly side: 'DEBIT' | 'CREDIT';
  readonly money: WireMoney;
  /** What the line is worth in the base currency; missing only for entries posted before there were rates. */
  readonly functional?: WireMoney;
  readonly memo?: string;
  /** Codes by dimension: `{ costCentre: 'CC1' }`. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly tax?: { readonly code: string; readonly role: 'BASE' | 'TAX' };
}

/** What a posted entry leaves to be paid; `money` has the sign the bank line that settles it will have. */
export interface OpenItemFacts {
  readonly kind: 'PAYABLE' | 'RECEIVABLE';
  readonly money: WireMoney;
  readonly label: string;
  readonly reference?: string;
  readonly paymentReference?: string;
  readonly counterpartyName?: string;
  /** Keyed hashes (`vault.blindIndex`) of compact account numbers; no number in clear. */
  readonly counterpartyAccounts: readonly string[];
  readonly dueOn?: CalendarDate;
  readonly controlAccountCode: string;
}

/** Where somebody is, beside the country, in the parts that banks ask for. */
export interface PostalAddress {
  readonly street?: string | undefined;
  readonly buildingNumber?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly town: string;
}

/** What made the ledger post: exactly one of the ids is set for entries that another subgraph asked for. */
export interface PostingCause {
  readonly draftId?: string;
  readonly matchId?: string;
  readonly statementLineId?: string;
}

/** How many of something there are in a month, named by its first day. */
export interface MonthCount {
  readonly month: CalendarDate;
  readonly count: number;
}

/** What reconciliation holds of a book, in totals; amounts in minor units as text, signed as the bank has them. */
export type BankFacts = {
  readonly accounts: readonly {
    readonly bankAccountId: string;
    readonly name: string;
    readonly accountCode: string;
    readonly currency: string;
    /** Lines the ledger has posted, by match or by booking. */
    readonly posted: string;
    /** Lines that are neither posted nor on their way to it. */
    readonly unposted: string;
    /** What the last statement closes with, and the first one opened with. */
    readonly closing?: string;
    readonly closedOn?: CalendarDate;
    readonly opening?: string;
    /** What the copy of the entries on its account of the ledger comes to, once all of them are there. */
    readonly copied?: string;
  }[];
  /** What is open by control account, counterparty and currency, as far as the ledger has posted it. */
  readonly open: readonly {
    readonly accountCode: string;
    readonly vendorId?: string;
    readonly currency: string;
    readonly minor: string;
  }[];
  /** Lines neither matched nor booked. */
  readonly unmatched: readonly MonthCount[];
  /** Statements held back because they do not add up or go on. */
  readonly quarantined: number;
};

/** What an entry posted to one account in one currency; `minor` as text, debits positive. */
export interface AccountPosting {
  readonly journalEntryId: string;
  readonly number: string;
  readonly kind: string;
  readonly postedOn: CalendarDate;
  readonly description: string;
  readonly minor: string;
  readonly currency: string;
  readonly documentId?: string;
  readonly vendorId?: string;
  readonly reversalOf?: string;
  /** The instant it was posted, RFC 3339. */
  readonly postedAt: string;
}

/** The published language: every event that crosses a boundary, with ids and facts only. */
export interface EventFacts {
  'organisation.created': { name: string };
  'book.opened': {
    name: string;
    legalName: string;
    taxId?: string;
    country: string;
    baseCurrency: string;
    fiscalYearStartMonth: number;
  };
  /** The roles are missing only in events from before they were told. */
  'member.added': { name: string; email: string; roles?: readonly string[] };
  'member.changed': { roles?: readonly string[] };
  'apiKey.created': Record<never, never>;
  'apiKey.revoked': Record<never, never>;

  'vendor.registered': { name: string; status?: string; country?: string; address?: PostalAddress };
  'vendor.changed': { name?: string; status?: string; country?: string; address?: PostalAddress };
  /** Subject: the account of a vendor; told again when the same one is handed in again. */
  'vendorBankDetail.added': {
    vendorId: string;
    /** Sealed for `vendorAccountPlace`; no number in clear. */
    sealedAccount: string;
    /** Keyed hash (`vault.blindIndex`) of the compact number. */
    accountIndex: string;
    lastFour: string;
    bic?: string;
    holder?: string;
  };
  /** Subject: the document for which a vendor was found or proposed. */
  'documentVendor.identified': {
    vendorId: string;
    vendorName: string;
    confidence: number;
    proposed: boolean;
    defaultAccountCode?: string;
  };

  'document.submitted': {
    kind: string;
    counterpartyName: string;
    taxId?: string;
    /** Sealed for `sealedIbanPlace`; no number in clear. */
    sealedIban?: string;
    country?: string;
    email?: string;
    currency: string;
  };
  'document.quarantined': Record<never, never>;
  'document.drafted': Record<never, never>;
  'document.posted': Record<never, never>;
  'document.rejected': Record<never, never>;
  'draft.created': {
    documentId?: string;
    vendorId?: string;
    total: WireMoney;
    summary: string;
    /** The version that was drafted; every change raises it. */
    draftVersion: number;
    /** The person who handed the document in; nobody for system sources. */
    submittedBy?: string;
    /** The person who corrected the document in quarantine; counts as a submitter for four-eyes rules. */
    correctedBy?: string;
    confidence: number;
  };
  'draft.changed': {
    /** The version the change made. */
    draftVersion: number;
    total: WireMoney;
    summary: string;
    /** The person who changed it; counts as a submitter for four-eyes rules. */
    changedBy?: string;
  };
  'draft.posted': Record<never, never>;
  'draft.rejected': Record<never, never>;
  'journalEntry.posted': {
    number: string;
    kind: string;
    postedOn: CalendarDate;
    description: string;
    lines: readonly PostedLine[];
    documentId?: string;
    vendorId?: string;
    reversalOf?: string;
    openItem?: OpenItemFacts;
    cause?: PostingCause;
    /** What the organisation itself keeps of its entries, by name. */
    fields?: Readonly<Record<string, string>>;
  };
  'journalEntry.reversed': { reversedBy: string };
  /** Subject: the draft, match or statement line whose posting the ledger refused. */
  'posting.refused': { cause: PostingCause; code: string; message: string };
  /** Subject: what brought the rates; no book when they hold for all. The first and the last day they are for. */
  'exchangeRates.changed': { from: CalendarDate; to: CalendarDate; currencies?: readonly string[] };
  'period.changed': { startsOn: CalendarDate; endsOn: CalendarDate; status: string };
  /** Subject: the book. Whoever keeps a copy of what is in it states its totals, to be held against the journal. */
  'book.validated': { sweep: boolean };
  'validationFinding.opened': { invariant: string; severity: string };
  'validationFinding.resolved': { invariant: string };
  /** Subject: the book. Until `overriddenUntil` its configuration may be changed all the same. */
  'configurationFreeze.changed': { daysBefore: number; daysAfter: number; overriddenUntil?: string };

  'import.started': { kind: string };
  /** Told once a second at most, however fast rows are read and applied. */
  'import.progressed': Record<never, never>;
  'import.paused': Record<never, never>;
  'import.resumed': Record<never, never>;
  'import.finished': { status: string };

  /**
   * Subject: the bank account whose account of the ledger this is. What was posted to it before it was opened; `next`
   * is the entry behind which more is told.
   */
  'accountPostings.stated': { accountCode: string; postings: readonly AccountPosting[]; next?: string };

  'bankAccount.opened': { name: string; currency: string; ledgerAccountCode: string };
  'statement.imported': { bankAccountId: string; lines: number };
  'statement.quarantined': { bankAccountId: string };
  /** Subject: the bank account. What its bank has announced, and what became of what it had announced before. */
  'bankAccount.pendingChanged': { announced: number; booked: number; lapsed: number };
  'bankFeed.created': { kind: string };
  'bankFeed.changed': { status: string };
  /** It was looked into; with what became of that. */
  'bankFeed.pulled': { runId: string; status: string };
  'bankFeed.received': { bankFeedFileId: string; state: string };
  /** How many members are new or have changed. */
  'payout.reported': { provider: string; members: number };
  /** Subject: the book. */
  'processorTariff.changed': { provider: string };
  'match.suggested': Record<never, never>;
  /** A suggestion that no longer holds; it is gone. */
  'match.withdrawn': Record<never, never>;
  'match.accepted': {
    bankAccountCode: string;
    bookedOn: CalendarDate;
    description: string;
    counterpartyName?: string;
    vendorId?: string;
    lines: readonly { lineId: string; money: WireMoney }[];
    items: readonly { journalEntryId: string; controlAccountCode: string; applied: WireMoney }[];
    /** What explains that lines are not items: signed like the lines, with the account where one is named. */
    differences?: readonly { kind: string; money: WireMoney; accountCode?: string; memo: string }[];
  };
  'match.declined': Record<never, never>;
  'match.undone': { journalEntryId?: string };
  /** Subject: the run of the matcher in the background. */
  'matching.started': Record<never, never>;
  'matching.progressed': Record<never, never>;
  'matching.finished': Record<never, never>;
  'matchingSettings.changed': Record<never, never>;
  'statementLine.booked': {
    bankAccountCode: string;
    accountCode: string;
    money: WireMoney;
    bookedOn: CalendarDate;
    memo: string;
  };
  'exception.raised': { reason: string };
  'exception.assigned': { ownerId: string };
  /** It was not dealt with in time; somebody else hears of it. */
  'exception.escalated': { escalatedTo: string };
  'exception.commented': { commentId: string };
  /** The other side was asked; on the day somebody comes back to it. */
  'exception.asked': { commentId: string; followUpOn: CalendarDate };
  'exception.resolved': Record<never, never>;
  'bookingRule.accepted': { accountCode: string; version: number };
  'bookingRule.retired': Record<never, never>;

  /** A person stands for a reconciliation statement; with whether it was proven. */
  'signedStatement.signed': { bankAccountId: string; asOf: CalendarDate; verdict: string };
  'signedStatement.countersigned': { bankAccountId: string; asOf: CalendarDate };
  'payroll.imported': { payOn: CalendarDate; entries: number };

  'paymentOrder.created': { payments: number };
  'paymentOrder.approved': { by: string; approvals: number; needed: number };
  'paymentOrder.filed': { fileId: string };
  'paymentOrder.sent': Record<never, never>;
  /** Something became of its payments; with the state that makes of it. */
  'paymentOrder.changed': { status: string };
  'paymentOrder.cancelled': Record<never, never>;
  /** Subject: a payment line. Its bill is paid, or open again with the reason the bank gave. */
  'payment.executed': { paymentOrderId: string; journalEntryId: string; matchId?: string };
  'payment.rejected': { paymentOrderId: string; journalEntryId: string; reason: string };
  'payment.returned': { paymentOrderId: string; journalEntryId: string; reason: string };

  /** Subject: the book. */
  'bankFacts.stated': BankFacts;

  'approvalPolicy.changed': Record<never, never>;
  'approvalRequest.requested': { draftId: string };
  'approvalRequest.decided': { draftId: string; level: number };
  'approvalRequest.approved': {
    draftId: string;
    /** What was approved: no other version of the draft may be posted for it. */
    draftVersion: number;
    automatic: boolean;
    approvedBy?: string;
  };
  'approvalRequest.rejected': { draftId: string; comment: string };

  'connection.created': Record<never, never>;
  'connection.changed': Record<never, never>;
  'syncRun.queued': { connectionId: string };
  'syncRun.started': { connectionId: string };
  'syncRun.progressed': { connectionId: string };
  'syncRun.finished': { connectionId: string; status: string };
  /** Subject: the book. How many entries of each month no connected system has yet, or has refused. */
  'syncFacts.stated': { connections: number; waiting: readonly MonthCount[]; refused: readonly MonthCount[] };
}

/** Where the account of `document.submitted` is sealed for; whoever reacts opens it inside its command. */
export function sealedIbanPlace(organisationId: string, documentId: string): SealedPlace {
  return { organisationId, column: 'document.submitted.iban', rowId: documentId };
}

/** Where the account of a vendor is sealed for, in its own table and in `vendorBankDetail.added`. */
export function vendorAccountPlace(organisationId: string, bankDetailId: string): SealedPlace {
  return { organisationId, column: 'vendor_bank_detail.account', rowId: bankDetailId };
}

/** The name of an event: subject type, dot, past participle. */
export type EventType = keyof EventFacts;

/** The place of an event in the one order all readers share. */
export interface EventPosition {
  readonly xid: bigint;
  readonly id: bigint;
}

/** An event as readers get it. */
export interface DomainEvent<T extends EventType = EventType> {
  readonly position: EventPosition;
  readonly organisationId: string;
  readonly bookId: string | undefined;
  readonly type: T;
  /** Id of what the event tells of; for `journalEntry.posted` the journal entry. */
  readonly subjectId: string;
  readonly facts: EventFacts[T];
  readonly actorId: string;
  readonly occurredAt: Date;
}

/** The beginning of all events. */
export const beginning: EventPosition = { xid: 0n, id: 0n };

/** Orders two positions: negative when `a` is earlier. */
export function comparePositions(a: EventPosition, b: EventPosition): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}

/** The later of two positions. */
export function laterPosition(a: EventPosition, b: EventPosition): EventPosition {
  return comparePositions(a, b) < 0 ? b : a;
}

/** The opaque resume cursor of a position. */
export function encodeCursor(position: EventPosition): string {
  return Buffer.from(`${position.xid}.${position.id}`).toString('base64url');
}

/** The position of a cursor, or undefined for a text that is none. */
export function decodeCursor(cursor: string): EventPosition | undefined {
  const match = /^(\d{1,20})\.(\d{1,19})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  return match ? { xid: BigInt(match[1] ?? 0), id: BigInt(match[2] ?? 0) } : undefined;
}

/** An event as JSON can carry it. */
export type WireEvent = Omit<DomainEvent, 'position' | 'occurredAt'> & {
  readonly position: { readonly xid: string; readonly id: string };
  readonly occurredAt: string;
};

/** Makes an event fit for JSON. */
export function eventToWire(event: DomainEvent): WireEvent {
  const { xid, id } = event.position;
  return {
    ...event,
    position: { xid: String(xid), id: String(id) },
    occurredAt: event.occurredAt.toISOString(),
  };
}

/** The event that was made fit for JSON. */
export function eventFromWire(event: WireEvent): DomainEvent {
  return {
    ...event,
    // JSON leaves out what is undefined.
    bookId: event.bookId,
    position: { xid: BigInt(event.position.xid), id: BigInt(event.position.id) },
    occurredAt: new Date(event.occurredAt),
  };
}
