/** The types about exceptions, as the simulated gateway serves them. */
export const simulatedExceptionTypes = /* GraphQL */ `
  type Exception {
    id: ID!
    status: String!
    reason: String!
    severity: String!
    detail: String!
    proposedResolution: String
    dueAt: DateTime!
    followUpOn: Date
    escalatedAt: DateTime
    sameAs: Int!
    knowledgeNote: String
    owner: Member
    comments: [ExceptionComment!]!
    proposals: [ResolutionProposal!]!
    line: StatementLine
  }
  type ExceptionComment {
    id: ID!
    kind: String!
    text: String!
    authorName: String!
    writtenAt: DateTime!
  }
  type ResolutionProposal {
    id: ID!
    kind: String!
    label: String!
    accountCode: String
    memo: String
    message: String
    followUpOn: Date
    items: [MatchedItem!]!
    vendor: Vendor
    rule: BookingRuleProposal
  }
  type BookingRuleProposal {
    id: ID!
    takes: String!
    total: Int!
    accountCode: String!
    memo: String
    upTo: Money!
    backTest: BookingRuleBackTest!
    lines: [StatementLine!]!
  }
  type BookingRuleBackTest {
    right: Int!
    wrong: Int!
    none: Int!
  }
  type Viewer {
    member: Member
  }
`;
