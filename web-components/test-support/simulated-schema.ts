import { simulatedTypes } from './simulated-types.ts';

/** The part of the API the elements use, as the simulated gateway serves it. */
export const simulatedSchema: string = /* GraphQL */ `
  ${simulatedTypes}

  type Query {
    book(id: ID!): Book
    documents(bookId: ID!, first: Int): DocumentConnection!
    drafts(bookId: ID!, first: Int): DraftConnection!
    journalEntries(bookId: ID!, first: Int): JournalEntryConnection!
    approvalRequest(id: ID!): ApprovalRequest
    approvalRequests(bookId: ID!, status: ApprovalStatus, first: Int): ApprovalRequestConnection!
    match(id: ID!): Match
    matches(bookId: ID!, status: MatchStatus, first: Int, after: String): MatchConnection!
    statementLine(id: ID!): StatementLine
    statementLines(
      bookId: ID!
      status: StatementLineStatus
      bankAccountId: ID
      search: String
      first: Int
      after: String
    ): StatementLineConnection!
    openItems(bookId: ID!, first: Int, after: String): OpenItemConnection!
    exception(id: ID!): Exception
    matchingRun(id: ID!): MatchingRun
    viewer: Viewer!
    declinedPairs(bookId: ID!, first: Int, after: String): DeclinedPairConnection!
    reconciliationSummary(bookId: ID!): [ReconciliationSummary!]!
    auditRecords(first: Int, subjectId: ID): AuditRecordConnection!
    verifyAudit: AuditVerification!
    connections(bookId: ID!): [Connection!]!
  }

  input DocumentLineInput {
    description: String
    quantity: Decimal
    net: Decimal!
    taxRate: Decimal
    category: String
  }
  input DocumentInput {
    kind: DocumentKind!
    number: String
    issuedOn: Date
    counterpartyName: String
    currency: CurrencyCode!
    total: Decimal!
    tax: Decimal
    lines: [DocumentLineInput!]
  }
  input SubmitDocumentInput {
    bookId: ID!
    document: DocumentInput
    source: String
    idempotencyKey: String
  }
  input DecideApprovalInput {
    approvalRequestId: ID!
    verdict: Verdict!
    comment: String
    version: Int!
    idempotencyKey: String
  }
  input AcceptMatchInput {
    matchId: ID!
    idempotencyKey: String
  }
  input DeclineMatchInput {
    matchId: ID!
    reason: String!
    idempotencyKey: String
  }
  input UndoMatchInput {
    matchId: ID!
    idempotencyKey: String
  }
  input MatchManuallyInput {
    lineIds: [ID!]!
    openItemIds: [ID!]!
    applied: [MatchManuallyAppliedInput!]
    differenceAccountCode: String
    idempotencyKey: String
  }
  input MoneyInput {
    amount: Decimal!
    currency: CurrencyCode!
  }
  input MatchManuallyAppliedInput {
    openItemId: ID!
    amount: MoneyInput!
  }
  input AcceptMatchesInput {
    matchIds: [ID!]!
    idempotencyKey: String
  }
  input UndoMatchesInput {
    matchIds: [ID!]!
    idempotencyKey: String
  }
  input WithdrawDeclinedPairInput {
    declinedPairId: ID!
    idempotencyKey: String
  }
  type MatchesPayload {
    matches: [Match!]
    errors: [UserError!]!
  }
  type WithdrawDeclinedPairPayload {
    withdrawn: Boolean
    errors: [UserError!]!
  }
  input BookStatementLineInput {
    lineId: ID!
    accountCode: String!
    memo: String
    idempotencyKey: String
  }
  type BookStatementLinePayload {
    line: StatementLine
    errors: [UserError!]!
  }
  input ApplyResolutionInput {
    exceptionId: ID!
    proposalId: String!
    accountCode: String
    memo: String
    message: String
    followUpOn: Date
    idempotencyKey: String
  }
  input ResolveExceptionInput {
    exceptionId: ID!
    resolution: String!
    idempotencyKey: String
  }
  input CommentExceptionInput {
    exceptionId: ID!
    text: String!
    idempotencyKey: String
  }
  input AssignExceptionInput {
    exceptionId: ID!
    memberId: ID!
    idempotencyKey: String
  }
  input DeclineRuleProposalInput {
    bookId: ID!
    proposalId: ID!
    idempotencyKey: String
  }
  type ExceptionPayload {
    exception: Exception
    errors: [UserError!]!
  }
  type DeclineRuleProposalPayload {
    proposals: [BookingRuleProposal!]
    errors: [UserError!]!
  }
  input RetrySyncInput {
    connectionId: ID!
    idempotencyKey: String
  }
  type SubmitDocumentPayload {
    document: Document
    errors: [UserError!]!
  }
  type DecideApprovalPayload {
    approvalRequest: ApprovalRequest
    errors: [UserError!]!
  }
  type MatchPayload {
    match: Match
    errors: [UserError!]!
  }
  type RetrySyncPayload {
    errors: [UserError!]!
  }
  type Mutation {
    submitDocument(input: SubmitDocumentInput!): SubmitDocumentPayload
    decideApproval(input: DecideApprovalInput!): DecideApprovalPayload
    acceptMatch(input: AcceptMatchInput!): MatchPayload
    declineMatch(input: DeclineMatchInput!): MatchPayload
    undoMatch(input: UndoMatchInput!): MatchPayload
    matchManually(input: MatchManuallyInput!): MatchPayload
    acceptMatches(input: AcceptMatchesInput!): MatchesPayload
    undoMatches(input: UndoMatchesInput!): MatchesPayload
    withdrawDeclinedPair(input: WithdrawDeclinedPairInput!): WithdrawDeclinedPairPayload
    bookStatementLine(input: BookStatementLineInput!): BookStatementLinePayload
    applyResolution(input: ApplyResolutionInput!): ExceptionPayload
    resolveException(input: ResolveExceptionInput!): ExceptionPayload
    commentException(input: CommentExceptionInput!): ExceptionPayload
    assignException(input: AssignExceptionInput!): ExceptionPayload
    declineRuleProposal(input: DeclineRuleProposalInput!): DeclineRuleProposalPayload
    retrySync(input: RetrySyncInput!): RetrySyncPayload
  }

  type DraftChanged {
    cursor: Cursor!
    change: String!
    draft: Draft
  }
  type ApprovalRequestChanged {
    cursor: Cursor!
    change: String!
    approvalRequest: ApprovalRequest
  }
  type MatchChanged {
    cursor: Cursor!
    change: String!
    match: Match
  }
  type ExceptionChanged {
    cursor: Cursor!
    change: String!
    exception: Exception
  }
  type JournalEntryChanged {
    cursor: Cursor!
    change: String!
    journalEntry: JournalEntry
  }
  type SyncRunChanged {
    cursor: Cursor!
    change: String!
    syncRun: SyncRun
  }
  type MatchingChanged {
    cursor: Cursor!
    change: String!
    matching: MatchingRun
  }
  type Subscription {
    matchingChanged(after: Cursor, bookId: ID): MatchingChanged!
    draftChanged(after: Cursor, bookId: ID): DraftChanged!
    approvalRequestChanged(after: Cursor, bookId: ID): ApprovalRequestChanged!
    matchChanged(after: Cursor, bookId: ID): MatchChanged!
    exceptionChanged(after: Cursor, bookId: ID): ExceptionChanged!
    journalEntryChanged(after: Cursor, bookId: ID): JournalEntryChanged!
    syncRunChanged(after: Cursor, bookId: ID): SyncRunChanged!
  }
`;
