import { simulatedExceptionTypes } from './simulated-exception-types.ts';

/** The types of the API the elements use, as the simulated gateway serves them. */
export const simulatedTypes = /* GraphQL */ `
  scalar Decimal
  scalar CurrencyCode
  scalar Date
  scalar DateTime
  scalar Cursor

  type Money {
    amount: Decimal!
    currency: CurrencyCode!
  }
  type UserError {
    code: String!
    message: String!
    remedy: String!
    path: [String!]!
  }
  type Member {
    id: ID!
    name: String!
  }
  type Vendor {
    id: ID!
    name: String!
    status: VendorStatus!
  }
  enum VendorStatus {
    PROPOSED
    ACTIVE
    BLOCKED
  }
  type Book {
    id: ID!
    name: String!
    legalName: String!
    baseCurrency: CurrencyCode!
  }
  type Account {
    id: ID!
    code: String!
    name: String!
  }

  enum DocumentKind {
    INVOICE
    CREDIT_NOTE
    SALES_INVOICE
    EXPENSE
    RECEIPT
  }
  type File {
    id: ID!
    name: String!
    mediaType: String!
    url: String!
  }
  type DocumentLine {
    description: String
    quantity: Decimal
    taxRate: Decimal
    net: Money!
  }
  type Document {
    id: ID!
    kind: DocumentKind!
    status: String!
    number: String
    issuedOn: Date
    dueOn: Date
    counterpartyName: String
    total: Money
    tax: Money
    source: String!
    format: String!
    file: File
    lines: [DocumentLine!]!
    problems: [UserError!]!
    receivedAt: DateTime!
  }
  type DocumentConnection {
    totalCount: Int!
  }
  type MappingRule {
    id: ID!
    name: String!
  }
  enum Side {
    DEBIT
    CREDIT
  }
  type DraftLine {
    side: Side!
    memo: String
    money: Money!
    account: Account!
  }
  type JournalEntry {
    id: ID!
    number: String!
  }
  type JournalEntryConnection {
    totalCount: Int!
  }
  type Draft {
    id: ID!
    status: String!
    description: String!
    postedOn: Date!
    confidence: Decimal!
    reasons: [String!]!
    vendor: Vendor
    rule: MappingRule
    lines: [DraftLine!]!
    journalEntry: JournalEntry
    refusal: UserError
    document: Document
  }
  type DraftConnection {
    totalCount: Int!
  }

  enum ApprovalStatus {
    PENDING
    APPROVED
    REJECTED
    AUTO_APPROVED
    CANCELLED
  }
  enum Verdict {
    APPROVE
    REJECT
  }
  type ApprovalPolicy {
    id: ID!
    name: String!
    fourEyes: Boolean!
  }
  type ApprovalDecision {
    level: Int!
    verdict: Verdict!
    comment: String
    decidedAt: DateTime!
    decidedBy: Member!
  }
  type ApprovalRequest {
    id: ID!
    status: ApprovalStatus!
    version: Int!
    level: Int!
    levels: Int!
    summary: String!
    reason: String!
    requestedAt: DateTime!
    dueAt: DateTime
    decidedAt: DateTime
    viewerCanDecide: Boolean!
    viewerBlockedReason: String
    total: Money!
    submittedBy: Member
    policy: ApprovalPolicy
    decisions: [ApprovalDecision!]!
    draft: Draft
  }
  type ApprovalRequestEdge {
    node: ApprovalRequest!
  }
  type ApprovalRequestConnection {
    totalCount: Int!
    edges: [ApprovalRequestEdge!]!
  }

  enum MatchStatus {
    SUGGESTED
    ACCEPTED
    DECLINED
    UNDONE
  }
  type BankAccount {
    id: ID!
    name: String!
    ibanLastFour: String
  }
  type BankStatement {
    id: ID!
    reference: String
    bankAccount: BankAccount
  }
  type StatementLine {
    id: ID!
    bookedOn: Date!
    valueOn: Date
    counterpartyName: String
    reference: String
    remittance: String!
    amount: Money!
    statement: BankStatement
    status: StatementLineStatus!
    match: Match
    exception: Exception
    counterpartyLastFour: String
    memo: String
    bookedAccountCode: String
    journalEntry: JournalEntry
    openItemCandidates(first: Int): [ItemCandidate!]!
  }
  enum StatementLineStatus {
    UNMATCHED
    SUGGESTED
    EXCEPTION
    MATCHED
    BOOKED
  }
  type PageInfo {
    endCursor: String
    hasNextPage: Boolean!
  }
  type StatementLineEdge {
    node: StatementLine!
  }
  type StatementLineConnection {
    totalCount: Int!
    pageInfo: PageInfo!
    edges: [StatementLineEdge!]!
  }
  ${simulatedExceptionTypes}
  type MatchingRun {
    id: ID!
    done: Int!
    total: Int!
    accepted: Int!
    suggested: Int!
    exceptions: Int!
    finishedAt: DateTime
  }
  type ItemCandidate {
    score: Decimal!
    reason: String!
    difference: Money
    items: [MatchedItem!]!
    evidence: [MatchEvidence!]!
  }
  type DeclinedPair {
    id: ID!
    match: Match
  }
  type DeclinedPairEdge {
    node: DeclinedPair!
  }
  type DeclinedPairConnection {
    totalCount: Int!
    pageInfo: PageInfo!
    edges: [DeclinedPairEdge!]!
  }
  type OpenItemEdge {
    node: OpenItem!
  }
  type OpenItemConnection {
    totalCount: Int!
    pageInfo: PageInfo!
    edges: [OpenItemEdge!]!
  }
  type OpenItem {
    id: ID!
    kind: String!
    label: String!
    reference: String
    counterpartyName: String
    dueOn: Date
    amount: Money!
    open: Money!
  }
  type MatchedItem {
    applied: Money!
    openItem: OpenItem
  }
  type MatchEvidence {
    signal: String!
    score: Decimal!
    detail: String!
  }
  type MatchRival {
    itemLabel: String!
    confidence: Decimal!
    reason: String!
  }
  type Match {
    id: ID!
    status: MatchStatus!
    method: String!
    confidence: Decimal!
    automatic: Boolean!
    createdAt: DateTime!
    decidedAt: DateTime
    difference: Money
    decidedBy: Member
    lines: [StatementLine!]!
    items: [MatchedItem!]!
    evidence: [MatchEvidence!]!
    rivals: [MatchRival!]!
  }
  type MatchEdge {
    node: Match!
  }
  type MatchConnection {
    totalCount: Int!
    pageInfo: PageInfo!
    edges: [MatchEdge!]!
  }
  type ReconciliationSummary {
    bankAccount: BankAccount!
    unmatched: Int!
    suggested: Int!
    matched: Int!
    exceptions: Int!
    booked: Int!
    unreconciled: [Money!]!
  }

  type AuditRecord {
    id: ID!
    sequence: Int!
    occurredAt: DateTime!
    actorName: String!
    actorKind: String!
    command: String!
    subjectType: String!
    subjectId: ID!
    source: String!
    before: String
    after: String
    hash: String!
    previousHash: String
  }
  type AuditRecordEdge {
    node: AuditRecord!
  }
  type AuditRecordConnection {
    totalCount: Int!
    edges: [AuditRecordEdge!]!
  }
  type AuditVerification {
    valid: Boolean!
    records: Int!
    headHash: String
    firstBroken: Int
    problem: String
    verifiedAt: DateTime!
  }

  enum SyncRunStatus {
    QUEUED
    RUNNING
    SUCCEEDED
    FAILED
  }
  type SyncRun {
    id: ID!
    status: SyncRunStatus!
    total: Int!
    pushed: Int!
    skipped: Int!
    failed: Int!
    startedAt: DateTime
    finishedAt: DateTime
    problem: String
  }
  type Connection {
    id: ID!
    kind: String!
    name: String!
    status: String!
    target: String!
    pending: Int!
    pushed: Int!
    failed: Int!
    lastRun: SyncRun
  }
`;
